"""Letters to a group of those enrolled, and the copies of each."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, Text, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.enrolments.models import Enrolment

A_DAY = timedelta(days=1)
MOST_A_DAY = 3
"""So many letters a webinar's people get from its organisers within a day."""


class Group(StrEnum):
    """To whom a letter goes."""

    PLACE = "place"
    WAITING = "waiting"
    PRESENT = "present"
    ABSENT = "absent"

    @property
    def needs_settlement(self) -> bool:
        return self in {Group.PRESENT, Group.ABSENT}


class Letter(Base):
    """A letter to a group: a draft until it is sent, and what was sent ever after."""

    __tablename__ = "letters"
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    to_whom: Mapped[Group]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    """Markdown with openings (see `filling`)."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drafted_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]

    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reply_to: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    """Of subject and body as they were sent."""
    count: Mapped[int] = mapped_column(default=0)
    """To how many."""
    finished_at: Mapped[datetime | None]
    """When the last copy stood in the outbox."""

    activity: Mapped[Activity] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=by_id)
    sent_by: Mapped[Person | None] = relationship(foreign_keys=sent_by_id)

    @classmethod
    def of(cls, activity: Activity) -> Select[Letter]:
        """The letters of a webinar that were not dropped, the newest first."""
        return (
            select(cls)
            .where(cls.activity_id == activity.id, cls.dropped_at.is_(None))
            .order_by(cls.id.desc())
            .options(joinedload(cls.by), joinedload(cls.sent_by))
        )

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def digest_now(self) -> str:
        return hashlib.sha256(f"{self.subject}\n\n{self.body}".encode()).hexdigest()

    def __str__(self) -> str:
        return self.subject


_WAITS = text("message_id IS NULL")


class Copy(Base):
    """The copy of a letter for one of those to whom it was sent; one each."""

    __tablename__ = "letter_copies"
    __table_args__ = (
        Index("ix_letter_copies_waiting", "letter_id", "enrolment_id",
              sqlite_where=_WAITS, postgresql_where=_WAITS),
    )  # fmt: skip
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), unique=True)
    """The message in the outbox; nothing while it is still to be written."""

    enrolment: Mapped[Enrolment] = relationship()
