"""Contests and the rulings on them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.enrolments.models import Enrolment

WINDOW = timedelta(days=14)
"""From the settlement on, so long presence may be contested."""


class Cause(StrEnum):
    """Why a report may show less than somebody was there."""

    RECONNECTED = "reconnected"
    TELEPHONE = "by telephone"
    TOGETHER = "together in one room"
    OTHER = "something else"


class Contest(Base):
    """A person's word against the measured presence, with what proves it."""

    __tablename__ = "contests"
    __table_args__ = (
        Index(
            "ix_contests_open",
            "activity_id",
            "id",
            sqlite_where=text("ruled_at IS NULL"),
            postgresql_where=text("ruled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    at: Mapped[datetime]
    cause: Mapped[Cause]
    account: Mapped[str]
    """What happened, in the person's own words."""
    evidence_digest: Mapped[str | None]
    evidence_name: Mapped[str] = mapped_column(default="")
    evidence_type: Mapped[str] = mapped_column(default="")
    measured: Mapped[int]
    """Seconds that had been measured when it was made."""
    of_seconds: Mapped[int]
    ruled_at: Mapped[datetime | None]
    """Set by the ruling; what the index of open contests looks at."""

    enrolment: Mapped[Enrolment] = relationship()
    activity: Mapped[Activity] = relationship()
    ruling: Mapped[Ruling | None] = relationship(back_populates="contest")

    @classmethod
    def whole(cls) -> Select[Contest]:
        """Contests with what their pages show of them."""
        return select(cls).options(
            joinedload(cls.enrolment, innerjoin=True).joinedload(Enrolment.person, innerjoin=True),
            joinedload(cls.activity, innerjoin=True).selectinload(Activity.organisers),
            joinedload(cls.ruling).joinedload(Ruling.by),
        )

    @property
    def person(self) -> Person:
        return self.enrolment.person

    def __str__(self) -> str:
        return f"{self.enrolment.person.name}: {self.activity.title}"


class Ruling(Base):
    """What an administrator decided on a contest, and why. It stands."""

    __tablename__ = "rulings"
    __table_args__ = (
        CheckConstraint(
            "(joined_at IS NULL) = (left_at IS NULL)", name="grants_a_whole_stretch_or_none"
        ),
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    seconds: Mapped[int]
    """What counts now, measured and granted together."""
    completes: Mapped[bool]
    """Whether that was enough, so that a certificate followed."""

    contest: Mapped[Contest] = relationship(back_populates="ruling")
    by: Mapped[Person] = relationship()

    @property
    def grants(self) -> bool:
        return self.joined_at is not None
