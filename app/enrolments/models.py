"""Enrolments, places, and the acts that end or change them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.changes import Rescheduling
from app.agenda.models import Activity, Organiser
from app.db import Base

DOORS_OPEN = timedelta(minutes=15)
"""So long before the start, those who have a place see the link to join."""

_LIVE = text("ended_at IS NULL")


class Enrolment(Base):
    """A person's wish to take part in an activity."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "uq_enrolments_live",
            "activity_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
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
    def whole(cls, person: Person) -> Select[Enrolment]:
        """A person's enrolments with everything that their page shows, in few statements."""
        activity = joinedload(cls.activity, innerjoin=True)
        return cls.of(person).options(
            activity.selectinload(Activity.organisers).joinedload(Organiser.society),
            activity.joinedload(Activity.announcement), activity.selectinload(Activity.sessions),
            joinedload(cls.place), joinedload(cls.promotion), joinedload(cls.withdrawal),
        )  # fmt: skip

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

    @property
    def doors_open_at(self) -> datetime | None:
        starts_at = self.activity.starts_at if self.activity.is_webinar else None
        return starts_at and starts_at - DOORS_OPEN

    def may_join(self, at: datetime) -> bool:
        """Whether the link to join is shown: to who has a place, from shortly before the start."""
        opens = self.doors_open_at
        return bool(
            self.has_place
            and opens is not None
            and opens <= at
            and not self.activity.has_ended(at)
            and not self.activity.is_cancelled
            and self.activity.link
        )

    def __str__(self) -> str:
        return f"{self.person.name}: {self.activity.title}"


class Tally(Base):
    """How many hold a place, wait and have left, counted on by every act under the activity's lock.

    The rows decide about places; this only spares a page from counting ten thousand of them.
    """

    __tablename__ = "tallies"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)


class Place(Base):
    """A numbered place on an activity; a number is taken by one live enrolment at most."""

    __tablename__ = "places"
    __table_args__ = (
        Index(
            "uq_places_live",
            "activity_id",
            "number",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
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


class Answer(Base):
    """A rescheduling as it reached someone enrolled: told once, and what they made of it."""

    __tablename__ = "rescheduling_answers"
    rescheduling_id: Mapped[int] = mapped_column(ForeignKey("reschedulings.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolments.id"), primary_key=True, index=True
    )
    told_at: Mapped[datetime | None]
    keeps: Mapped[bool | None]
    """Whether they keep their place; nothing while they have not said."""
    at: Mapped[datetime | None]

    rescheduling: Mapped[Rescheduling] = relationship()


class Farewell(Base):
    """A cancellation as it reached someone enrolled: told once."""

    __tablename__ = "farewells"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    told_at: Mapped[datetime]
