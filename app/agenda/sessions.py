"""The sessions of a webinar: an evening of one hour, or several evenings of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

Window = tuple[datetime, datetime]
"""From when until when a session lasts."""


class WebinarSession(Base):
    """A stretch of time in which a webinar meets. What was planned is the wall-clock time."""

    __tablename__ = "webinar_sessions"
    __table_args__ = (UniqueConstraint("activity_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    position: Mapped[int]
    """From 1, in the order of time."""
    starts_local: Mapped[str]
    """The wall-clock time as planned, YYYY-MM-DDTHH:MM, in `zone`."""
    zone: Mapped[str]
    minutes: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]

    @property
    def window(self) -> Window:
        return self.starts_at, self.ends_at

    def has_started(self, at: datetime) -> bool:
        return self.starts_at <= at

    def has_ended(self, at: datetime) -> bool:
        return self.ends_at <= at


def minutes_of(sessions: Sequence[WebinarSession]) -> int:
    """How long they last together, without what lies between them."""
    return sum(session.minutes for session in sessions)
