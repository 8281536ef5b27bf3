"""Presence at the desk: load a report, decide who is who, see where it stands."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.access import Audience, current_person, one_or_404, open_to
from app.addresses import key_asked
from app.agenda.models import Activity
from app.attendance import deciding, intake, queries, remembered, sentences, told, upload
from app.attendance.forms import ConfirmationForm, DecisionForm, ReportForm, SearchForm
from app.attendance.listing import LANES, eligible, enrolled_one, listing
from app.attendance.matching import match
from app.attendance.models import Participant, PresenceReport
from app.attendance.reach import webinar_of_staff
from app.attendance.standing import standing, windows_of
from app.attendance.unmatched import unmatched_one
from app.clock import now
from app.files import files
from app.forms import render_form
from app.meetings.queries import presence_rows, told_people

blueprint = Blueprint("attendance", __name__, url_prefix="/desk/activities/<int:id>/presence")


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    known = standing(db.db.session, activity)
    figures = queries.figures(db.db.session, activity, known)
    asked = request.args.get("show", "")
    shown = asked if asked in LANES else "open" if figures.to_settle else "came"
    reports = queries.reports(db.db.session, activity)
    return render_template(
        "attendance/show.html",
        activity=activity, figures=figures, shown=shown, at=now(), known=known,
        within=known.windows, reports=reports,
        settlement=queries.settlement(db.db.session, activity),
        listing=listing(
            db.db.session, activity, known, shown, after=key_asked("after") or 0,
            reports=len(reports),
        ),
        said=sentences,
    )  # fmt: skip


@blueprint.route("/report", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def report(id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    deciding.unsettled(db.db.session, id)
    form = ReportForm(zone=request.args.get("zone") or activity.zone, kept=request.args.get("kept"))
    received = upload.received(form, id)
    if not form.validate_on_submit():
        return _ask(activity, form, received=None if form.file.data else received)
    if received is None:
        return _ask(activity, form, _("Please choose the file once more."))
    windows, title = windows_of(activity), activity.title
    known = remembered.plans(db.db.session, [one.id for one in activity.societies])
    db.breathe(db.db.session)
    seen = intake.examine(
        received.content, form.zone.data, windows, title, plans=known, ask=form.ask.data
    )
    if seen.unmapped is not None:
        seal = upload.keep(received, id, form.zone.data)
        return redirect(
            url_for("attendance_columns.say", id=id, kept=seal, zone=form.zone.data), 303
        )
    if seen.report is None:
        form.kept.data = ""
        return _ask(webinar_of_staff(id), form, sentences.problem(seen.problem))
    form.kept.data = upload.keep(received, id, form.zone.data)
    if seen.doubts and not (form.sure.data and received.seen_in == form.zone.data):
        received = replace(received, seen_in=form.zone.data)
        return _ask(webinar_of_staff(id), form, doubts=seen.doubts, received=received)
    return _taken_in(id, received, seen.report, form.zone.data)


@blueprint.post("/report/told")
@open_to(Audience.ADMINISTRATOR)
def take_told(id: int) -> ResponseReturnValue:
    """Take in what the platform itself told of who was connected."""
    activity = webinar_of_staff(id)
    deciding.unsettled(db.db.session, id)
    rows = presence_rows(db.db.session, activity)
    if not rows:
        flash(_("The platform has told nothing yet."), "warn")
        return redirect(url_for(".report", id=id), 303)
    name = _("as the platform told it.json")
    received, title = upload.Upload(name, told.content_of(rows)), activity.title
    db.breathe(db.db.session)
    return _taken_in(id, received, told.report_of(rows, title), "UTC")


@blueprint.get("/report/<int:report_id>/file")
@open_to(Audience.ADMINISTRATOR)
def file(id: int, report_id: int) -> ResponseReturnValue:
    """The file as it came, for as long as it is kept."""
    activity = webinar_of_staff(id)
    found = one_or_404(PresenceReport.of(activity).where(PresenceReport.id == report_id))
    content = upload.content_of(found.file_digest)
    if content is None:
        abort(404)
    return send_file(
        BytesIO(content), mimetype="application/octet-stream", as_attachment=True,
        download_name=found.file_name, etag=False, max_age=0,
    )  # fmt: skip


@blueprint.post("/confirmations")
@open_to(Audience.ADMINISTRATOR)
def confirm(id: int) -> ResponseReturnValue:
    """Yes to every suggestion that is alike enough."""
    activity, form = webinar_of_staff(id), ConfirmationForm()
    if not form.validate_on_submit():
        abort(422, description=_("Please choose how alike the names have to be."))
    deciding.unsettled(db.db.session, id)
    count = deciding.confirm(
        db.db.session, activity, form.least.data or 100, by=current_person(), at=now()
    )
    flash(sentences.confirmed(count), "good")
    return redirect(url_for(".show", id=id), 303)


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
        activity=activity, one=unmatched_one(activity, participant), search=search, q=q,
        found=eligible(db.db.session, activity, q) if q else [],
        settlement=queries.settlement(db.db.session, activity), said=sentences,
        within=intake.session_of(activity),
    )  # fmt: skip


def _decide(activity: Activity, participant: Participant, form: DecisionForm) -> None:
    session, by, at = db.db.session, current_person(), now()
    if form.decision.data == "match":
        enrolment = one_or_404(
            enrolled_one(activity, min(form.enrolment.data or 0, db.LARGEST_KEY))
        )
        deciding.match(session, participant, enrolment, by=by, at=at, remember=form.remember.data)
    elif form.decision.data == "aside":
        deciding.set_aside(session, participant, reason=form.reason.data or "", by=by, at=at)
    else:
        deciding.reopen(session, participant, by=by, at=at)


def _taken_in(id: int, received: upload.Upload, read: Any, zone: str) -> ResponseReturnValue:
    """Match outside any transaction, then write down what was read in one of its own."""
    with db.reading() as reader:
        known = intake.candidates(reader, id)
    matches = match(read.participants, known, read.provider)
    taken, is_new = intake.take_in(
        db.db.session, webinar_of_staff(id), read, matches,
        digest=received.digest, file_name=received.name, zone=zone, by=current_person(), at=now(),
    )  # fmt: skip
    if is_new:
        files.keep(received.content)
    flash(sentences.taken_in(taken, is_new=is_new), "good")
    return redirect(url_for(".show", id=id), 303)


def _ask(activity: Activity, form: ReportForm, fault: str = "", **more: Any) -> ResponseReturnValue:
    if fault:
        form.file.errors = [*form.file.errors, fault]
    return render_form(
        "attendance/report.html",
        form,
        activity=activity,
        said=sentences,
        told=told_people(db.db.session, activity),
        **more,
    )
