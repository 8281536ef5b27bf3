"""What is seen to at every sweep: keys that are missing, and keys that end soon."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import db
from app.clock import now
from app.jobs import chore
from app.signing_keys import emails, ending, making, queries


@chore("signing_keys.make_missing")
def make_missing() -> None:
    """Look first, without queueing as a writer: nearly always nothing is missing."""
    at = now()
    with db.reading() as session:
        if not queries.is_any_missing(session, at=at):
            return
    with db.writing() as session:
        making.make_missing(session, at)


@chore("signing_keys.warn")
def warn() -> None:
    warn_all(at=now())


def warn_all(*, at: datetime) -> None:
    with db.reading() as session:
        if not ending.due(session, at=at):
            return
    with db.writing() as session:
        _warn(session, at)


def _warn(session: Session, at: datetime) -> None:
    for one in ending.due(session, at=at):
        ending.note(session, one, at=at)
        if one.key.society is not None:
            emails.ends_soon(session, one, at=at)
