"""Enrolments, places, and the acts that end or change them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base

_LIVE = {"sqlite_where": text("ended_at IS NULL"), "postgresql_where": text("ended_at IS NULL")}


class Enrolment(Base):
    """A person's wish to take part in an activity."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index("uq_enrolments_live", "activity_id", "person_id", unique=True, **_LIVE),
        Index("ix_enrolments_activity", "activity_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Set by the withdrawal; what the unique index looks at."""

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()
    place: Mapped[Place | None] = relationship(back_populates="enrolment")
    promotion: Mapped[Promotion | None] = relationship(back_populates="enrolment")
    withdrawal: Mapped[Withdrawal | None] = relationship(back_populates="enrolment")

    @classmethod
    def of(cls, person: Person) -> Select[Enrolment]:
        return select(cls).where(cls.person_id == person.id)

    @classmethod
    def live(cls, person: Person, activity: Activity) -> Select[Enrolment]:
        return (
            cls.of(person)
            .where(cls.activity_id == activity.id, cls.ended_at.is_(None))
            .options(joinedload(cls.place), joinedload(cls.promotion))
        )

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def has_place(self) -> bool:
        return self.is_active and self.place is not None

    @property
    def waits(self) -> bool:
        return self.is_active and self.place is None

    def __str__(self) -> str:
        return f"{self.person.name}: {self.activity.title}"


class Place(Base):
    """A numbered place on an activity; a number is taken by one live enrolment at most."""

    __tablename__ = "places"
    __table_args__ = (
        Index("uq_places_live", "activity_id", "number", unique=True, **_LIVE),
        CheckConstraint("number > 0", name="number_from_one"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    number: Mapped[int]
    taken_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    enrolment: Mapped[Enrolment] = relationship(back_populates="place")


class Promotion(Base):
    """The act that gave someone who waited a place."""

    __tablename__ = "promotions"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    at: Mapped[datetime]
    enrolment: Mapped[Enrolment] = relationship(back_populates="promotion")


class Withdrawal(Base):
    """The act by which a person gave up their enrolment."""

    __tablename__ = "withdrawals"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    enrolment: Mapped[Enrolment] = relationship(back_populates="withdrawal")
    by: Mapped[Person] = relationship()
