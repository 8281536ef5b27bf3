"""Reports, the participants they name, their intervals, and the settlement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.checks import AttendanceCheck, CheckAnswer
from app.attendance.presence import Interval
from app.attendance.remembered import ColumnMapping, Recognition
from app.db import Base
from app.enrolments.models import Enrolment

__all__ = [
    "AttendanceCheck", "CheckAnswer", "ColumnMapping", "Grant", "Participant", "Presence",
    "PresenceReport", "Recognition", "Settlement",
]  # fmt: skip

_LIVE = text("ended_at IS NULL")


class PresenceReport(Base):
    """A platform's report on a webinar, kept as it came, until it is taken out again."""

    __tablename__ = "presence_reports"
    __table_args__ = (
        Index(
            "uq_presence_reports_live",
            "activity_id",
            "file_digest",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    provider: Mapped[str]
    topic: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str]
    file_digest: Mapped[str]
    zone: Mapped[str]
    ignored: Mapped[list[Any]]
    """Lines of the file that could not count: rows of [line, reason]."""
    notes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """What this kind of report cannot tell: see `Note`."""
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was taken out, because it was the wrong one."""
    purged_at: Mapped[datetime | None]
    """When whom it names and the file were deleted; its digest stays."""

    activity: Mapped[Activity] = relationship()
    by: Mapped[Person] = relationship()

    @classmethod
    def of(cls, activity: Activity) -> Select[PresenceReport]:
        """The reports that count for an activity."""
        return (
            select(cls)
            .where(cls.activity_id == activity.id, cls.ended_at.is_(None))
            .order_by(cls.id)
        )

    def __str__(self) -> str:
        return self.file_name


class Participant(Base):
    """One identity in a report: matched to an enrolment, set aside, or still to decide."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("report_id", "key"),
        Index("ix_participants_activity", "activity_id", "id"),
        Index("ix_participants_key", "activity_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("presence_reports.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    key: Mapped[str]
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    how: Mapped[str]
    """What matching found: how this is somebody enrolled, or why it is not known who it is."""
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    likeness: Mapped[int | None]
    """How alike the names are of whoever is suggested and of this participant, in per cent."""
    external_id: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """By what our own link to join made this person known to the platform."""
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    """Why it was set aside by hand."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    """When a person decided; a host or panelist is set aside without one."""

    report: Mapped[PresenceReport] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship(foreign_keys=enrolment_id)
    suggestion: Mapped[Enrolment | None] = relationship(foreign_keys=suggestion_id)
    decided_by: Mapped[Person | None] = relationship()
    intervals: Mapped[list[Presence]] = relationship(order_by="Presence.joined_at")

    @classmethod
    def of(cls, activity: Activity) -> Select[Participant]:
        """Everybody in the reports that count for an activity."""
        return (
            select(cls)
            .join(PresenceReport, PresenceReport.id == cls.report_id)
            .where(cls.activity_id == activity.id, PresenceReport.ended_at.is_(None))
        )

    @property
    def is_set_aside(self) -> bool:
        return self.enrolment_id is None and self.decided_at is not None

    @property
    def is_open(self) -> bool:
        """Nobody has yet said who this is."""
        return self.enrolment_id is None and self.decided_at is None

    @property
    def is_by_hand(self) -> bool:
        return self.decided_by_id is not None

    def __str__(self) -> str:
        return self.name


class Presence(Base):
    """An interval in which a participant was connected, in UTC.

    With a total it is only the stretch in which so many seconds lie: the report tells no more.
    """

    __tablename__ = "presences"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime]
    total_seconds: Mapped[int | None]

    @property
    def interval(self) -> Interval:
        return Interval(self.joined_at, self.left_at)


class Grant(Base):
    """A stretch of a webinar in which somebody was there, as a ruling says and no report shows."""

    __tablename__ = "presence_grants"
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[Person] = relationship()

    @classmethod
    def of(cls, enrolment: Enrolment) -> Select[Grant]:
        return select(cls).where(cls.enrolment_id == enrolment.id).order_by(cls.joined_at)


class Stay(Base):
    """A time in which somebody enrolled was there: what is kept of the reports when they go.

    With a total, as in a report, it is only the stretch in which so many seconds lie.
    """

    __tablename__ = "stays"
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime]
    total_seconds: Mapped[int | None]


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
