"""Which courses a person may learn on, and which ones they may build."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app import locale
from app.access import current_person, one_or_404, society_ids
from app.agenda.models import Activity, Kind, Organiser
from app.clock import now
from app.db import db
from app.enrolments.models import Enrolment
from app.learning.queries import enrolment_on, open_course
from app.societies.models import Office


def place_on(course_id: int) -> Enrolment:
    """The reader's place on a course; whoever has none is led to where one gets it."""
    course = one_or_404(open_course(course_id))
    enrolment = enrolment_on(db.session, current_person(), course)
    opened = course.has_opened(now())
    if enrolment is not None and enrolment.has_place and opened:
        return enrolment
    if not opened and course.starts_at is not None:
        flash(_("This course opens on %(day)s.", day=locale.day(course.starts_at)))
    elif enrolment is None:
        flash(_("The lessons and the test are for those who are enrolled. Enrol here first."))
    else:
        flash(_("You are on the waiting list. The lessons open as soon as you have a place."))
    abort(redirect(url_for("agenda.show", id=course.id), 303))


def course_of_staff(id: int) -> Activity:
    """A course that one of the reader's societies holds, where they are course administrator."""
    mine = Activity.organised_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(mine.where(Activity.id == id, Activity.kind == Kind.COURSE))


def course_ids_of_staff() -> Select[int]:
    return select(Organiser.activity_id).where(
        Organiser.society_id.in_(society_ids(Office.COURSE_ADMINISTRATOR))
    )
