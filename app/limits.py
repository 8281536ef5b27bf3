"""Limits on the ways in: a leaky bucket for each key, counted whatever the answer was.

The count is written in a transaction of its own, so that a refused request still counts and every
process of every machine sees the same bucket.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import abort, request
from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from app import db
from app.clock import now


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


def take(limit: Limit, *parts: str, at: datetime | None = None) -> bool:
    """Put one drop into the bucket; False when it was full."""
    at = at or now()
    with db.writing() as session:
        bucket = session.get(Bucket, limit.key(*parts), with_for_update=True)
        if bucket is None:
            session.add(Bucket(key=limit.key(*parts), level=1.0, at=at))
            return True
        leaked = max(0.0, (at - bucket.at).total_seconds()) / limit.seconds
        level = max(0.0, bucket.level - leaked)
        if level + 1 > limit.burst:
            return False
        bucket.level, bucket.at = level + 1, at
        return True


def guard(*limits: tuple[Limit, str]) -> None:
    """Answer 429 when one of the buckets is full. `(limit, key)`; the address is always a key."""
    for limit, key in limits:
        if not take(limit, key):
            abort(429, description=_("Too many tries. Please wait a few minutes."))


def from_here() -> str:
    """The address a request came from."""
    return request.remote_addr or "-"


def empty_old(session_at: datetime) -> None:
    """Forget buckets that have long run dry."""
    with db.writing() as session:
        session.execute(delete(Bucket).where(Bucket.at < session_at))
