"""What happens to a plan besides its words: consent before, moving and cancelling after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.sessions import Window
from app.db import Base
from app.societies.models import Society


class Consent(Base):
    """A society's yes to one plan under its name; a change of the plan makes it void."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_activity", "activity_id", "society_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    void_at: Mapped[datetime | None]

    society: Mapped[Society] = relationship()
    by: Mapped[Person] = relationship()


class Rescheduling(Base):
    """The act that moved an announced webinar. Without a person, a zone's rules have changed."""

    __tablename__ = "reschedulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    before: Mapped[list[Any]]
    """The sessions as they were: [wall-clock time, zone, start, end] each, the moments in UTC."""
    after: Mapped[list[Any]]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)
    """When everyone enrolled had been told."""

    by: Mapped[Person | None] = relationship()

    @property
    def windows_before(self) -> list[Window]:
        return _windows(self.before)

    @property
    def windows_after(self) -> list[Window]:
        return _windows(self.after)

    @property
    def moves(self) -> list[tuple[Window, Window]]:
        """The sessions that lie elsewhere now: where they were, and where they are."""
        pairs = zip(self.windows_before, self.windows_after, strict=False)
        return [(before, after) for before, after in pairs if before != after]


class Cancellation(Base):
    """The act that called an announced activity off."""

    __tablename__ = "cancellations"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), unique=True)
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)
    """When everyone enrolled had been told."""

    by: Mapped[Person] = relationship()


def _windows(written: list[Any]) -> list[Window]:
    return [
        (datetime.fromisoformat(starts), datetime.fromisoformat(ends))
        for _local, _zone, starts, ends in written
    ]
