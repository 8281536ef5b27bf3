"""The participants of an activity as CSV."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.enrolments.queries import all_of_activity
from app.tables import written

COLUMNS = ("name", "address", "profession", "country", "enrolled_at", "state", "withdrawn_at")


def table(session: Session, activity: Activity) -> str:
    """One line for each enrolment."""
    return written(COLUMNS, map(_cells, all_of_activity(session, activity)))


def _cells(enrolment: Enrolment) -> tuple[str, ...]:
    person = enrolment.person
    state = "place" if enrolment.has_place else "waiting" if enrolment.waits else "withdrawn"
    left = enrolment.ended_at.isoformat(timespec="seconds") if enrolment.ended_at else ""
    enrolled = enrolment.at.isoformat(timespec="seconds")
    return (person.name, person.address, person.profession, person.country, enrolled, state, left)
