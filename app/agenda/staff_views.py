"""The desk of the course administrators: what their societies plan, announce and hold."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.base import ExecutableOption
from werkzeug.wrappers import Response

from app import locale
from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import queries, words
from app.agenda.board_views import tell_of_the_day
from app.agenda.consents import digest
from app.agenda.filters import Filters
from app.agenda.forms import FORMS, HoursForm, PlanForm, TextsForm, WebinarTextsForm, filled
from app.agenda.models import Activity, Kind, Speaker, against
from app.agenda.series import Series
from app.agenda.template_views import prefilled
from app.clock import now
from app.db import db, hold
from app.forms import render_form
from app.societies.models import Office, Society

blueprint = Blueprint("agenda_staff", __name__, url_prefix="/desk/activities")
Page = Response | str | tuple[str, int]


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index() -> str:
    """What the person's societies plan (drafts), have to come, and have held."""
    which = request.args.get("which", "upcoming")
    if which not in {"upcoming", "drafts", "past"}:
        abort(404)
    societies, of = queries.badges(db.session), society_ids(Office.COURSE_ADMINISTRATOR)
    after = queries.Key.read(request.args.get("after", ""))
    if which == "drafts":
        start = after.id if after else 0
        page = queries.drafts(db.session, societies, of=of, after=start)
    else:
        filters = Filters(past=which == "past")
        page = queries.page(db.session, filters, societies, at=now(), after=after, of=of)
    return render_template("agenda_staff/index.html", page_of=page, which=which, is_first=not after)


@blueprint.route("/new/<any(webinar, course):kind>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def plan(kind: str) -> Page:
    form = FORMS[Kind(kind)](data=prefilled())
    societies = _offer(form)
    if _wants_rows(form):
        return render_template("agenda_staff/plan.html", form=form, activity=None)
    if form.validate_on_submit() and _is_possible(form, societies, now()):
        lead, others = form.held_by(societies)
        activity = Activity.draft(
            db.session, form.plan, form.texts, lead=lead, others=others,
            by=current_person(), at=now(),
        )  # fmt: skip
        flash(_("The draft is saved. Look at the preview, then announce it."), "good")
        tell_of_the_day(activity)
        return redirect(url_for(".show", id=activity.id), 303)
    return render_form("agenda_staff/plan.html", form, activity=None)


@blueprint.get("/<int:id>")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> str:
    activity, at = _within_reach(id), now()
    asked_of = None if activity.is_announced else _asked_of(activity)
    return render_template(
        "agenda_staff/show.html",
        activity=activity,
        at=at,
        told=words.told(activity, at=at, zone=locale.zone()),
        leads=activity.lead.id in society_ids(Office.COURSE_ADMINISTRATOR),
        series=db.session.scalars(Series.holding(activity.id)).first(),
        has_started=activity.has_started(at),
        has_ended=activity.has_ended(at),
        obstacles=[] if activity.is_announced else activity.obstacles(at=at),
        asked_of=asked_of,
        seen=digest(activity) if asked_of else "",
        consented=[one.society.short for one in activity.consents if one.void_at is None],
    )


@blueprint.get("/<int:id>/preview")
@open_to(Audience.ADMINISTRATOR)
def preview(id: int) -> str:
    """Exactly the public page, before anybody else can open it."""
    activity = _within_reach(id, selectinload(Activity.named).joinedload(Speaker.profile))
    told = words.told(activity, at=now(), zone=locale.zone())
    return render_template("agenda/show.html", activity=activity, told=told, is_preview=True)


@blueprint.route("/<int:id>/plan", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def revise(id: int) -> Page:
    """A draft may change in everything; what is announced only in its words."""
    activity = _led(id)
    if activity.is_announced:
        return redirect(url_for(".amend", id=id), 303)
    form = FORMS[activity.kind](data=filled(activity))
    societies = _offer(form)
    if _wants_rows(form):
        return render_template("agenda_staff/plan.html", form=form, activity=activity)
    if form.validate_on_submit() and _is_possible(form, societies, now()):
        lead, others = form.held_by(societies)
        activity.revise(
            form.plan, form.texts, lead=lead, others=others, by=current_person(), at=now()
        )
        flash(_("The draft is saved."), "good")
        tell_of_the_day(activity)
        return redirect(url_for(".show", id=id), 303)
    return render_form("agenda_staff/plan.html", form, activity=activity)


@blueprint.route("/<int:id>/texts", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def amend(id: int) -> Page:
    activity = _led(id)
    if not activity.is_announced:
        return redirect(url_for(".revise", id=id), 303)
    form = (WebinarTextsForm if activity.is_webinar else TextsForm)(data=filled(activity))
    if _wants_rows(form):
        return render_template("agenda_staff/amend.html", form=form, activity=activity)
    if form.validate_on_submit() and not form.refuse_newcomers(activity.owing(form.texts)):
        activity.amend(form.texts, by=current_person(), at=now())
        flash(_("Saved. The agenda shows it now."), "good")
        return redirect(url_for(".show", id=id), 303)
    return render_form("agenda_staff/amend.html", form, activity=activity)


@blueprint.post("/<int:id>/announcement")
@open_to(Audience.ADMINISTRATOR)
def announce(id: int) -> Response:
    activity = _led(id)
    activity.announce(by=current_person(), at=now())
    flash(_("%(title)s is announced. It is on the agenda.", title=activity.title), "good")
    return redirect(url_for(".show", id=id), 303)


def _within_reach(id: int, *besides: ExecutableOption) -> Activity:
    """An activity of a society in which the person is course administrator."""
    reach = Activity.organised_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(reach.where(Activity.id == id).options(*besides))


def _led(id: int) -> Activity:
    """An activity that the person's own society leads: only that one changes it.

    Who sends a form holds it until the end: what is announced is what was weighed.
    """
    if request.method == "POST":
        hold(db.session, select(Activity.id).where(Activity.id == id))
    reach = Activity.led_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(reach.where(Activity.id == id))


def _offer(form: PlanForm) -> list[Society]:
    session: Session = db.session
    societies = list(session.scalars(Society.by_name()))
    own = set(society_ids(Office.COURSE_ADMINISTRATOR))
    form.offer([s for s in societies if s.id in own], societies)
    return societies


def _wants_rows(form: TextsForm) -> bool:
    """The buttons that add rows for speakers or a session, and save nothing."""
    if not form.is_submitted():
        return False
    if "more" in request.form:
        form.spare()
    elif "more_sessions" in request.form and isinstance(form, HoursForm):
        form.add_session()
    else:
        return False
    return True


def _is_possible(form: PlanForm, societies: list[Society], at: datetime) -> bool:
    lead, others = form.held_by(societies)
    found = against(db.session, form.plan, form.texts, [lead, *others], at=at)
    return not form.refuse(found)


def _asked_of(activity: Activity) -> Society | None:
    """The society of the person whose consent is awaited, if any is."""
    mine = society_ids(Office.COURSE_ADMINISTRATOR)
    return next((s for s in activity.awaited_consents if s.id in mine), None)
