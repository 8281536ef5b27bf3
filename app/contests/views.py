"""A learner's word against their measured presence."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, one_or_404, open_to
from app.attendance import queries as attendance
from app.attendance import sentences
from app.clock import now
from app.contests import contesting, queries
from app.contests.forms import ContestForm
from app.contests.models import Cause
from app.db import db
from app.enrolments.models import Enrolment
from app.forms import render_form

blueprint = Blueprint("contests", __name__, url_prefix="/enrolments/<int:id>")


@blueprint.route("/contest", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def contest(id: int) -> ResponseReturnValue:
    enrolment, form, at = _mine(id), ContestForm(), now()
    standing = queries.standing(enrolment, at=at)
    if not standing.may_contest:
        return redirect(url_for("attendance_own.show", id=id), 303)
    if form.validate_on_submit():
        contesting.contest(
            db.session, enrolment, cause=Cause(form.cause.data), account=form.account.data or "",
            evidence=form.proof, by=current_person(), at=at,
        )  # fmt: skip
        flash(_("Thank you. The organisers look at it, and a mail tells you what they decide."),
              "good")  # fmt: skip
        return redirect(url_for("attendance_own.show", id=id), 303)
    return render_form(
        "contests/contest.html", form, enrolment=enrolment, standing=standing,
        measured=attendance.measured(db.session, enrolment), said=sentences,
    )  # fmt: skip


def _mine(id: int) -> Enrolment:
    """One of the reader's own enrolments in a webinar."""
    enrolment = one_or_404(Enrolment.whole(current_person()).where(Enrolment.id == id))
    if not enrolment.activity.is_webinar:
        abort(404)
    return enrolment
