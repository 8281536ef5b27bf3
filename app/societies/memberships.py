"""Who belongs to a society, as its own roster says. What people say of themselves is not enough."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.accounts.models import EmailAddress, Person
from app.db import Base
from app.journal.models import record
from app.societies.models import Society


@dataclass(frozen=True)
class Listed:
    """A member as a roster names them."""

    address: str
    name: str = ""
    number: str = ""
    until_on: date | None = None


class Membership(Base):
    """An address on the roster of a society. Whoever has confirmed the address is that member."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("society_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))
    address: Mapped[str] = mapped_column(index=True)
    """In small letters."""
    name: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day; nothing while it is open."""
    listed_at: Mapped[datetime]
    """When the society last said so."""

    @classmethod
    def in_force(cls, *, on: date) -> Select[Membership]:
        return select(cls).where(cls.from_on <= on, or_(cls.until_on.is_(None), cls.until_on >= on))


@dataclass(frozen=True)
class Loaded:
    """What a roster brought."""

    added: int
    changed: int
    left: int


def is_member(session: Session, person: Person, society_ids: Collection[int], *, on: date) -> bool:
    """Whether a society lists one of the person's confirmed addresses on a day."""
    mine = select(EmailAddress.address).where(
        EmailAddress.person_id == person.id, EmailAddress.confirmed_at.is_not(None)
    )
    found = Membership.in_force(on=on).where(
        Membership.society_id.in_(society_ids), Membership.address.in_(mine)
    )
    return session.scalars(found.limit(1)).first() is not None


def load(
    session: Session, society: Society, rows: Sequence[Listed], *, is_whole: bool, by: Person,
    at: datetime, on: date,
) -> Loaded:  # fmt: skip
    """Take over a roster; a whole one ends the membership of whoever is no longer on it."""
    known = {
        one.address: one
        for one in session.scalars(select(Membership).where(Membership.society_id == society.id))
    }
    added = changed = left = 0
    for row in rows:
        member = known.get(row.address)
        if member is None:
            member = Membership(society_id=society.id, address=row.address, from_on=on)
            session.add(member)
            known[row.address] = member
            added += 1
        elif (member.name, member.number, member.until_on) != (row.name, row.number, row.until_on):
            changed += 1
        member.name, member.number, member.until_on = row.name, row.number, row.until_on
        member.listed_at = at
    if is_whole:
        ends = date.fromordinal(on.toordinal() - 1)
        named = {row.address for row in rows}
        for member in known.values():
            if member.address not in named and (member.until_on is None or member.until_on >= on):
                member.until_on = ends
                left += 1
    record(session, "roster.loaded", by=by, at=at, on=society, society_id=society.id,
           rows=len(rows), added=added, changed=changed, left=left, whole=is_whole)  # fmt: skip
    return Loaded(added, changed, left)


def count(session: Session, society: Society, *, on: date) -> tuple[int, int]:
    """How many members a society lists today, and how many of them have an account here."""
    members = Membership.in_force(on=on).where(Membership.society_id == society.id).subquery()
    listed = session.scalar(select(func.count()).select_from(members)) or 0
    known = session.scalar(
        select(func.count())
        .select_from(members)
        .join(EmailAddress, EmailAddress.address == members.c.address)
        .where(EmailAddress.confirmed_at.is_not(None))
    )
    return listed, known or 0
