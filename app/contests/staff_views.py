"""Contests at the desk: read what a learner says, then rule."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, one_or_404, open_to
from app.addresses import key_asked
from app.agenda.models import Activity
from app.attendance import queries as attendance
from app.attendance import sentences
from app.attendance.reach import webinar_of_staff
from app.clock import now
from app.contests import contesting, queries, words
from app.contests.forms import RulingForm
from app.contests.models import Contest
from app.db import db
from app.files import files
from app.forms import render_form
from app.web import attached

blueprint = Blueprint("contests_staff", __name__, url_prefix="/desk/activities/<int:id>/contests")


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    return render_template(
        "contests/index.html",
        activity=activity, causes=words.causes(),
        listing=queries.contests(db.session, activity, after=key_asked("after") or 0),
        waiting=queries.open_ones(db.session, activity),
    )  # fmt: skip


@blueprint.route("/<int:contest_id>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def rule(id: int, contest_id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    contest = _one(activity, contest_id)
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    form = RulingForm(activity.zone, activity.starts_at, activity.ends_at)
    if contest.ruling is None and form.validate_on_submit():
        granted = form.stretch if form.decision.data == "grant" else None
        ruling = contesting.rule(
            db.session, contest, granted=granted, reason=form.reason.data or "",
            by=current_person(), at=now(),
        )  # fmt: skip
        flash(_told(ruling.grants, ruling.completes), "good")
        return redirect(url_for(".rule", id=id, contest_id=contest_id), 303)
    return render_form(
        "contests/rule.html", form, activity=activity, contest=contest, causes=words.causes(),
        measured=attendance.measured(db.session, contest.enrolment), said=sentences,
        is_own=contest.enrolment.person_id == current_person().id,
    )  # fmt: skip


@blueprint.get("/<int:contest_id>/evidence")
@open_to(Audience.ADMINISTRATOR)
def evidence(id: int, contest_id: int) -> ResponseReturnValue:
    contest = one_or_404(
        Contest.whole().where(
            Contest.activity_id == webinar_of_staff(id).id, Contest.id == contest_id,
            Contest.evidence_digest.is_not(None),
        )
    )  # fmt: skip
    answer = Response(files.read(contest.evidence_digest or ""), mimetype=contest.evidence_type)
    return attached(answer, contest.evidence_name)


def _one(activity: Activity, contest_id: int) -> Contest:
    return one_or_404(
        Contest.whole().where(Contest.activity_id == activity.id, Contest.id == contest_id)
    )


def _told(grants: bool, completes: bool) -> str:
    if completes:
        return _("Ruled. The time counts, and the certificate is being made; a mail says so.")
    if grants:
        return _("Ruled. The time counts, but it is not enough for a certificate; a mail says so.")
    return _("Ruled. It stays as measured; a mail tells the learner and gives your reason.")
