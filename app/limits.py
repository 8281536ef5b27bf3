"""Limits on the ways in: a leaky bucket for each key, counted whatever the answer was.

The count is written in a transaction of its own, so that a refused request still counts and every
process of every machine sees the same bucket.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, request
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import db
from app.clock import now
from app.jobs import chore

FORGOTTEN_AFTER = timedelta(days=1)


class Bucket(db.Base):
    """How full one key's bucket was, and when."""

    __tablename__ = "buckets"
    key: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[float]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Limit:
    """So many at once, and then one more every so many seconds."""

    name: str
    burst: int
    seconds: float

    def key(self, *parts: str) -> str:
        return self.name + ":" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


MISSES = Limit("verification.misses", burst=30, seconds=10)
"""Serials that were asked for and do not exist, wherever it was."""


def take(limit: Limit, *parts: str, at: datetime | None = None) -> bool:
    """Put one drop into the bucket; False when it was full."""
    at = at or now()
    with db.writing() as session:
        bucket = _bucket(session, limit.key(*parts), at)
        leaked = max(0.0, (at - bucket.at).total_seconds()) / limit.seconds
        level = max(0.0, bucket.level - leaked)
        if level + 1 > limit.burst:
            return False
        bucket.level, bucket.at = level + 1, at
        return True


def _bucket(session: Session, key: str, at: datetime) -> Bucket:
    """The key's bucket, locked; many may ask for a new one at the same time."""
    insert = postgresql.insert if db.db.engine.dialect.name == "postgresql" else sqlite.insert
    new = insert(Bucket).values(key=key, level=0.0, at=at)
    session.execute(new.on_conflict_do_nothing(index_elements=["key"]))
    return session.get_one(Bucket, key, with_for_update=True)


def guard(*limits: tuple[Limit, str]) -> None:
    """Answer 429 when one of the buckets is full. `(limit, key)`; call it before anything else.

    The request's own transaction ends here: it would make the count wait for itself.
    """
    db.breathe(db.db.session)
    for limit, key in limits:
        if not take(limit, key):
            abort(429, description=_("Too many tries. Please wait a few minutes."))


def from_here() -> str:
    """The address a request came from."""
    return request.remote_addr or "-"


@chore("limits.forget")
def forget_old() -> None:
    """Forget buckets that have long run dry."""
    old = Bucket.at < now() - FORGOTTEN_AFTER
    with db.reading() as session:
        if session.scalars(select(Bucket.key).where(old).limit(1)).first() is None:
            return
    with db.writing() as session:
        session.execute(delete(Bucket).where(old))
