"""Enrolling someone who had to sign in or sign up first."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.arrival import Arrival, arrival
from app.accounts.models import Person
from app.agenda.models import Activity
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.errors import Refusal


def welcome(enrolment: Enrolment) -> str:
    """What to say to someone who has just enrolled, or had already."""
    title = enrolment.activity.title
    if enrolment.has_place:
        return _("You are enrolled: %(title)s. A mail with the date is on its way.", title=title)
    return _("You are on the waiting list: %(title)s. A mail tells you as soon as a place is free.",
             title=title)  # fmt: skip


@arrival("enrol")
def enrol_on_arrival(session: Session, key: str, person: Person, at: datetime) -> Arrival:
    """Carry out "enrol:<activity>"."""
    announced = Activity.announced().where(Activity.id == (int(key) if key.isdecimal() else 0))
    activity = session.scalars(announced).unique().one_or_none()
    if activity is None:
        raise Refusal(_("What you wanted to enrol in is no longer on the agenda."))
    enrolment = enrol(session, activity, person, at=at)
    return Arrival(welcome(enrolment), url_for("enrolments.show", id=enrolment.id))
