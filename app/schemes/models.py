"""Schemes, their editions and requirements, candidacies, and who vouches for an edition."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.societies.models import Society


class Nature(StrEnum):
    """What a scheme is (decision 3); it drives the wording everywhere."""

    PROGRAMME = "certificate programme"
    CERTIFICATION = "certification"


class Part(StrEnum):
    """A society's part in a scheme."""

    AWARDING = "awarding"
    ENDORSING = "endorsing"
    RECOGNISING = "recognising"


class RequirementKind(StrEnum):
    WEBINARS = "webinars"
    COURSE = "course"


class Scheme(Base):
    """A joint certificate or diploma of several societies."""

    __tablename__ = "schemes"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    nature: Mapped[Nature]
    body_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    """The certification body: it alone decides (ISO/IEC 17024, 4.2)."""

    body: Mapped[Society] = relationship()
    parts: Mapped[list[SchemePart]] = relationship(
        order_by="SchemePart.position", cascade="all, delete-orphan"
    )
    editions: Mapped[list[Edition]] = relationship(back_populates="scheme", order_by="Edition.id")

    @classmethod
    def whole(cls) -> Select[Scheme]:
        return select(cls).options(
            selectinload(cls.parts).joinedload(SchemePart.society, innerjoin=True),
            selectinload(cls.editions)
            .selectinload(Edition.requirements)
            .joinedload(Requirement.course),
            joinedload(cls.body, innerjoin=True),
        )

    def societies(self, part: Part) -> list[Society]:
        return [p.society for p in self.parts if p.part == part]

    @property
    def concerned(self) -> list[Society]:
        """Every society that has a part in it, the certification body first."""
        return list(dict.fromkeys([self.body, *(part.society for part in self.parts)]))

    @property
    def deciding(self) -> list[Society]:
        """Those who decide on awards under it, the certification body first."""
        return list(dict.fromkeys([self.body, *self.awarding]))

    @property
    def awarding(self) -> list[Society]:
        return self.societies(Part.AWARDING)

    def edition_on(self, on: date) -> Edition | None:
        """The edition that counts on a day: the newest open one, else the next, else the last."""
        by_opening = sorted(self.editions, key=lambda e: (e.opens_on, e.id))
        if opened := [e for e in by_opening if e.is_open(on)]:
            return opened[-1]
        coming = [e for e in by_opening if e.opens_on > on]
        return coming[0] if coming else (by_opening[-1] if by_opening else None)

    def __str__(self) -> str:
        return self.title


class SchemePart(Base):
    """Which part a society takes in a scheme, in agreed order."""

    __tablename__ = "scheme_parts"
    scheme_id: Mapped[int] = mapped_column(ForeignKey("schemes.id"), primary_key=True)
    society_id: Mapped[int] = mapped_column(
        ForeignKey("societies.id"), primary_key=True, index=True
    )
    part: Mapped[Part]
    position: Mapped[int]
    society: Mapped[Society] = relationship()


class Edition(Base):
    """A scheme's rules as published under a name such as "2026"."""

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("scheme_id", "name"),
        CheckConstraint(
            "validity_years IS NULL OR validity_years > 0", name="validity_is_positive"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("schemes.id"))
    name: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]
    validity_years: Mapped[int | None]
    renewal_credits: Mapped[int | None]
    renewal_years: Mapped[int | None]
    annex: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What the supplement says of level, workload and outcomes, as `app.schemes.annex` reads it."""

    scheme: Mapped[Scheme] = relationship(back_populates="editions")
    requirements: Mapped[list[Requirement]] = relationship(
        order_by="Requirement.position", back_populates="edition"
    )

    def is_open(self, on: date) -> bool:
        return self.opens_on <= on and (self.closes_on is None or on <= self.closes_on)

    def valid_until(self, issued_on: date) -> date | None:
        """The last day of a diploma's validity, or nothing when it does not expire."""
        if self.validity_years is None:
            return None
        return _years_after(issued_on, self.validity_years)

    def __str__(self) -> str:
        return f"{self.scheme.title}, edition {self.name}"


class Requirement(Base):
    """One thing a candidate must have done: so many joint webinars, or a course."""

    __tablename__ = "requirements"
    __table_args__ = (
        CheckConstraint("(kind = 'course') = (course_id IS NOT NULL)", name="course_is_named"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    position: Mapped[int]
    kind: Mapped[RequirementKind]
    count: Mapped[int] = mapped_column(default=1)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    edition: Mapped[Edition] = relationship(back_populates="requirements")
    course: Mapped[Activity | None] = relationship()


class Candidacy(Base):
    """A person's application under an edition; they are pinned to its rules."""

    __tablename__ = "candidacies"
    __table_args__ = (UniqueConstraint("edition_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    applied_at: Mapped[datetime]
    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship()

    @classmethod
    def of(cls, person: Person) -> Select[Candidacy]:
        return select(cls).where(cls.person_id == person.id).order_by(cls.id)

    @classmethod
    def under(cls, edition: Edition) -> Select[Candidacy]:
        return (
            select(cls)
            .where(cls.edition_id == edition.id)
            .options(joinedload(cls.person, innerjoin=True))
            .order_by(cls.applied_at, cls.id)
        )

    def __str__(self) -> str:
        return f"{self.person.name}: {self.edition}"


class Endorsement(Base):
    """A society that awards nothing itself vouches for an edition, in a credential of its own."""

    __tablename__ = "endorsements"
    __table_args__ = (
        Index(
            "uq_endorsements_standing", "edition_id", "society_id", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    comment: Mapped[str]
    document: Mapped[str] = mapped_column(Text)
    """The endorsement credential with the society's proof, as it is served."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    edition: Mapped[Edition] = relationship()
    society: Mapped[Society] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=by_id)

    @classmethod
    def standing(cls, edition: Edition) -> Select[Endorsement]:
        """What stands for an edition, the oldest first."""
        found = select(cls).where(cls.edition_id == edition.id, cls.withdrawn_at.is_(None))
        return found.order_by(cls.id)

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None

    def __str__(self) -> str:
        return f"{self.edition}, endorsed by {self.society}"


def _years_after(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes the 28th in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
