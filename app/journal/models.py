"""Entries of the journal and the links that chain them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.db import Base


@dataclass(frozen=True)
class Origin:
    """Where an act came from: a network address and a route, or a command."""

    address: str
    route: str


class Actor(Protocol):
    """Whoever acts: a person."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


class Society(Protocol):
    """Whatever society an act concerns."""

    @property
    def id(self) -> int: ...


class Entry(Base):
    """One act: who, what, on what, when, from where."""

    __tablename__ = "journal_entries"
    __table_args__ = (Index("ix_journal_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    actor_name: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None]
    subject_name: Mapped[str]
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"), index=True)
    details: Mapped[dict[str, Any]]
    origin: Mapped[str]
    route: Mapped[str]

    link: Mapped[Link | None] = relationship(back_populates="entry")
    concerns: Mapped[list[Concern]] = relationship(order_by="Concern.society_id")

    @classmethod
    def of_societies(cls, ids: Sequence[int]) -> Select[Entry]:
        """What these societies did or suffered, alone or with others."""
        named = select(Concern.entry_id).where(Concern.society_id.in_(ids))
        on_it = and_(cls.subject_kind == "Society", cls.subject_id.in_(ids))
        return select(cls).where(or_(cls.id.in_(named), on_it))


class Concern(Base):
    """A society that an entry concerns: its auditors read it."""

    __tablename__ = "journal_societies"
    __table_args__ = (Index("ix_journal_societies_society", "society_id", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entries.id"), primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), primary_key=True)


class Link(Base):
    """An entry's place in the chain: its digest covers the entry and the link before it."""

    __tablename__ = "journal_links"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entries.id"), unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))

    entry: Mapped[Entry] = relationship(back_populates="link")


def record(
    session: Session,
    act: str,
    *,
    by: Actor | None,
    at: datetime,
    on: Any,
    society_id: int | None = None,
    societies: Iterable[Society | int] = (),
    flush: bool = True,
    **details: Any,
) -> Entry:
    """Leave an entry of an act, in the act's own transaction.

    `act` is "noun.verb-in-the-past", such as "webinar.announced"; `on` is the mapped row it was
    done to; `details` must be plain JSON and hold no secret. `societies` are all that it concerns,
    the one that acts or leads first; `society_id` is for an act that concerns one alone. Who
    leaves many entries about rows that have their keys writes them all at once without `flush`.
    """
    if flush:  # they get their keys, and what breaks a rule is refused here
        session.flush()
    keys = (one if isinstance(one, int) else one.id for one in societies)
    concerned: list[int | None] = [*dict.fromkeys(keys)] or [society_id]
    origin = session.info.get("origin") or Origin(address="", route="command")
    entry = Entry(
        at=at,
        act=act,
        actor_id=by.id if by is not None else None,
        actor_name=by.name if by is not None else "Confer",
        subject_kind=type(on).__name__,
        subject_id=getattr(on, "id", None),
        subject_name=str(on)[:200],
        society_id=concerned[0],
        details=details,
        origin=origin.address,
        route=origin.route,
        concerns=[Concern(society_id=one) for one in concerned if one is not None],
    )
    session.add(entry)
    return entry
