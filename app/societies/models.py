"""Societies and mandates."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Select, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, object_session, relationship
from sqlalchemy.orm import Session as DbSession

from app.accounts.models import Person
from app.db import Base
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

    @classmethod
    def by_name(cls) -> Select[Society]:
        return select(cls).order_by(cls.short)

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
            .where(
                cls.from_on <= on,
                or_(cls.until_on.is_(None), cls.until_on >= on),
                cls.ended_at.is_(None),
            )
            .options(joinedload(cls.society), joinedload(cls.person, innerjoin=True))
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
        same = cls.in_force(on=from_on).where(
            cls.person_id == person.id,
            cls.office == office,
            cls.society_id.is_(None) if society is None else cls.society_id == society.id,
        )
        if session.scalars(same).first():
            raise Refusal(_("%(name)s holds this office already.", name=person.name))
        mandate = cls(
            person=person, society=society, office=office, from_on=from_on, until_on=until_on
        )
        session.add(mandate)
        record(session, "mandate.given", by=by, at=at, on=mandate, society_id=society and society.id,
               person=person.id, office=str(office), until=until_on and until_on.isoformat())  # fmt: skip
        return mandate

    def end(self, *, by: Person, at: datetime, reason: str) -> None:
        """End the office now; what was done under it stands."""
        if self.ended_at is None:
            session = object_session(self)
            assert session is not None
            self.ended_at, self.ended_reason = at, reason
            record(
                session,
                "mandate.ended",
                by=by,
                at=at,
                on=self,
                society_id=self.society_id,
                reason=reason,
            )

    def __str__(self) -> str:
        where = self.society.short if self.society else "Confer"
        return f"{self.person.name}, {self.office} of {where}"
