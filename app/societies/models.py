"""Societies and mandates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Select,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, object_session, relationship
from sqlalchemy.orm import Session as DbSession

from app.accounts.models import Person
from app.db import Base, hold
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


class Office(StrEnum):
    """What a mandate lets its holder do. The platform administrator belongs to no society."""

    COURSE_ADMINISTRATOR = "course administrator"
    EDUCATION_OFFICER = "education officer"
    PRESIDENT = "president"
    AUDITOR = "auditor"
    PLATFORM_ADMINISTRATOR = "platform administrator"


OFFICERS = (Office.EDUCATION_OFFICER, Office.PRESIDENT)
"""The offices that decide for a society: they design, turn its key, sign and withdraw."""


class Society(Base):
    """A scientific society, under its own name, short name and colour."""

    __tablename__ = "societies"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    short: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str]
    colour: Mapped[str]
    website: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    wants_to_consent: Mapped[bool] = mapped_column(default=False, server_default="0")
    """Whether what bears its name beside another's is announced only once it has agreed."""

    @classmethod
    def by_name(cls) -> Select[Society]:
        return select(cls).order_by(cls.short)

    @classmethod
    def codes(cls, session: DbSession, shorts: Iterable[str]) -> dict[str, str]:
        """The codes of societies that a document names by what they were called then."""
        found = session.execute(select(cls.short, cls.code).where(cls.short.in_([*shorts])))
        return {short: code for short, code in found}

    @classmethod
    def enter(
        cls, session: DbSession, *, code: str, short: str, name: str, country: str, colour: str,
        website: str = "", summary: str = "", by: Person | None, at: datetime,
    ) -> Society:  # fmt: skip
        """Enter a society under its names."""
        society = cls(code=code, short=short, name=name, country=country, colour=colour.lower(),
                      website=website, summary=summary)  # fmt: skip
        session.add(society)
        record(session, "society.entered", by=by, at=at, on=society, code=code, name=name)
        return society

    def change(
        self, *, short: str, name: str, country: str, colour: str, website: str, summary: str,
        by: Person, at: datetime,
    ) -> None:  # fmt: skip
        """Name or describe it anew. What was issued keeps the names it was issued with."""
        session = object_session(self)
        assert session is not None
        before = [self.short, self.name, self.colour]
        self.short, self.name, self.country = short, name, country
        self.colour, self.website, self.summary = colour.lower(), website, summary
        record(session, "society.changed", by=by, at=at, on=self, society_id=self.id,
               before=before, after=[short, name, self.colour])  # fmt: skip

    def __str__(self) -> str:
        return self.short

    def signatory(self, *, on: date) -> Mandate | None:
        """Who signs for the society on a day: its president, the longest in office first."""
        session = object_session(self)
        assert session is not None
        presidents = Mandate.in_force(on=on).where(
            Mandate.society_id == self.id, Mandate.office == Office.PRESIDENT
        )
        return session.scalars(presidents.order_by(Mandate.from_on, Mandate.id)).first()


class Mandate(Base):
    """A person's office in a society, from a day until a day (both included)."""

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint(
            "(office = 'platform administrator') = (society_id IS NULL)",
            name="office_has_its_society",
        ),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"), index=True)
    office: Mapped[Office]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()
    society: Mapped[Society | None] = relationship()

    @classmethod
    def in_force(cls, *, on: date) -> Select[Mandate]:
        """Mandates that hold on a day and have not been ended."""
        return (
            select(cls)
            .where(cls.holds(on=on))
            .options(joinedload(cls.society), joinedload(cls.person, innerjoin=True))
        )

    @classmethod
    def holds(cls, *, on: date | BindParameter[date]) -> ColumnElement[bool]:
        """SQL of `is_in_force`."""
        return and_(
            cls.from_on <= on,
            or_(cls.until_on.is_(None), cls.until_on >= on),
            cls.ended_at.is_(None),
        )

    @classmethod
    def of(cls, society: Society | None) -> Select[Mandate]:
        """All mandates of a society (or of the platform), those still open first."""
        return (
            select(cls)
            .where(cls.society_id.is_(None) if society is None else cls.society_id == society.id)
            .order_by(cls.ended_at.is_not(None), cls.from_on.desc(), cls.id.desc())
            .options(joinedload(cls.person, innerjoin=True))
        )

    @classmethod
    def in_force_for(cls, person: Person, *, on: date) -> Select[Mandate]:
        return cls.in_force(on=on).where(cls.person_id == person.id).order_by(cls.id)

    @classmethod
    def give(
        cls,
        session: DbSession,
        person: Person,
        office: Office,
        *,
        society: Society | None,
        from_on: date,
        until_on: date | None,
        by: Person | None,
        at: datetime,
    ) -> Mandate:
        """Give a person an office; an equal mandate that overlaps is refused."""
        if (office is Office.PLATFORM_ADMINISTRATOR) != (society is None):
            raise Refusal(_("Only platform administrators hold an office without a society."))
        if until_on is not None and until_on < from_on:
            raise Refusal(_("A mandate ends after it begins."))
        hold(session, select(Person.id).where(Person.id == person.id))
        same = select(cls.id).where(
            cls.person_id == person.id,
            cls.office == office,
            cls.society_id.is_(None) if society is None else cls.society_id == society.id,
            cls.ended_at.is_(None),
            or_(cls.until_on.is_(None), cls.until_on >= from_on),
        )
        if until_on is not None:
            same = same.where(cls.from_on <= until_on)
        if session.scalars(same).first():
            raise Refusal(_("%(name)s holds this office already.", name=person.name))
        mandate = cls(
            person=person, society=society, office=office, from_on=from_on, until_on=until_on
        )
        session.add(mandate)
        record(session, "mandate.given", by=by, at=at, on=mandate,
               society_id=society.id if society else None, person=person.id, office=str(office),
               from_on=from_on.isoformat(), until=until_on and until_on.isoformat())  # fmt: skip
        return mandate

    def is_in_force(self, *, on: date) -> bool:
        is_open = self.until_on is None or on <= self.until_on
        return self.from_on <= on and is_open and self.ended_at is None

    def end(self, *, by: Person, at: datetime, reason: str) -> None:
        """End the office now; what was done under it stands."""
        session = object_session(self)
        assert session is not None
        if self.ended_at is not None:
            return
        if self.office is Office.PLATFORM_ADMINISTRATOR:
            administrators = (
                select(Mandate.id)
                .where(Mandate.office == self.office, Mandate.holds(on=at.date()))
                .order_by(Mandate.id)
            )
            hold(session, administrators)
            if not {*session.scalars(administrators)} - {self.id}:
                raise Refusal(_("Confer keeps at least one administrator. Name another first."))
        self.ended_at, self.ended_reason = at, reason
        record(session, "mandate.ended", by=by, at=at, on=self, society_id=self.society_id,
               person=self.person_id, office=str(self.office), reason=reason)  # fmt: skip

    def __str__(self) -> str:
        where = self.society.short if self.society else "Confer"
        return f"{self.person.name}, {self.office} of {where}"
