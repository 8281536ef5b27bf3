"""Agreements, their parties and scopes, and how they end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Select, UniqueConstraint, or_, select
from sqlalchemy.orm import (
    Mapped,
    Session,
    mapped_column,
    object_session,
    relationship,
    selectinload,
)

from app.accounts.models import Person
from app.agreements.force import Term, is_in_force
from app.agreements.ties import groups, tied
from app.db import Base
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _


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
        return select(cls).order_by(cls.announced_on.desc(), cls.id.desc()).options(
            selectinload(cls.parties).joinedload(Party.society), selectinload(cls.scopes),
            selectinload(cls.termination),
        )  # fmt: skip

    @classmethod
    def in_force(cls, *, on: date) -> Select[Agreement]:
        """Agreements in force on a day; a termination takes effect on its own day."""
        return (
            select(cls)
            .outerjoin(Termination)
            .where(*_in_force(on))
            .options(selectinload(cls.parties).joinedload(Party.society), selectinload(cls.scopes))
        )

    @property
    def term(self) -> Term:
        return Term(self.from_on, self.until_on, self.termination.on if self.termination else None)

    def is_in_force(self, on: date) -> bool:
        return is_in_force(self.term, on=on)

    @property
    def societies(self) -> list[Society]:
        return [party.society for party in self.parties]

    @property
    def covers(self) -> frozenset[Scope]:
        return frozenset(s.scope for s in self.scopes)

    @classmethod
    def conclude(
        cls,
        session: Session,
        title: str,
        societies: Iterable[Society],
        scopes: Iterable[Scope],
        *,
        announced_on: date,
        from_on: date,
        until_on: date | None = None,
        summary: str = "",
        by: Person | None,
        at: datetime,
    ) -> Agreement:
        """Enter an agreement that societies have signed."""
        signed = list(dict.fromkeys(societies))
        if len(signed) < 2:
            raise Refusal(_("An agreement has at least two parties."))
        agreement = cls(title=title, summary=summary, announced_on=announced_on, from_on=from_on,
                        until_on=until_on)  # fmt: skip
        agreement.parties = [Party(society=s, position=n) for n, s in enumerate(signed, 1)]
        agreement.scopes = [AgreementScope(scope=s) for s in sorted(set(scopes))]
        agreement.termination = None
        session.add(agreement)
        record(session, "agreement.concluded", by=by, at=at, on=agreement, societies=signed,
               parties=[s.code for s in signed], scopes=[str(s.scope) for s in agreement.scopes],
               from_on=from_on.isoformat(), until_on=until_on and until_on.isoformat())  # fmt: skip
        return agreement

    def terminate(self, *, on: date, by: Person, at: datetime, reason: str) -> None:
        """End it on a day. What was issued under it keeps its co-branding (decision 5)."""
        session = object_session(self)
        assert session is not None
        if self.termination is not None:
            return
        if on < at.date():
            raise Refusal(_("An agreement ends today or later: what happened under it stands."))
        if self.until_on is not None and on > self.until_on:
            raise Refusal(_("This agreement ends before that day anyway."))
        self.termination = Termination(on=on, by=by, at=at, reason=reason)
        record(session, "agreement.terminated", by=by, at=at, on=self,
               societies=[p.society for p in self.parties], day=on.isoformat(),
               reason=reason)  # fmt: skip

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
    """Whether agreements in force on a day tie these societies for this scope (decision 2)."""
    return tied([s.id for s in societies], edges(session, scope, on=on))


def untied(
    session: Session, societies: Iterable[Society], scope: Scope, *, on: date
) -> list[list[Society]]:
    """The groups of these societies that no agreement in force joins; one group or none is well."""
    wanted = list(societies)
    found = groups([s.id for s in wanted], edges(session, scope, on=on))
    return [[s for s in wanted if s.id in group] for group in found] if len(found) > 1 else []


def edges(session: Session, scope: Scope, *, on: date) -> list[set[int]]:
    """The parties of each agreement in force on a day that covers this scope; one statement."""
    found = session.execute(
        select(Party.agreement_id, Party.society_id)
        .join(Agreement)
        .join(AgreementScope)
        .outerjoin(Termination)
        .where(AgreementScope.scope == scope, *_in_force(on))
    )
    parties: dict[int, set[int]] = defaultdict(set)
    for agreement_id, society_id in found:
        parties[agreement_id].add(society_id)
    return list(parties.values())


def _in_force(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Agreement.from_on <= on,
        or_(Agreement.until_on.is_(None), Agreement.until_on >= on),
        or_(Termination.on.is_(None), Termination.on > on),
    )
