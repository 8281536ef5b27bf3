"""Promoting those who wait when places became free by another way than a withdrawal."""

from app import db
from app.agenda.models import Activity
from app.clock import now
from app.enrolments.booking import promote
from app.enrolments.queries import with_free_places_and_waiting
from app.jobs import chore


@chore("enrolments.promote")
def promote_waiting() -> None:
    """A changed capacity is found here, whoever changed it."""
    with db.reading() as session:
        waiting = session.scalars(with_free_places_and_waiting(at=now())).all()
    for activity_id in waiting:
        with db.writing() as session:
            promote(session, session.get_one(Activity, activity_id), at=now())
