"""The acts of a learner that may complete a course: a lesson done, a test handed in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, one_or_404, open_to
from app.assessments.forms import paper_form
from app.assessments.models import Sitting
from app.assessments.sitting import hand_in as grade_sitting
from app.clock import now
from app.completions.fulfilment import complete as complete_course
from app.db import db
from app.enrolments.models import Enrolment
from app.learning.models import LessonCompletion
from app.learning.queries import lesson_in_reach, progress
from app.learning.reach import place_on

blueprint = Blueprint("completions", __name__)


@blueprint.post("/lessons/<int:id>/completion")
@open_to(Audience.SIGNED_IN)
def mark_done(id: int) -> ResponseReturnValue:
    lesson = one_or_404(lesson_in_reach(id))
    enrolment = place_on(lesson.course_id)
    LessonCompletion.mark(db.session, lesson, enrolment, at=now())
    if _completes(enrolment):
        return redirect(url_for("learning.show", id=lesson.course_id), 303)
    lessons = progress(db.session, lesson.course_id, enrolment)
    here = next(step.position for step in lessons.steps if step.lesson_id == id)
    if step := lessons.after(here):
        return redirect(url_for("learning.read", id=lesson.course_id, position=step.position), 303)
    return redirect(url_for("learning.show", id=lesson.course_id), 303)


@blueprint.post("/sittings/<int:id>/grading")
@open_to(Audience.SIGNED_IN)
def hand_in(id: int) -> ResponseReturnValue:
    sitting = one_or_404(Sitting.by(current_person()).where(Sitting.id == id))
    form = paper_form(sitting.asked)
    if sitting.grading is None and not form.validate():
        return render_template("assessments/show.html", sitting=sitting, form=form), 422
    if sitting.grading is None:
        grade_sitting(db.session, sitting, form.answers, at=now())
        _completes(sitting.enrolment)
    return redirect(url_for("assessments.show", id=sitting.id), 303)


@blueprint.post("/courses/<int:id>/completion")
@open_to(Audience.SIGNED_IN)
def complete(id: int) -> ResponseReturnValue:
    """For whom the last thing missing was taken out of the course: everything is done already."""
    _completes(place_on(id))
    return redirect(url_for("learning.show", id=id), 303)


def _completes(enrolment: Enrolment) -> bool:
    """Complete the course if this was the last thing missing, and say so once."""
    at = now()
    completion = complete_course(db.session, enrolment, at=at)
    if completion is None or completion.at != at:
        return False
    flash(
        _("You have completed %(title)s. Your certificate is being typeset; a letter tells you "
          "when it is ready.", title=enrolment.activity.title),
        "good",
    )  # fmt: skip
    return True
