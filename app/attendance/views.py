"""What a learner sees of their own presence, and how they give the code on the screen."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import limits
from app.access import Audience, current_person, one_or_404, open_to
from app.agenda.kinds import Kind
from app.agenda.models import Activity
from app.attendance import checks, queries, sentences
from app.attendance.checks import AttendanceCheck
from app.attendance.forms import CodeForm
from app.clock import now
from app.db import db
from app.enrolments.models import Enrolment
from app.forms import Form, render_form

blueprint = Blueprint("attendance_own", __name__)

GUESSES = limits.Limit("attendance code", burst=6, seconds=60)
"""Six tries, and then one more every minute."""


@blueprint.get("/enrolments/<int:id>/presence")
@open_to(Audience.SIGNED_IN)
def show(id: int) -> ResponseReturnValue:
    enrolment = _mine(id)
    return render_template(
        "attendance/own.html",
        enrolment=enrolment, activity=enrolment.activity, at=now(), said=sentences,
        mine=queries.measured(db.session, enrolment),
        check=checks.open_now(db.session, enrolment.activity, at=now()),
    )  # fmt: skip


@blueprint.route("/enrolments/<int:id>/code", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def code(id: int) -> ResponseReturnValue:
    form = CodeForm()
    if form.is_submitted():
        limits.guard((GUESSES, f"{current_person().id}-{id}"))
    enrolment = _mine(id)
    check = checks.open_now(db.session, enrolment.activity, at=now())
    if form.validate_on_submit() and check is not None:
        if check.matches(form.word.data or ""):
            return _answered(check, enrolment, "word")
        form.word.errors = [_("This is not the code that is on the screen now.")]
    elif form.is_submitted() and check is None:
        form.word.errors = [_("No code is shown at this moment.")]
    return render_form(
        "attendance/code.html", form, enrolment=enrolment, activity=enrolment.activity,
        check=check, at=now(),
    )  # fmt: skip


@blueprint.route("/here/<token>", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def here(token: str) -> ResponseReturnValue:
    """Where the QR code on the screen leads: one press says that one is there."""
    check = one_or_404(AttendanceCheck.known().where(AttendanceCheck.token == token))
    enrolment = db.session.scalars(
        Enrolment.whole(current_person()).where(
            Enrolment.activity_id == check.activity_id, Enrolment.ended_at.is_(None)
        )
    ).unique().one_or_none()  # fmt: skip
    form = Form()
    if form.is_submitted():
        if enrolment is None:
            abort(404)
        if form.validate_on_submit():
            return _answered(check, enrolment, "code")
    return render_form(
        "attendance/here.html", form, enrolment=enrolment, check=check, activity=check.activity,
        at=now(),
    )  # fmt: skip


def _answered(check: AttendanceCheck, enrolment: Enrolment, how: str) -> ResponseReturnValue:
    check.answer(db.session, enrolment, at=now(), how=how)
    flash(_("Thank you. It is noted that you were there."), "good")
    return redirect(url_for(".show", id=enrolment.id), 303)


def _mine(id: int) -> Enrolment:
    """The person's own enrolment in an announced webinar, or 404."""
    return one_or_404(
        Enrolment.whole(current_person())
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Enrolment.id == id, Activity.kind == Kind.WEBINAR)
    )
