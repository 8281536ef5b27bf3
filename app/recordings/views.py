"""Publishing the recording of a webinar, at the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda.models import Activity, Kind
from app.calls import CallFailed
from app.clock import now
from app.db import breathe, db
from app.errors import Refusal
from app.forms import render_form
from app.meetings.jobs import anywhere
from app.meetings.models import Meeting
from app.meetings.platform import Film
from app.recordings import publishing
from app.recordings.forms import RecordingForm
from app.recordings.models import Recording
from app.recordings.queries import last_day
from app.societies.models import Office

blueprint = Blueprint("recordings", __name__, url_prefix="/desk/activities/<int:id>/recording")
GOOD_FOR = timedelta(days=365)


@blueprint.route("", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> ResponseReturnValue:
    """The course that the recording became, or the form to make one of it."""
    webinar, at = _webinar(id), now()
    recording = _recording(webinar)
    against = publishing.obstacles(webinar, published=recording is not None, at=at)
    leads = webinar.lead.id in society_ids(Office.COURSE_ADMINISTRATOR)
    if request.method == "GET" and (recording or against or not leads):
        return render_template(
            "recordings/show.html", webinar=webinar, recording=recording, obstacles=against,
            last_day=last_day(recording.course.registration_until, webinar.zone)
            if recording else None,
        )  # fmt: skip
    if not leads:
        raise Refusal(_("Only the society that leads a webinar publishes its recording."))
    Refusal.unless_none(against)
    form = _form(webinar, at)
    if form.validate_on_submit() and form.blame(
        publishing.against(webinar, form.publication, at=at)
    ):
        made = publishing.publish(db.session, webinar, form.publication, by=current_person(), at=at)
        db.session.flush()
        flash(_("The course is drafted. Write its test, then announce it."), "good")
        return redirect(url_for("assessments_staff.show", id=made.course_id), 303)
    return render_form("recordings/publish.html", form, webinar=webinar, has_meetings=_asked(id))


@blueprint.get("/found")
@open_to(Audience.ADMINISTRATOR)
def find(id: int) -> ResponseReturnValue:
    """Ask the platform what it has recorded; nothing is kept of the answer."""
    webinar = _webinar(id)
    asked = [(m.account.platform(anywhere=anywhere(), tries=1), m.room) for m in _asked(id)
             if m.account is not None]  # fmt: skip
    title, films, failures = webinar.title, list[Film](), list[str]()
    breathe(db.session)
    for platform, room in asked:
        try:
            films += platform.recordings(room)
        except CallFailed as failed:
            failures.append(str(failed.says))
    return render_template(
        "recordings/found.html", id=id, title=title, films=films, failures=failures
    )


def _form(webinar: Activity, at: datetime) -> RecordingForm:
    return RecordingForm(
        data={
            "title": _("Recording: %(title)s", title=webinar.title)[:200],
            "address": request.args.get("address", "")[:1000],
            "minutes": webinar.minutes,
            "expires_on": (at + GOOD_FOR).date(),
        }
    )


def _recording(webinar: Activity) -> Recording | None:
    return db.session.scalars(
        select(Recording)
        .where(Recording.webinar_id == webinar.id)
        .options(joinedload(Recording.course).joinedload(Activity.announcement))
    ).one_or_none()


def _asked(id: int) -> list[Meeting]:
    """The meetings of a webinar on platforms that may have recorded them."""
    meetings = db.session.scalars(
        select(Meeting)
        .where(Meeting.activity_id == id, Meeting.account_id.is_not(None))
        .where(Meeting.external_id != "", Meeting.ended_at.is_(None))
        .options(joinedload(Meeting.account))
    )
    return list(meetings.unique())


def _webinar(id: int) -> Activity:
    reach = Activity.organised_by(society_ids(Office.COURSE_ADMINISTRATOR))
    return one_or_404(reach.where(Activity.id == id, Activity.kind == Kind.WEBINAR))
