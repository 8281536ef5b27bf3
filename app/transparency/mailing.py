"""To whom the head of the log is due by mail: what is in many archives nobody rewrites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.societies.models import Society
from app.transparency.models import Head, Leaf, Mailing

USUAL, SOONEST = timedelta(days=7), timedelta(days=1)
BATCH = 20
"""So many new entries about documents make a head due before the week is over."""


@dataclass(frozen=True)
class Due:
    """A society that is to be sent a head, and the one it was sent before."""

    society: Society
    head: Head
    before: Head | None


def due(session: Session, head: Head, *, at: datetime) -> Sequence[Due]:
    """Weekly; after a batch the next day already; never twice on one day."""
    newest = select(Mailing.society_id, func.max(Mailing.on)).group_by(Mailing.society_id)
    latest = select(Mailing).where(tuple_(Mailing.society_id, Mailing.on).in_(newest))
    last = {one.society_id: one for one in session.scalars(latest)}
    found = []
    for society in session.scalars(Society.by_name()):
        before = last.get(society.id)
        if before is None or _is_due(session, before, head, at):
            found.append(Due(society, head, before.head if before else None))
    return found


def _is_due(session: Session, before: Mailing, head: Head, at: datetime) -> bool:
    if before.head_size == head.size or before.on == at.date():
        return False
    gone = at - before.at
    return gone >= USUAL or (gone >= SOONEST and _is_batch(session, before.head_size))


def _is_batch(session: Session, since: int) -> bool:
    new = select(Leaf.position).where(Leaf.position >= since, Leaf.credential_id.is_not(None))
    return len(session.scalars(new.limit(BATCH)).all()) == BATCH
