"""Reports, the participants they name, their intervals, and the settlement."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.enrolments.models import Enrolment


class PresenceReport(Base):
    """A platform's report on a webinar, kept as it came."""

    __tablename__ = "presence_reports"
    __table_args__ = (UniqueConstraint("activity_id", "file_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    provider: Mapped[str]
    file_name: Mapped[str]
    file_digest: Mapped[str]
    zone: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    activity: Mapped[Activity] = relationship()
    by: Mapped[Person] = relationship()
    participants: Mapped[list[Participant]] = relationship(
        back_populates="report", order_by="Participant.id"
    )

    def __str__(self) -> str:
        return self.file_name


class Participant(Base):
    """One identity in a report: matched to an enrolment, set aside, or still to decide."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("report_id", "key"),
        Index("ix_participants_activity", "activity_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("presence_reports.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    key: Mapped[str]
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    how: Mapped[str]
    """How it was matched, or why it was not: the kind of a Match, "by hand" or "set aside"."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]

    report: Mapped[PresenceReport] = relationship(back_populates="participants")
    enrolment: Mapped[Enrolment | None] = relationship(foreign_keys=enrolment_id)
    suggestion: Mapped[Enrolment | None] = relationship(foreign_keys=suggestion_id)
    decided_by: Mapped[Person | None] = relationship()
    intervals: Mapped[list[Presence]] = relationship(order_by="Presence.joined_at")

    @classmethod
    def of(cls, activity: Activity) -> Select[Participant]:
        return (
            select(cls).where(cls.activity_id == activity.id).options(selectinload(cls.intervals))
        )

    @property
    def is_set_aside(self) -> bool:
        return self.enrolment_id is None and self.decided_at is not None

    @property
    def is_open(self) -> bool:
        """Nobody has yet said who this is."""
        return self.enrolment_id is None and self.decided_at is None

    def __str__(self) -> str:
        return self.name


class Presence(Base):
    """An interval in which a participant was connected, in UTC."""

    __tablename__ = "presences"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime]


class Settlement(Base):
    """The act by which an administrator confirmed who was present at a webinar."""

    __tablename__ = "settlements"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    threshold: Mapped[int]
    present: Mapped[int]
    absent: Mapped[int]
    activity: Mapped[Activity] = relationship()
    by: Mapped[Person] = relationship()
