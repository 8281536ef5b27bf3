"""Which reminders somebody wants, and those that were written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.accounts.models import Person
from app.db import Base
from app.journal.models import record
from app.reminders.kinds import Kind


class Wish(Base):
    """Which reminders a person wants; who has said nothing wants them all."""

    __tablename__ = "reminder_wishes"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    week: Mapped[bool] = mapped_column(default=True)
    day: Mapped[bool] = mapped_column(default=True)
    hour: Mapped[bool] = mapped_column(default=True)
    afterwards: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()

    @classmethod
    def of(cls, session: Session, person: Person, *, at: datetime) -> Wish:
        """What a person has said, or what holds until they do."""
        every = cls(person_id=person.id, week=True, day=True, hour=True, afterwards=True, at=at)
        return session.get(cls, person.id) or every

    @property
    def wanted(self) -> set[Kind]:
        return {kind for kind in Kind if getattr(self, kind)}


class Reminder(Base):
    """A reminder that was written to somebody, once for each start."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("enrolment_id", "kind", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    kind: Mapped[Kind]
    starts_at: Mapped[datetime]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    at: Mapped[datetime]


def choose(session: Session, person: Person, wanted: set[Kind], *, at: datetime) -> Wish:
    """Say which reminders one wants from now on."""
    wish = session.get(Wish, person.id)
    if wish is None:
        wish = Wish(person_id=person.id, at=at)
        session.add(wish)
    elif wish.wanted == wanted:
        return wish
    wish.at = at
    for kind in Kind:
        setattr(wish, kind, kind in wanted)
    record(session, "reminders.chosen", by=person, at=at, on=person,
           wanted=sorted(map(str, wanted)))  # fmt: skip
    return wish
