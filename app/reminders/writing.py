"""Writing the reminders of one round, some at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.journal.models import record
from app.outbox.models import Message, post_all
from app.reminders import queries
from app.reminders.kinds import Round
from app.reminders.models import Reminder

BATCH = 200
Letters = Callable[[Session, Round, Activity, Sequence[Enrolment], datetime], list[Message]]
"""Writes the letters of a round to these people."""


def write(
    session: Session, one: Round, letters: Letters, *, at: datetime, most: int = BATCH
) -> int:
    """Put the next reminders of a round into the outbox; answer how many.

    Each stands in the outbox and in the list of those written, or in neither: one transaction.
    """
    activity = queries.held(session, one)
    if activity is None:
        return 0
    enrolments = session.scalars(queries.left(one, most=most)).unique().all()
    if not enrolments:
        return 0
    with session.no_autoflush:
        messages = letters(session, one, activity, enrolments, at)
    post_all(session, messages)
    session.flush()
    session.add_all(
        Reminder(enrolment_id=enrolment.id, kind=one.kind, starts_at=one.starts_at,
                 message_id=message.id, at=at)
        for enrolment, message in zip(enrolments, messages, strict=True)
    )  # fmt: skip
    record(session, "webinar.reminded", by=None, at=at, on=activity, societies=activity.societies,
           kind=str(one.kind), starts=one.starts_at.isoformat(), count=len(messages))  # fmt: skip
    return len(messages)
