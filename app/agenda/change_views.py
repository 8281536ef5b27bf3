"""The desk: moving and cancelling what is announced."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import locale
from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda import acts
from app.agenda.board_views import wished_day
from app.agenda.change_forms import CancelForm, RescheduleForm
from app.agenda.forms import filled
from app.agenda.models import Activity
from app.agenda.sessions import Window
from app.clock import now
from app.db import db
from app.errors import Refusal
from app.forms import render_form
from app.jobs import nudge
from app.societies.models import Office

blueprint = Blueprint("agenda_changes", __name__, url_prefix="/desk/activities/<int:id>")
Page = Response | str | tuple[str, int]


@blueprint.route("/hours", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def reschedule(id: int) -> Page:
    """Other hours: first what everyone enrolled would be told, then the act."""
    activity, at = _led(id), now()
    form = RescheduleForm(data={**filled(activity), **wished_day(activity.plan)})
    begun = sum(session.has_started(at) for session in activity.sessions)
    page = {"activity": activity, "begun": begun, "moves": None}
    if not request.form:
        _refuse_at_once(activity)
        return render_template("agenda_staff/reschedule.html", form=form, **page)
    if not form.validate_on_submit():
        return render_form("agenda_staff/reschedule.html", form, **page)
    hours, zone = acts.kept_hours(activity, form.hours, at), form.zone.data
    if form.refuse(acts.against_moving(activity, hours, zone, at=at)):
        return render_form("agenda_staff/reschedule.html", form, **page)
    if "sure" not in request.form:
        wanted: list[Window] = [
            (starts, ends)
            for hour in hours
            if (starts := hour.starts_at(zone)) and (ends := hour.ends_at(zone))
        ]
        page["moves"] = [
            (old, new) for old, new in zip(activity.windows, wanted, strict=True) if old != new
        ]
        return render_template("agenda_staff/reschedule.html", form=form, **page)
    acts.reschedule(
        activity, hours, zone, reason=form.reason.data or "", by=current_person(), at=at
    )
    nudge(db.session)
    time = locale.moment(activity.starts_at or at)
    flash(_("It is moved to %(time)s. Everyone enrolled is being told.", time=time), "good")
    return redirect(url_for("agenda_staff.show", id=id), 303)


@blueprint.route("/cancellation", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def cancel(id: int) -> Page:
    """Call it off: first what everyone enrolled would be told, then the act."""
    activity = _led(id)
    Refusal.unless_none(acts.against_cancelling(activity, at=now()))
    form = CancelForm()
    is_seen = form.validate_on_submit()
    if not is_seen or "sure" not in request.form:
        return _ask_to_cancel(activity, form, is_seen)
    acts.cancel(activity, reason=form.reason.data or "", by=current_person(), at=now())
    nudge(db.session)
    flash(_("It is cancelled. Everyone enrolled is being told."), "good")
    return redirect(url_for("agenda_staff.show", id=id), 303)


def _ask_to_cancel(activity: Activity, form: CancelForm, is_seen: bool) -> Page:
    if is_seen:
        return render_template(
            "agenda_staff/cancel.html", form=form, activity=activity, is_seen=True
        )
    return render_form("agenda_staff/cancel.html", form, activity=activity, is_seen=False)


def _refuse_at_once(activity: Activity) -> None:
    """Show no form for what cannot be moved any more."""
    at = now()
    hours = activity.plan.hours
    if len(hours) == sum(session.has_started(at) for session in activity.sessions) or (
        activity.is_cancelled or not activity.is_announced
    ):
        Refusal.unless_none(acts.against_moving(activity, hours, activity.zone, at=at))


def _led(id: int) -> Activity:
    """An activity that the person's own society leads: only that one moves or cancels it."""
    reach = Activity.led_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(reach.where(Activity.id == id))
