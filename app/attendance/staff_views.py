"""Presence at the desk: load a report, decide who is who, see where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.access import Audience, current_person, one_or_404, open_to
from app.agenda.models import Activity
from app.attendance import deciding, intake, queries, sentences, upload
from app.attendance.forms import DecisionForm, ReportForm, SearchForm
from app.attendance.matching import match
from app.attendance.models import Participant, PresenceReport
from app.attendance.reach import webinar_of_staff
from app.clock import now
from app.forms import render_form
from app.web import key_asked

blueprint = Blueprint("attendance", __name__, url_prefix="/desk/activities/<int:id>/presence")


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    stays = queries.presence(db.db.session, activity)
    figures = queries.figures(db.db.session, activity, stays)
    asked = request.args.get("show", "")
    shown = asked if asked in queries.LANES else "open" if figures.to_settle else "came"
    return render_template(
        "attendance/show.html",
        activity=activity, figures=figures, shown=shown, at=now(),
        within=intake.session_of(activity),
        reports=queries.reports(db.db.session, activity),
        settlement=queries.settlement(db.db.session, activity),
        listing=queries.listing(
            db.db.session, activity, stays, shown, after=key_asked("after") or 0
        ),
        said=sentences,
    )  # fmt: skip


@blueprint.route("/report", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def report(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    deciding.unsettled(db.db.session, id)
    form = ReportForm(zone=activity.zone)
    if not form.validate_on_submit():
        return _ask(activity, form)
    received = upload.received(form, id)
    if received is None:
        return _ask(activity, form, _("Please choose the file once more."))
    within, title = intake.session_of(activity), activity.title
    db.breathe(db.db.session)
    seen = intake.examine(received.content, form.zone.data, within, title)
    if seen.report is None:
        form.kept.data = ""
        return _ask(webinar_of_staff(id), form, sentences.problem(seen.problem))
    form.kept.data = upload.keep(received, id, form.zone.data)
    if seen.doubts and not (form.sure.data and received.seen_in == form.zone.data):
        received = replace(received, seen_in=form.zone.data)
        return _ask(webinar_of_staff(id), form, doubts=seen.doubts, received=received)
    return _taken_in(id, received, seen.report, form.zone.data)


@blueprint.post("/report/<int:report_id>/withdrawal")
@open_to(Audience.ADMINISTRATOR)
def take_out(id: int, report_id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    found = one_or_404(PresenceReport.of(activity).where(PresenceReport.id == report_id))
    intake.take_out(db.db.session, found, by=current_person(), at=now())
    flash(_("%(file)s no longer counts. You may load another report.", file=found), "good")
    return redirect(url_for(".show", id=id), 303)


@blueprint.route("/<int:participant_id>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def decide(id: int, participant_id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    participant = one_or_404(Participant.of(activity).where(Participant.id == participant_id))
    form = DecisionForm()
    if form.validate_on_submit():
        _decide(activity, participant, form)
        flash(sentences.decided(participant), "good")
        return redirect(url_for(".show", id=id), 303)
    search = SearchForm(request.args)
    q = (search.q.data or "")[:100]
    return render_form(
        "attendance/decide.html", form,
        activity=activity, one=queries.unmatched_one(activity, participant), search=search, q=q,
        found=queries.eligible(db.db.session, activity, q) if q else [],
        settlement=queries.settlement(db.db.session, activity), said=sentences,
        within=intake.session_of(activity),
    )  # fmt: skip


def _decide(activity: Activity, participant: Participant, form: DecisionForm) -> None:
    session, by, at = db.db.session, current_person(), now()
    if form.decision.data == "match":
        enrolment = one_or_404(
            queries.enrolled_one(activity, min(form.enrolment.data or 0, db.LARGEST_KEY))
        )
        deciding.match(session, participant, enrolment, by=by, at=at)
    elif form.decision.data == "aside":
        deciding.set_aside(session, participant, reason=form.reason.data or "", by=by, at=at)
    else:
        deciding.reopen(session, participant, by=by, at=at)


def _taken_in(id: int, received: upload.Upload, read: Any, zone: str) -> ResponseReturnValue:
    """Match outside any transaction, then write down what was read in one of its own."""
    with db.reading() as reader:
        known = intake.candidates(reader, id)
    matches = match(read.participants, known)
    taken, is_new = intake.take_in(
        db.db.session, webinar_of_staff(id), read, matches,
        digest=received.digest, file_name=received.name, zone=zone, by=current_person(), at=now(),
    )  # fmt: skip
    flash(sentences.taken_in(taken, is_new=is_new), "good")
    return redirect(url_for(".show", id=id), 303)


def _ask(activity: Activity, form: ReportForm, fault: str = "", **more: Any) -> ResponseReturnValue:
    if fault:
        form.file.errors = [*form.file.errors, fault]
    return render_form("attendance/report.html", form, activity=activity, said=sentences, **more)
