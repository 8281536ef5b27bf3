"""Reading and extending the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.journal.chain import START, Break, Linked, Written, digest, first_break
from app.journal.models import Concern, Entry, Link

LATE = 100_000
"""How many entries may be written between the first word of an act and its commit."""
_COLUMNS = [getattr(Entry, f.name) for f in fields(Written) if f.name != "societies"]


def link_new(session: Session, limit: int = 1000) -> int:
    """Append links for entries that have none, oldest first; answer how many.

    Two workers may try at once: the position is the primary key, so one of them fails and tries
    again at its next round.
    """
    last = session.scalars(select(Link).order_by(Link.position.desc()).limit(1)).one_or_none()
    position, previous = (last.position, last.digest) if last else (0, START)
    since = last.entry_id - LATE if last else 0
    unlinked = (
        select(*_COLUMNS)
        .outerjoin(Link)
        .where(Link.entry_id.is_(None), Entry.id > since)
        .order_by(Entry.id)
        .limit(limit)
    )
    rows = session.execute(unlinked).all()
    societies = _societies(session, [row.id for row in rows])
    for row in rows:
        written = Written(*(*row, tuple(societies[row.id])))
        position, previous = position + 1, digest(previous, written)
        session.add(Link(position=position, entry_id=row.id, digest=previous))
    return len(rows)


def chain(session: Session) -> Iterator[Linked]:
    """The whole chain in order, without holding it in memory."""
    return _linked(session, _chain())


def linked(session: Session, first: int, last: int) -> Iterator[Linked]:
    """The links from one position to another, both included, as far as they are there."""
    return _linked(session, _chain().where(Link.position.between(first, last)))


def _chain() -> Select[Any]:
    return (
        select(Link.position, Link.entry_id, Link.digest, *_COLUMNS)
        .outerjoin(Entry, Entry.id == Link.entry_id)
        .order_by(Link.position)
        .execution_options(yield_per=1000)
    )


def _linked(session: Session, statement: Select[Any]) -> Iterator[Linked]:
    for rows in session.execute(statement).partitions():
        societies = _societies(session, [row.entry_id for row in rows])
        for position, entry_id, link_digest, *entry in rows:
            is_there = entry[0] is not None
            written = Written(*(*entry, tuple(societies[entry_id]))) if is_there else None
            yield Linked(position, entry_id, link_digest, written)


def _societies(session: Session, entries: Sequence[int]) -> Mapping[int, list[int]]:
    """The societies that each of these entries concerns, in the order of their keys."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    named = select(Concern.entry_id, Concern.society_id).where(Concern.entry_id.in_(entries))
    for entry_id, society_id in session.execute(named.order_by(Concern.society_id)):
        found[entry_id].append(society_id)
    return found


def verify(session: Session) -> tuple[int, int, Break | None]:
    """(links, entries not yet linked, the first break or None)."""
    links = session.scalar(select(func.count()).select_from(Link)) or 0
    waiting = session.scalar(
        select(func.count()).select_from(Entry).outerjoin(Link).where(Link.entry_id.is_(None))
    )
    return links, waiting or 0, first_break(chain(session))
