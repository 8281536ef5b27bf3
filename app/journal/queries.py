"""Reading and extending the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.journal.chain import START, Break, Linked, Written, digest, first_break
from app.journal.models import Entry, Link

LATE = 100_000
"""How many entries may be written between the first word of an act and its commit."""
_COLUMNS = [getattr(Entry, f.name) for f in fields(Written)]


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
    for row in rows:
        position, previous = position + 1, digest(previous, Written(*row))
        session.add(Link(position=position, entry_id=row.id, digest=previous))
    return len(rows)


def chain(session: Session) -> Iterator[Linked]:
    """The whole chain in order, without holding it in memory."""
    statement = (
        select(Link.position, Link.entry_id, Link.digest, *_COLUMNS)
        .outerjoin(Entry, Entry.id == Link.entry_id)
        .order_by(Link.position)
        .execution_options(yield_per=1000)
    )
    for position, entry_id, link_digest, *entry in session.execute(statement):
        written = Written(*entry) if entry[0] is not None else None
        yield Linked(position, entry_id, link_digest, written)


def verify(session: Session) -> tuple[int, int, Break | None]:
    """(links, entries not yet linked, the first break or None)."""
    links = session.scalar(select(func.count()).select_from(Link)) or 0
    waiting = session.scalar(
        select(func.count()).select_from(Entry).outerjoin(Link).where(Link.entry_id.is_(None))
    )
    return links, waiting or 0, first_break(chain(session))
