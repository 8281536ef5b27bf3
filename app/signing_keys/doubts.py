"""What is in doubt when somebody else may hold a key.

Rooms that sign add here how to find what a key of theirs has signed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.signing_keys.models import SigningKey


@dataclass(frozen=True)
class Signed:
    """Something that a key has signed: what it is called, when, and what proves that moment."""

    name: str
    title: str
    at: datetime
    stamped_at: datetime | None = None
    """The time of an independent authority; our own clock proves nothing to others."""
    is_over: bool = False
    """Withdrawn or replaced since: there is nothing left to do about it."""

    def stands(self, *, since: datetime) -> bool:
        """Whether it is proved to be older than the moment from which the key is in doubt."""
        return self.stamped_at is not None and self.stamped_at < since


SIGNED: list[Callable[[Session, SigningKey], list[Signed]]] = []


def signed_with(session: Session, key: SigningKey) -> list[Signed]:
    """All that the key has signed, the latest first."""
    found = [one for told in SIGNED for one in told(session, key)]
    return sorted(found, key=lambda one: (one.at, one.name), reverse=True)


def in_doubt(session: Session, key: SigningKey, *, since: datetime) -> list[Signed]:
    """What a time stamp does not save."""
    return [one for one in signed_with(session, key) if not one.stands(since=since)]
