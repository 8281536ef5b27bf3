"""What a society has said once and need not say again: columns of tables, and who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.attendance.local_times import Order
from app.attendance.mapping import LINES, MEANINGS, ColumnPlan, Found, Meaning
from app.attendance.report import N_, PROVIDERS, Provider, identity_of
from app.db import Base
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _

ORDERS = {
    Order.DAY_FIRST: N_("day first"),
    Order.MONTH_FIRST: N_("month first"),
    Order.YEAR_FIRST: N_("year first"),
}
_LIVE = text("ended_at IS NULL")


class ColumnMapping(Base):
    """What the columns of one kind of table are, as a society said."""

    __tablename__ = "column_mappings"
    __table_args__ = (
        Index(
            "uq_column_mappings_live",
            "society_id",
            "signature",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    signature: Mapped[str]
    headings: Mapped[list[Any]]
    plan: Mapped[dict[str, Any]]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was forgotten, or another took its place."""

    society: Mapped[Society] = relationship()
    by: Mapped[Person] = relationship()

    @classmethod
    def of(cls, society_ids: Iterable[int]) -> Select[ColumnMapping]:
        """What these societies said, and still say."""
        return (
            select(cls)
            .where(cls.society_id.in_(society_ids), cls.ended_at.is_(None))
            .options(joinedload(cls.society), joinedload(cls.by))
            .order_by(cls.id)
        )

    @classmethod
    def remember(
        cls, session: Session, society: Society, found: Found, plan: ColumnPlan, *,
        by: Person, at: datetime,
    ) -> ColumnMapping:  # fmt: skip
        """Say what the columns of a table are, for this file and every later one like it."""
        for earlier in session.scalars(
            cls.of([society.id]).where(cls.signature == found.signature)
        ).all():
            earlier.ended_at = at
        session.flush()
        mapping = cls(
            society=society, signature=found.signature, headings=[*found.heading.cells],
            plan=plan.kept(), by=by, at=at,
        )  # fmt: skip
        session.add(mapping)
        record(session, "columns.mapped", by=by, at=at, on=mapping, society_id=society.id,
               headings=mapping.headings, **plan.kept())  # fmt: skip
        return mapping

    def forget(self, session: Session, *, by: Person, at: datetime) -> None:
        """Ask again the next time. What was read by it stays as it is."""
        if self.ended_at is None:
            self.ended_at = at
            record(session, "columns.forgotten", by=by, at=at, on=self,
                   society_id=self.society_id, headings=self.headings)  # fmt: skip

    @property
    def column_plan(self) -> ColumnPlan:
        return ColumnPlan.from_kept(self.plan)

    @property
    def told(self) -> list[tuple[str, str]]:
        """(what, heading) of every column that has a meaning, and how the rest is written."""
        plan = self.column_plan
        places = sorted(plan.columns.items(), key=lambda one: one[1])
        units = (*plan.hours, *plan.minutes, *plan.seconds)
        return [
            *((_(MEANINGS[Meaning(one)]), self.headings[place]) for one, place in places),
            (_("One line is"), _(LINES[plan.lines])),
            *([(_("Dates"), _(ORDERS[plan.order]))] if plan.order else []),
            *([(_("Units"), ", ".join(units))] if units else []),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, self.headings))


def plans(session: Session, society_ids: Sequence[int]) -> dict[str, ColumnPlan]:
    """What these societies know of tables, by signature; what was said last counts."""
    found = session.execute(
        select(ColumnMapping.signature, ColumnMapping.plan)
        .where(ColumnMapping.society_id.in_(society_ids), ColumnMapping.ended_at.is_(None))
        .order_by(ColumnMapping.id)
    )
    return {signature: ColumnPlan.from_kept(plan) for signature, plan in found}


class Recognition(Base):
    """A society knows that an address, or a name on one platform, is that person."""

    __tablename__ = "recognitions"
    __table_args__ = (
        Index(
            "uq_recognitions_live",
            "society_id",
            "provider",
            "identity",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    provider: Mapped[str]
    """The platform where this is somebody's name; nothing for an address, which is everywhere."""
    identity: Mapped[str]
    shown: Mapped[str]
    """The name or the address as the report wrote it."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    society: Mapped[Society] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    by: Mapped[Person] = relationship(foreign_keys=by_id)

    @classmethod
    def of(cls, society_ids: Iterable[int]) -> Select[Recognition]:
        """Whom these societies know, and did not forget."""
        return (
            select(cls)
            .where(cls.society_id.in_(society_ids), cls.ended_at.is_(None))
            .order_by(cls.id)
        )

    @classmethod
    def shown_of(cls, society_ids: Iterable[int], most: int = 500) -> Select[Recognition]:
        """The latest of them, with all that their page shows."""
        return (
            cls.of(society_ids)
            .order_by(None)
            .order_by(cls.id.desc())
            .options(
                joinedload(cls.society), joinedload(cls.by),
                joinedload(cls.person).selectinload(Person.addresses),
            )
            .limit(most)
        )  # fmt: skip

    @classmethod
    def remember(
        cls, session: Session, society: Society, person: Person, *, name: str, address: str,
        provider: str, by: Person, at: datetime,
    ) -> Recognition:  # fmt: skip
        """Know this identity the next time as well; who was thought to have it is forgotten."""
        place, identity = identity_of(name, address, provider)
        known = session.scalars(
            cls.of([society.id]).where(cls.provider == place, cls.identity == identity)
        ).one_or_none()
        if known is not None and known.person_id == person.id:
            return known
        if known is not None:
            known.forget(session, by=by, at=at)
            session.flush()
        recognition = cls(society=society, provider=place, identity=identity,
                          shown=(address or name)[:300], person=person, by=by, at=at)  # fmt: skip
        session.add(recognition)
        record(session, "participant.recognised", by=by, at=at, on=recognition,
               society_id=society.id, person=person.id, provider=place)  # fmt: skip
        return recognition

    def forget(self, session: Session, *, by: Person, at: datetime) -> None:
        """Know it no longer. What was matched by it stays as it is."""
        if self.ended_at is None:
            self.ended_at = at
            record(session, "participant.recognition revoked", by=by, at=at, on=self,
                   society_id=self.society_id, person=self.person_id)  # fmt: skip

    @property
    def platform(self) -> str:
        """Where this is somebody's name, as people call it."""
        return _(PROVIDERS[Provider(self.provider)]) if self.provider else ""

    def __str__(self) -> str:
        return self.shown
