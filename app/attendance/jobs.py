"""Deleting the reports that were kept for long enough."""

from app import db
from app.agenda.models import Activity
from app.attendance.purging import due, purge
from app.clock import now
from app.jobs import chore

BATCH = 5


@chore("attendance.purge")
def purge_old() -> None:
    """Some webinars in every sweep, each in a transaction of its own."""
    with db.reading() as session:
        waiting = due(session, at=now(), limit=BATCH)
    for activity_id in waiting:
        with db.writing() as session:
            purge(session, session.get_one(Activity, activity_id), at=now())
