"""Where a person is signed in: beginning a session, seeing it, ending it."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as DbSession

from app.accounts.models import SEEN_EVERY, Person, Session
from app.journal.models import record

BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"),
    ("SamsungBrowser", "Samsung Internet"), ("Chrome", "Chrome"), ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def start(
    session: DbSession, person: Person, *, at: datetime, browser: str, origin: str
) -> Session:
    """Sign a person in, in a browser."""
    row = Session.start(person, at=at, browser=browser, origin=origin)
    session.add(row)
    record(session, "session.started", by=person, at=at, on=person)
    return row


def end(session: DbSession, row: Session, *, by: Person, at: datetime) -> None:
    """Sign the person out there; already signed out is fine."""
    if row.ended_at is None:
        row.end(at=at)
        record(session, "session.ended", by=by, at=at, on=by, session_id=row.id)


def end_all(
    session: DbSession, person: Person, *, by: Person, at: datetime, keep: Session | None = None
) -> int:
    """Sign the person out everywhere, except in the session to keep; answer in how many."""
    living = select(Session).where(Session.person_id == person.id, Session.ended_at.is_(None))
    others = [row for row in session.scalars(living) if keep is None or row.id != keep.id]
    for row in others:
        end(session, row, by=by, at=at)
    return len(others)


def see(session: DbSession, session_id: int, *, at: datetime) -> None:
    """Note that a session was used, at most every few minutes."""
    session.execute(
        update(Session)
        .where(Session.id == session_id, Session.seen_at < at - SEEN_EVERY)
        .values(seen_at=at)
    )


def browser_name(user_agent: str) -> str:
    """What a browser says of itself, as "Firefox, Windows"; empty when we do not know it."""

    def first(names: tuple[tuple[str, str], ...]) -> str:
        return next((name for sign, name in names if re.search(sign, user_agent)), "")

    return ", ".join(filter(None, (first(BROWSERS), first(SYSTEMS))))
