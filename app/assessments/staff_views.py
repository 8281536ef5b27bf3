"""The test of a course, as its course administrators draw it up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import Audience, current_person, one_or_404, open_to
from app.agenda.models import Activity, Organiser
from app.assessments.forms import QuestionForm, SettingsForm
from app.assessments.models import PASS_MARK, WAIT_HOURS, Assessment, Question, Sitting
from app.clock import now
from app.db import db
from app.forms import render_form
from app.learning.reach import course_ids_of_staff, course_of_staff

blueprint = Blueprint("assessments_staff", __name__)


@blueprint.route("/desk/activities/<int:id>/test", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    course = course_of_staff(id)
    test = _test(course)
    form = SettingsForm(obj=test)
    if form.validate_on_submit():
        pass_mark, wait_hours = form.asks_for
        Assessment.set(
            db.session, course, pass_mark=pass_mark, wait_hours=wait_hours,
            by=current_person(), at=now(),
        )  # fmt: skip
        flash(_("Saved. It holds for every test that is started from now on."), "good")
        return redirect(url_for(".show", id=course.id), 303)
    return render_form(
        "assessments_staff/show.html", form, course=course, test=test, open_sittings=_open(test)
    )


@blueprint.route("/desk/activities/<int:id>/questions/new", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def ask(id: int) -> ResponseReturnValue:
    course, form = course_of_staff(id), QuestionForm.of()
    if form.validate_on_submit():
        person, at = current_person(), now()
        test = _test(course) or Assessment.set(
            db.session, course, pass_mark=PASS_MARK, wait_hours=WAIT_HOURS, by=person, at=at
        )
        item = form.item
        test.ask(item.text, item.choices, right=item.right, by=person, at=at)
        flash(_("The question is added."), "good")
        return redirect(url_for(".show", id=course.id), 303)
    return render_form("assessments_staff/ask.html", form, course=course)


@blueprint.route("/desk/questions/<int:id>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def edit(id: int) -> ResponseReturnValue:
    question = _question(id)
    course, form = question.assessment.course, QuestionForm.of(question.item)
    if form.validate_on_submit():
        item = form.item
        question.change(item.text, item.choices, right=item.right, by=current_person(), at=now())
        flash(_("Saved. Tests already started keep the question as it was."), "good")
        return redirect(url_for(".show", id=course.id), 303)
    return render_form(
        "assessments_staff/edit.html", form, course=course, question=question,
        open_sittings=_open(question.assessment),
    )  # fmt: skip


@blueprint.post("/desk/questions/<int:id>/retirement")
@open_to(Audience.ADMINISTRATOR)
def retire(id: int) -> ResponseReturnValue:
    question = _question(id)
    question.retire(by=current_person(), at=now())
    flash(_("Retired. It is asked in no new test; tests already started keep it."), "good")
    return redirect(url_for(".show", id=question.assessment.course_id), 303)


def _test(course: Activity) -> Assessment | None:
    return db.session.scalars(
        Assessment.of(course).options(
            joinedload(Assessment.course),
            selectinload(Assessment.questions).selectinload(Question.choices),
        )
    ).one_or_none()


def _question(id: int) -> Question:
    return one_or_404(
        select(Question)
        .join(Assessment)
        .where(Question.id == id, Assessment.course_id.in_(course_ids_of_staff()))
        .options(
            selectinload(Question.choices),
            joinedload(Question.assessment).options(
                selectinload(Assessment.questions),
                joinedload(Assessment.course)
                .selectinload(Activity.organisers)
                .joinedload(Organiser.society),
            ),
        )
    )


def _open(test: Assessment | None) -> int:
    """How many papers of this test lie open: they keep what they were drawn up with."""
    if test is None:
        return 0
    return (
        db.session.scalar(
            select(func.count(Sitting.id)).where(
                Sitting.assessment_id == test.id, ~Sitting.grading.has()
            )
        )
        or 0
    )
