"""Rounds go on at every sweep for a moment; findings and silence are told by mail."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app import db
from app.clock import now
from app.jobs import chore
from app.rechecks import emails, rounds
from app.rechecks.models import Alarm

SECONDS = 3.0
"""So long a sweep reads before the other work of the platform has its turn."""


@chore("rechecks.round")
def go_on() -> None:
    """Begin a round when one is due, and read on."""
    with db.reading() as session:
        one = rounds.running(session)
        if one is None and not rounds.is_due(session, at=now()):
            return
    if one is None:
        with db.writing() as session:
            if rounds.is_due(session, at=now()):
                rounds.begin(session, at=now())
    give_up_at = time.monotonic() + SECONDS
    while time.monotonic() < give_up_at and step():
        pass


def step() -> bool:
    """One batch: claimed, read outside any transaction that writes, written down by one winner."""
    with db.reading() as session:
        one = rounds.running(session)
        if one is None or one.next_at > now():
            return False
    with db.writing() as session:
        claimed = rounds.claim(session, at=now())
    if claimed is None:
        return False
    with db.reading() as session:
        looked = rounds.look(session, claimed, at=now())
    try:
        with db.writing() as session:
            rounds.write_down(session, looked, at=now())
    except IntegrityError:  # the same was found by a worker that had lost the batch
        return False
    return True


@chore("rechecks.tell")
def tell() -> None:
    """Write to the administrators about what is new; each finding once."""
    with db.reading() as session:
        if not emails.untold(session):
            return
    with db.writing() as session:
        emails.tell(session, at=now())


@chore("rechecks.alarm")
def watch() -> None:
    watch_at(now())


def watch_at(at: datetime) -> None:
    """Raise the alarm when rounds have stopped; whichever worker still sweeps, once a day."""
    with db.reading() as session:
        reason = rounds.stopped(session, at=at)
        if not reason or session.get(Alarm, at.date()) is not None:
            return
    try:
        with db.writing() as session:
            session.add(Alarm(on=at.date(), at=at, reason=reason))
            session.flush()
            emails.raise_alarm(session, reason, at=at)
    except IntegrityError:
        return
