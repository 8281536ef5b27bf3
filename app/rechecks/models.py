"""Rounds of rechecking, what they found, and the alarm when they stop."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, object_session, relationship

from app.accounts.models import Person
from app.db import Base
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _

_OPEN = text("settled_at IS NULL")


class Round(Base):
    """One pass over everything issued."""

    __tablename__ = "recheck_rounds"
    id: Mapped[int] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    part: Mapped[str] = mapped_column(default="")
    """What it looks at now; nothing when it has ended."""
    reached: Mapped[int] = mapped_column(default=-1)
    """The key of the last thing of that part that it has read."""
    moved_at: Mapped[datetime]
    """When it last came further."""
    next_at: Mapped[datetime]
    """From when on another worker may take it over."""
    checked: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_by: Mapped[Person | None] = relationship()

    @classmethod
    def newest_first(cls) -> Select[Round]:
        return select(cls).options(joinedload(cls.asked_by)).order_by(cls.id.desc())

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M}"


class Finding(Base):
    """Something that is not what the register says."""

    __tablename__ = "recheck_findings"
    __table_args__ = (
        UniqueConstraint("part", "subject", "reason"),
        Index("ix_recheck_findings_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("recheck_rounds.id"))
    part: Mapped[str]
    subject: Mapped[str]
    """The serial, digest or number under which it is found."""
    reason: Mapped[str]
    found_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the administrators of the platform were written to."""
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_reason: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[Person | None] = relationship()

    @classmethod
    def open_ones(cls) -> Select[Finding]:
        return select(cls).where(cls.settled_at.is_(None)).order_by(cls.id)

    def settle(self, *, by: Person, at: datetime, reason: str) -> None:
        """Say what became of it. Seen again afterwards, it is open again."""
        session = object_session(self)
        assert session is not None
        if self.settled_at is not None:
            raise Refusal(_("This finding is settled already."))
        self.settled_at, self.settled_by, self.settled_reason = at, by, reason
        record(session, "finding.settled", by=by, at=at, on=self, reason=reason)

    def __str__(self) -> str:
        return f"{self.part} {self.subject}: {self.reason}"


class Alarm(Base):
    """The administrators were told that rechecking has stopped; at most once a day."""

    __tablename__ = "recheck_alarms"
    on: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    reason: Mapped[str]
