"""The meetings of a webinar, at the desk: make, watch, enter, take back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.agenda.models import Activity, Kind
from app.agenda.planning import is_link
from app.calls import CallFailed
from app.clock import now
from app.db import db
from app.errors import Refusal
from app.forms import render_form
from app.journal.models import record
from app.meetings import making, words
from app.meetings.accounts import PlatformAccount
from app.meetings.forms import MeetingForm
from app.meetings.jobs import anywhere
from app.meetings.models import Meeting
from app.meetings.platform import Guest
from app.societies.models import Office

blueprint = Blueprint("meetings_staff", __name__, url_prefix="/desk")
Page = Response | str | tuple[str, int]


@blueprint.get("/activities/<int:id>/meetings")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> str:
    """Every session with its meeting, and how that stands."""
    activity, at = _webinar(id), now()
    meetings = list(db.session.scalars(Meeting.of(activity)).unique())
    by_session = {meeting.session_id: meeting for meeting in meetings}
    return render_template(
        "meetings_staff/index.html",
        activity=activity,
        rows=[(s, by_session.get(s.id), s.has_ended(at)) for s in activity.sessions],
        standing={m.id: words.standing(m, at) for m in meetings},
        ours={m.id for m in meetings if m.may_be_taken_back_for(_own())},
        waits=any(meeting.waits for meeting in meetings),
        providers=words.providers(),
        at=at,
    )


@blueprint.route("/activities/<int:id>/meetings/<int:part>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def make(id: int, part: int) -> Page:
    """Choose where a session is held."""
    activity = _webinar(id)
    session = next((one for one in activity.sessions if one.position == part), None)
    if session is None:
        raise Refusal(_("This session is not on the plan any longer."))
    offered = PlatformAccount.for_holding(activity, _own())
    accounts = {str(account.id): account for account in db.session.scalars(offered)}
    form = MeetingForm(data={"link": activity.link, "where": next(iter(accounts), "link")})
    form.offer({key: _called(account) for key, account in accounts.items()})
    if form.validate_on_submit() and _has_link(form):
        making.ask(
            db.session, activity, session, accounts.get(form.where.data),
            link=form.link.data or "", by=current_person(), at=now(),
        )  # fmt: skip
        flash(_("Saved.") if form.is_link else _("The meeting is being made."), "good")
        return redirect(url_for(".index", id=id), 303)
    return render_form("meetings_staff/make.html", form, activity=activity, session=session)


@blueprint.post("/meetings/<int:id>/retry")
@open_to(Audience.ADMINISTRATOR)
def retry(id: int) -> Response:
    meeting = _mine(id)
    making.try_again(db.session, meeting, by=current_person(), at=now())
    flash(_("It is tried again."), "good")
    return redirect(url_for(".index", id=meeting.activity_id), 303)


@blueprint.post("/meetings/<int:id>/withdrawal")
@open_to(Audience.ADMINISTRATOR)
def take_back(id: int) -> Response:
    meeting = _mine(id)
    if not meeting.may_be_taken_back_for(_own()):
        raise Refusal(
            _("The leading society takes it back, or the one on whose account it is held.")
        )
    if request.form.get("anyway"):
        making.give_up(db.session, meeting, by=current_person(), at=now())
    else:
        making.take_back(db.session, meeting, by=current_person(), at=now())
    flash(_("The meeting is taken back."), "good")
    return redirect(url_for(".index", id=meeting.activity_id), 303)


@blueprint.post("/meetings/<int:id>/report")
@open_to(Audience.ADMINISTRATOR)
def fetch(id: int) -> Response:
    """Ask the platform who was there."""
    meeting = _mine(id)
    making.fetch(db.session, meeting, by=current_person(), at=now())
    flash(_("The platform is asked who was there."), "good")
    return redirect(url_for(".index", id=meeting.activity_id), 303)


@blueprint.post("/meetings/<int:id>/entrance")
@open_to(Audience.ADMINISTRATOR)
def enter(id: int) -> Page:
    """Come in as one who may run the meeting."""
    meeting, person = _mine(id), current_person()
    if not meeting.is_made:
        raise Refusal(_("The meeting is not made yet."))
    record(db.session, "meeting.entered", by=person, at=now(), on=meeting,
           societies=meeting.activity.societies, activity=meeting.activity_id)  # fmt: skip
    address = meeting.address
    if meeting.account is not None:
        platform = meeting.account.platform(anywhere=anywhere(), tries=1)
        guest = Guest(f"p{person.id}", person.name, person.address, moderates=True)
        room, title = meeting.room, meeting.title
        db.session.commit()
        try:
            address = platform.host_address(room, guest)
        except CallFailed as failed:
            raise Refusal(failed.says) from None
    else:
        title = meeting.title
    if not is_link(address):
        raise Refusal(_("The platform gave no address."))
    return render_template("meetings/room.html", title=title, address=address)


def _own() -> list[int]:
    return society_ids(Office.COURSE_ADMINISTRATOR)


def _webinar(id: int) -> Activity:
    """A webinar of a society in which the person is course administrator."""
    reach = Activity.organised_by(_own())
    return one_or_404(reach.where(Activity.id == id, Activity.kind == Kind.WEBINAR))


def _mine(id: int) -> Meeting:
    """A meeting of a webinar within reach, with everything an act on it needs."""
    within = Activity.organised_by(_own()).with_only_columns(Activity.id)
    return one_or_404(
        select(Meeting)
        .where(Meeting.id == id, Meeting.ended_at.is_(None), Meeting.activity_id.in_(within))
        .options(joinedload(Meeting.account).joinedload(PlatformAccount.society))
    )


def _called(account: PlatformAccount) -> str:
    return f"{account.name} ({words.providers()[account.provider]}, {account.society.short})"


def _has_link(form: MeetingForm) -> bool:
    if form.is_link and not is_link(form.link.data or ""):
        form.link.errors = [*form.link.errors, _("A link begins with https://.")]
        return False
    return True
