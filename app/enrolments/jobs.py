"""Promoting those who wait, and telling everyone enrolled of a change, outside any request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app import db
from app.agenda.changes import Cancellation, Rescheduling
from app.agenda.models import Activity
from app.clock import now
from app.enrolments.booking import promote
from app.enrolments.queries import with_free_places_and_waiting
from app.enrolments.tidings import oldest, tell_cancelled, tell_moved, unfinished
from app.jobs import chore, job


@chore("enrolments.promote")
def promote_waiting() -> None:
    """A changed capacity is found here, whoever changed it."""
    with db.reading() as session:
        waiting = session.scalars(with_free_places_and_waiting(at=now())).all()
    for activity_id in waiting:
        with db.writing() as session:
            promote(session, session.get_one(Activity, activity_id), at=now())


def _moves_due(session: Session, at: datetime, limit: int) -> Sequence[int]:
    return session.scalars(unfinished(Rescheduling, limit)).all()


def _cancellations_due(session: Session, at: datetime, limit: int) -> Sequence[int]:
    return session.scalars(unfinished(Cancellation, limit)).all()


@job("enrolments.moved", due=_moves_due, oldest=lambda session: oldest(session, Rescheduling))
def tell_of_move(id: int) -> None:
    """A batch in a transaction: whatever kills the worker, the next one goes on after it."""
    is_unfinished = True
    while is_unfinished:
        with db.writing() as session:
            is_unfinished = tell_moved(session, id, at=now())


@job(
    "enrolments.cancelled",
    due=_cancellations_due,
    oldest=lambda session: oldest(session, Cancellation),
)
def tell_of_cancellation(id: int) -> None:
    is_unfinished = True
    while is_unfinished:
        with db.writing() as session:
            is_unfinished = tell_cancelled(session, id, at=now())
