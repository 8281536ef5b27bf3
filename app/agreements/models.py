"""Agreements, their parties and scopes, and how they end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Select, UniqueConstraint, or_, select
from sqlalchemy.orm import (
    Mapped,
    Session,
    mapped_column,
    object_session,
    relationship,
    selectinload,
)

from app.accounts.models import Person
from app.agreements.ties import tied
from app.db import Base
from app.journal.models import record
from app.societies.models import Society


class Scope(StrEnum):
    """What an agreement covers."""

    WEBINARS = "webinars"
    COURSES = "courses"
    CERTIFICATION = "certification"
    PUBLICATIONS = "publications"
    RESEARCH = "research"
    EXCHANGE = "exchange"


class Agreement(Base):
    """A memorandum of understanding between societies."""

    __tablename__ = "agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    announced_on: Mapped[date]
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    parties: Mapped[list[Party]] = relationship(
        back_populates="agreement", order_by="Party.position"
    )
    scopes: Mapped[list[AgreementScope]] = relationship(order_by="AgreementScope.scope")
    termination: Mapped[Termination | None] = relationship(back_populates="agreement")

    @classmethod
    def newest_first(cls) -> Select[Agreement]:
        return select(cls).order_by(cls.announced_on.desc()).options(
            selectinload(cls.parties).joinedload(Party.society), selectinload(cls.scopes),
            selectinload(cls.termination),
        )  # fmt: skip

    @classmethod
    def in_force(cls, *, on: date) -> Select[Agreement]:
        """Agreements in force on a day; a termination takes effect on its own day."""
        return (
            select(cls)
            .outerjoin(Termination)
            .where(
                cls.from_on <= on,
                or_(cls.until_on.is_(None), cls.until_on >= on),
                or_(Termination.on.is_(None), Termination.on > on),
            )
            .options(selectinload(cls.parties).joinedload(Party.society), selectinload(cls.scopes))
        )

    def is_in_force(self, on: date) -> bool:
        last = self.until_on
        ended = self.termination is not None and self.termination.on <= on
        return self.from_on <= on and (last is None or on <= last) and not ended

    @property
    def societies(self) -> list[Society]:
        return [party.society for party in self.parties]

    @property
    def covers(self) -> frozenset[Scope]:
        return frozenset(s.scope for s in self.scopes)

    def terminate(self, *, on: date, by: Person, at: datetime, reason: str) -> None:
        """End the agreement on a day. What was issued under it keeps its co-branding (decision 5)."""
        session = object_session(self)
        assert session is not None
        if self.termination is None:
            self.termination = Termination(on=on, by=by, at=at, reason=reason)
            record(
                session,
                "agreement.terminated",
                by=by,
                at=at,
                on=self,
                day=on.isoformat(),
                reason=reason,
            )

    def __str__(self) -> str:
        return self.title


class Party(Base):
    """A society that has signed an agreement."""

    __tablename__ = "agreement_parties"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), primary_key=True)
    position: Mapped[int]
    agreement: Mapped[Agreement] = relationship(back_populates="parties")
    society: Mapped[Society] = relationship()


class AgreementScope(Base):
    """One thing that an agreement covers."""

    __tablename__ = "agreement_scopes"
    __table_args__ = (UniqueConstraint("agreement_id", "scope"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    scope: Mapped[Scope]


class Termination(Base):
    """The end of an agreement before its time."""

    __tablename__ = "agreement_terminations"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    agreement: Mapped[Agreement] = relationship(back_populates="termination")
    by: Mapped[Person] = relationship()


def are_tied(session: Session, societies: Iterable[Society], scope: Scope, *, on: date) -> bool:
    """Whether agreements in force on the day connect these societies for this scope (decision 2)."""
    agreements = session.scalars(Agreement.in_force(on=on)).unique()
    edges = [{p.society_id for p in a.parties} for a in agreements if scope in a.covers]
    return tied([s.id for s in societies], edges)
