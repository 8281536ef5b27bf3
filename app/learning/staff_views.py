"""The lessons of a course, as its course administrators write them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.access import Audience, current_person, one_or_404, open_to
from app.agenda.models import Activity, Organiser
from app.clock import now
from app.db import db
from app.forms import render_form
from app.learning.forms import LessonForm, MoveForm
from app.learning.models import Lesson, LessonCompletion
from app.learning.queries import done_by, progress
from app.learning.reach import course_ids_of_staff, course_of_staff

blueprint = Blueprint("learning_staff", __name__)


@blueprint.get("/desk/activities/<int:id>/lessons")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> ResponseReturnValue:
    course = course_of_staff(id)
    return render_template(
        "learning_staff/index.html",
        course=course,
        lessons=progress(db.session, course.id, None),
        done=done_by(db.session, course),
    )


@blueprint.route("/desk/activities/<int:id>/lessons/new", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def add(id: int) -> ResponseReturnValue:
    course, form = course_of_staff(id), LessonForm()
    if _is_preview(form):
        return render_template("learning_staff/add.html", form=form, course=course, preview=True)
    if form.validate_on_submit():
        lesson = Lesson.add(db.session, course, **form.text, by=current_person(), at=now())
        flash(_("Added: %(title)s.", title=lesson.title), "good")
        return redirect(url_for(".index", id=course.id), 303)
    return render_form("learning_staff/add.html", form, course=course)


@blueprint.route("/desk/lessons/<int:id>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def edit(id: int) -> ResponseReturnValue:
    lesson = _lesson(id)
    form = LessonForm(obj=lesson)
    context = {"course": lesson.course, "lesson": lesson, "done": _done(lesson)}
    if _is_preview(form):
        return render_template("learning_staff/edit.html", form=form, preview=True, **context)
    if form.validate_on_submit():
        lesson.change(**form.text, by=current_person(), at=now())
        flash(_("Saved: %(title)s.", title=lesson.title), "good")
        return redirect(url_for(".index", id=lesson.course_id), 303)
    return render_form("learning_staff/edit.html", form, **context)


@blueprint.post("/desk/lessons/<int:id>/position")
@open_to(Audience.ADMINISTRATOR)
def move(id: int) -> ResponseReturnValue:
    lesson, form = _lesson(id), MoveForm()
    if not form.validate():
        abort(400)
    lesson.move(form.way, by=current_person(), at=now())
    return redirect(url_for(".index", id=lesson.course_id, _anchor=f"lesson-{lesson.id}"), 303)


@blueprint.post("/desk/lessons/<int:id>/removal")
@open_to(Audience.ADMINISTRATOR)
def remove(id: int) -> ResponseReturnValue:
    lesson = one_or_404(_in_reach(id))
    lesson.remove(by=current_person(), at=now())
    flash(_("Removed: %(title)s. Whoever has done it keeps that.", title=lesson.title), "good")
    return redirect(url_for(".index", id=lesson.course_id), 303)


def _in_reach(id: int) -> Select[Lesson]:
    return (
        select(Lesson)
        .where(Lesson.id == id, Lesson.course_id.in_(course_ids_of_staff()))
        .options(
            joinedload(Lesson.course)
            .selectinload(Activity.organisers)
            .joinedload(Organiser.society)
        )
    )


def _lesson(id: int) -> Lesson:
    return one_or_404(_in_reach(id).where(Lesson.removed_at.is_(None)))


def _done(lesson: Lesson) -> int:
    """How many learners have done it."""
    query = select(func.count()).where(LessonCompletion.lesson_id == lesson.id)
    return db.session.scalar(query) or 0


def _is_preview(form: LessonForm) -> bool:
    """Whether the text is only to be shown as it will read; what is amiss is said beside it."""
    return "preview" in request.form and form.validate_on_submit()
