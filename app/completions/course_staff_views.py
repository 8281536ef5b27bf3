"""How far the learners of a course are, for its course administrators."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access import Audience, open_to
from app.addresses import key_asked
from app.assessments.queries import test_facts
from app.completions.learners import learners
from app.db import db
from app.learning.queries import progress
from app.learning.reach import course_of_staff

blueprint = Blueprint("course_staff", __name__)


@blueprint.get("/desk/activities/<int:id>/learners")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> ResponseReturnValue:
    course = course_of_staff(id)
    after = key_asked("after") or 0
    return render_template(
        "completions/learners.html",
        course=course,
        lessons=progress(db.session, course.id, None),
        test=test_facts(db.session, course.id),
        page_of=learners(db.session, course, after=after),
        after=after,
    )
