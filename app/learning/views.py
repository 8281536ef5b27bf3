"""A learner's course and its lessons."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.access import Audience, open_to
from app.clock import now
from app.db import db
from app.learning.models import Lesson
from app.learning.queries import progress
from app.learning.reach import place_on

blueprint = Blueprint("learning", __name__)


@blueprint.get("/courses/<int:id>")
@open_to(Audience.SIGNED_IN)
def show(id: int) -> ResponseReturnValue:
    enrolment = place_on(id)
    return render_template(
        "learning/show.html", course=enrolment.activity, enrolment=enrolment, at=now()
    )


@blueprint.get("/courses/<int:id>/lessons/<int:position>")
@open_to(Audience.SIGNED_IN)
def read(id: int, position: int) -> ResponseReturnValue:
    enrolment = place_on(id)
    lessons = progress(db.session, id, enrolment)
    step = lessons.at(position) or abort(404)
    return render_template(
        "learning/read.html",
        course=enrolment.activity,
        lesson=db.session.get_one(Lesson, step.lesson_id),
        step=step,
        lessons=lessons,
    )
