"""Who takes part: the list for the course administrators of the organising societies."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.addresses import key_asked
from app.agenda.models import Activity
from app.clock import now
from app.db import db, reading
from app.enrolments import booking, export, queries
from app.enrolments.forms import CapacityForm, SearchForm
from app.enrolments.models import Enrolment
from app.enrolments.queries import Places
from app.errors import Refusal
from app.societies.models import Office
from app.web import attached

blueprint = Blueprint("enrolments_staff", __name__, url_prefix="/desk/activities/<int:id>")
SHOWN = {"place", "waiting", "withdrawn"}


@blueprint.get("/participants")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> ResponseReturnValue:
    activity = _within_reach(id)
    counts = _counts(activity)
    if not _may_resize(activity):
        return _list(activity, counts, None)
    return _list(activity, counts, CapacityForm(counts.taken, capacity=activity.capacity))


@blueprint.post("/capacity")
@open_to(Audience.ADMINISTRATOR)
def resize(id: int) -> ResponseReturnValue:
    activity = one_or_404(_led().where(Activity.id == id))
    if activity.has_ended(now()):
        raise Refusal(_("This is over: the number of its places stands."))
    counts = _counts(activity)
    form = CapacityForm(counts.taken)
    if not form.validate_on_submit():
        return _list(activity, counts, form), 422
    promoted = booking.resize(
        db.session, activity, form.capacity.data, by=current_person(), at=now()
    )
    flash(_said(promoted), "good")
    return redirect(url_for(".index", id=id), 303)


@blueprint.get("/participants.csv")
@open_to(Audience.ADMINISTRATOR)
def download(id: int) -> ResponseReturnValue:
    activity = _within_reach(id)
    with reading() as session:
        text = export.table(session, activity)
    return attached(Response(text, mimetype="text/csv"), f"participants-{id}.csv")


def _within_reach(id: int) -> Activity:
    mine = Activity.organised_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(mine.where(Activity.id == id))


def _led() -> Select[Activity]:
    """What the person's own society leads: only that one changes the number of places."""
    return Activity.led_by(society_ids(Office.COURSE_ADMINISTRATOR))


def _may_resize(activity: Activity) -> bool:
    leads = activity.lead.id in society_ids(Office.COURSE_ADMINISTRATOR)
    return leads and not activity.has_ended(now())


def _counts(activity: Activity) -> Places:
    return queries.places(db.session, [activity.id], None)[activity.id]


def _list(activity: Activity, counts: Places, form: CapacityForm | None) -> str:
    search = SearchForm(request.args)
    search.validate()
    show = request.args.get("show", "")
    asked = search.q.data or ""
    page = queries.of_activity(
        db.session,
        activity,
        q=asked[:100],
        show=show if show in SHOWN else "",
        after=key_asked("after"),
        before=key_asked("before"),
    )
    return render_template(
        "enrolments_staff/index.html",
        activity=activity, counts=counts, withdrawn=queries.withdrawn(db.session, activity),
        listing=page, form=form, search=search, show=show, q=asked,
    )  # fmt: skip


def _said(promoted: Sequence[Enrolment]) -> str:
    if not promoted:
        return _("Saved.")
    return ngettext(
        "Saved. %(num)d person from the waiting list has a place now and is told by mail.",
        "Saved. %(num)d people from the waiting list have a place now and are told by mail.",
        len(promoted),
    )
