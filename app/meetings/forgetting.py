"""Deleting what rooms and platforms said of people, once nothing rests on it any longer.

What presence came to is kept elsewhere, and for longer; here are only its sources and the ways in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.journal.models import record
from app.meetings.models import Click, JoinLink, Meeting, ProviderEvent, Seat

KEPT = timedelta(days=400)
"""Twelve months after the presence was settled, for which there are some weeks."""


def due(session: Session, *, at: datetime, limit: int) -> Sequence[int]:
    """Webinars over for so long of which something is still here, oldest first."""
    told = (
        select(ProviderEvent.id)
        .join(Meeting, Meeting.id == ProviderEvent.meeting_id)
        .where(Meeting.activity_id == Activity.id)
    )
    seats = (
        select(Seat.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Meeting.activity_id == Activity.id)
    )
    enrolled = select(Enrolment.id).where(Enrolment.activity_id == Activity.id)
    links = enrolled.join(JoinLink, JoinLink.enrolment_id == Enrolment.id)
    clicks = enrolled.join(Click, Click.enrolment_id == Enrolment.id)
    anything = told.exists() | seats.exists() | links.exists() | clicks.exists()
    over = select(Activity.id).where(Activity.until_at <= at - KEPT, anything)
    return session.scalars(over.order_by(Activity.until_at).limit(limit)).all()


def forget(session: Session, activity_id: int, *, at: datetime) -> None:
    """Delete events, seats, links and clicks of a webinar; that there was a meeting stays."""
    activity = session.get_one(Activity, activity_id)
    meetings = select(Meeting.id).where(Meeting.activity_id == activity_id)
    enrolments = select(Enrolment.id).where(Enrolment.activity_id == activity_id)
    gone: dict[str, Any] = {}
    for name, table, of in (
        ("events", ProviderEvent, ProviderEvent.meeting_id.in_(meetings)),
        ("seats", Seat, Seat.meeting_id.in_(meetings)),
        ("links", JoinLink, JoinLink.enrolment_id.in_(enrolments)),
        ("clicks", Click, Click.enrolment_id.in_(enrolments)),
    ):
        done = session.execute(delete(table).where(of).execution_options(synchronize_session=False))
        gone[name] = done.rowcount if isinstance(done, CursorResult) else 0
    record(session, "meetings.forgotten", by=None, at=at, on=activity,
           societies=activity.societies, **gone)  # fmt: skip
