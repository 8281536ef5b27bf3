"""Coming in: a page with one button, which notes the press and leads to the room.

Opening the page changes nothing, so a mail program that looks at links presses nothing. The button
answers with a page of our own that goes on by itself: a form may only lead to this site, and the
room is on another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import Audience, current_person, me, one_or_404, open_to
from app.agenda.models import Activity
from app.agenda.planning import is_link
from app.calls import CallFailed
from app.clock import now
from app.db import breathe, db
from app.enrolments.models import Enrolment
from app.limits import Limit, guard
from app.meetings import joining, words
from app.meetings.jobs import anywhere, wish_of
from app.meetings.joining import Door
from app.meetings.models import Meeting
from app.meetings.platform import Platform, Provider
from app.sealed import CannotOpen

blueprint = Blueprint("meetings", __name__)
log = logging.getLogger("confer.meetings")
PRESSES = Limit("meetings.join", burst=12, seconds=5)
"""For one link, not for one network: a whole hospital may come in from one address."""


@blueprint.get("/join/<token>")
@open_to(Audience.EVERYONE)
def join(token: str) -> ResponseReturnValue:
    return _page(one_or_404(joining.enrolment_of(token)), url_for(".press", token=token))


@blueprint.post("/join/<token>")
@open_to(Audience.EVERYONE)
def press(token: str) -> ResponseReturnValue:
    guard((PRESSES, token))
    return _let_in(
        lambda: one_or_404(joining.enrolment_of(token)),
        url_for(".room", token=token),
        url_for(".join", token=token),
    )


@blueprint.get("/join/<token>/room")
@open_to(Audience.EVERYONE)
def room(token: str) -> ResponseReturnValue:
    return _room(one_or_404(joining.enrolment_of(token)), url_for(".join", token=token))


@blueprint.get("/enrolments/<int:id>/joining")
@open_to(Audience.SIGNED_IN)
def join_mine(id: int) -> ResponseReturnValue:
    """The same door for who is signed in."""
    return _page(_mine(id), url_for(".press_mine", id=id))


@blueprint.post("/enrolments/<int:id>/joining")
@open_to(Audience.SIGNED_IN)
def press_mine(id: int) -> ResponseReturnValue:
    guard((PRESSES, f"{current_person().id}/{id}"))
    return _let_in(lambda: _mine(id), url_for(".room_mine", id=id), url_for(".join_mine", id=id))


@blueprint.get("/enrolments/<int:id>/room")
@open_to(Audience.SIGNED_IN)
def room_mine(id: int) -> ResponseReturnValue:
    return _room(_mine(id), url_for(".join_mine", id=id))


def _page(enrolment: Enrolment, action: str) -> Response:
    at = now()
    found = joining.door(db.session, enrolment, at=at)
    is_own = (person := me()) is not None and person.id == enrolment.person_id
    return _quiet(
        render_template(
            "meetings/join.html", enrolment=enrolment, activity=enrolment.activity, door=found,
            action=action, at=at, zone=enrolment.person.zone, is_own=is_own,
            until=words.until(found.opens_at, at) if found.opens_at else "",
        )
    )  # fmt: skip


def _let_in(find: Callable[[], Enrolment], onward: str, back: str) -> ResponseReturnValue:
    """Note the press; see to it that the platform expects this person; go on."""
    enrolment = find()
    found = joining.door(db.session, enrolment, at=now())
    if not found.is_open:
        return redirect(back, 303)
    if found.meeting is not None and _is_unprepared(found.meeting, enrolment):
        _prepare(found.meeting, enrolment)
        enrolment = find()
    joining.note_click(db.session, enrolment, at=now())
    return redirect(onward, 303)


def _room(enrolment: Enrolment, back: str) -> ResponseReturnValue:
    found: Door = joining.door(db.session, enrolment, at=now())
    if not found.is_open:
        return redirect(back, 303)
    address = joining.address_for(db.session, found, enrolment, anywhere=anywhere())
    if not is_link(address):
        return redirect(back, 303)
    page = render_template("meetings/room.html", title=enrolment.activity.title, address=address)
    return _quiet(page)


def _is_unprepared(meeting: Meeting, enrolment: Enrolment) -> bool:
    if meeting.account is None:
        return False
    if meeting.account.provider is Provider.BIGBLUEBUTTON:
        return meeting.opened_at is None
    if meeting.account.provider is Provider.ZOOM:
        seat = joining.seat_of(db.session, meeting, enrolment)
        return seat is None or not seat.address
    return False


def _prepare(meeting: Meeting, enrolment: Enrolment) -> None:
    """What the worker has not done yet is done now; if that fails, the general address will do."""
    assert meeting.account is not None
    try:
        platform: Platform = meeting.account.platform(anywhere=anywhere(), tries=1)
    except CannotOpen:
        return
    guest, wish, made = joining.guest_of(enrolment), wish_of(meeting), meeting.room
    meeting_id, enrolment_id, provider = meeting.id, enrolment.id, meeting.account.provider
    breathe(db.session)
    try:
        if provider is Provider.BIGBLUEBUTTON:
            platform.open(made, wish)
            db.session.get_one(Meeting, meeting_id).opened_at = now()
        else:
            entrance = platform.join_address(made, guest)
            joining.take_seat(
                db.session, db.session.get_one(Meeting, meeting_id),
                db.session.get_one(Enrolment, enrolment_id), entrance, at=now(),
            )  # fmt: skip
    except CallFailed as failed:
        log.warning("nobody could be announced to meeting %s: %s", meeting_id, failed.says)


def _mine(id: int) -> Enrolment:
    """One of the reader's own enrolments in a webinar."""
    return one_or_404(
        select(Enrolment)
        .where(Enrolment.id == id, Enrolment.person_id == current_person().id)
        .options(
            joinedload(Enrolment.activity, innerjoin=True).selectinload(Activity.sessions),
            joinedload(Enrolment.person, innerjoin=True),
            joinedload(Enrolment.place),
        )
    )


def _quiet(page: str) -> Response:
    """A page whose address is a secret: it is not kept, not listed, and not told to the next."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
