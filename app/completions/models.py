"""The completion of an activity."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.enrolments.models import Enrolment


class Completion(Base):
    """A person has done an activity; at most once for each enrolment."""

    __tablename__ = "completions"
    __table_args__ = (Index("ix_completions_person", "person_id", "activity_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    at: Mapped[datetime]
    seconds: Mapped[int | None]
    of_seconds: Mapped[int | None]
    threshold: Mapped[int | None]
    score: Mapped[int | None]
    """Per cent of the test's questions, rounded down."""
    pass_mark: Mapped[int | None]

    enrolment: Mapped[Enrolment] = relationship()
    person: Mapped[Person] = relationship()
    activity: Mapped[Activity] = relationship()

    @classmethod
    def of(cls, person: Person) -> Select[Completion]:
        return select(cls).where(cls.person_id == person.id).order_by(cls.at)

    def __str__(self) -> str:
        return f"{self.person.name}: {self.activity.title}"
