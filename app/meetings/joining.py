"""The door: who may come in now, and at which address. Coming to the door proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app import sealed
from app.accounts.models import new_token, token_digest
from app.agenda.models import Activity
from app.agenda.sessions import WebinarSession
from app.enrolments.models import DOORS_OPEN, Enrolment
from app.journal.models import record
from app.meetings.accounts import PlatformAccount
from app.meetings.making import live
from app.meetings.models import Click, JoinLink, Meeting, Seat, Task
from app.meetings.platform import Entrance, Guest, Provider

AGAIN = timedelta(seconds=30)
"""Two presses within this time are one."""


class Opens(StrEnum):
    """How the door stands for one person."""

    OPEN = "open"
    EARLY = "early"
    NO_ROOM = "no room"
    """It is time, but the organisers have not said where."""
    OVER = "over"
    CANCELLED = "cancelled"
    NO_PLACE = "no place"


@dataclass(frozen=True)
class Door:
    """The door to the session that is on or comes next."""

    opens: Opens
    session: WebinarSession | None = None
    meeting: Meeting | None = None
    link: str = ""

    @property
    def opens_at(self) -> datetime | None:
        return self.session.starts_at - DOORS_OPEN if self.session else None

    @property
    def is_open(self) -> bool:
        return self.opens is Opens.OPEN


def door(session: Session, enrolment: Enrolment, *, at: datetime) -> Door:
    """How the door of a webinar stands for whoever is enrolled in it."""
    activity = enrolment.activity
    if activity.cancelled_at is not None:
        return Door(Opens.CANCELLED)
    of = coming(activity, at=at)
    if of is None:
        return Door(Opens.OVER)
    if not enrolment.has_place:
        return Door(Opens.NO_PLACE, of)
    if at < of.starts_at - DOORS_OPEN:
        return Door(Opens.EARLY, of)
    meeting = session.scalars(
        live(of).options(joinedload(Meeting.account).joinedload(PlatformAccount.society))
    ).first()
    if meeting is not None and meeting.is_made and meeting.task is not Task.END:
        return Door(Opens.OPEN, of, meeting, meeting.address)
    if activity.link and (meeting is None or activity.link != meeting.address):
        return Door(Opens.OPEN, of, link=activity.link)
    return Door(Opens.NO_ROOM, of)


def coming(activity: Activity, *, at: datetime) -> WebinarSession | None:
    """The session that is on, or the next one."""
    return next((one for one in activity.sessions if not one.has_ended(at)), None)


def link_token(session: Session, enrolment: Enrolment, *, at: datetime) -> str:
    """The secret of the enrolment's link; it is made when it is first written somewhere."""
    link = session.get(JoinLink, enrolment.id)
    if link is not None:
        try:
            return link.token
        except sealed.CannotOpen:  # the key is gone: letters from now on carry another link
            link.renew(new_token(), at=at)
            return link.token
    link = JoinLink(enrolment_id=enrolment.id)
    link.renew(new_token(), at=at)
    session.add(link)
    return link.token


def enrolment_of(token: str) -> Select[Enrolment]:
    """Whose link this is."""
    return (
        select(Enrolment)
        .join(JoinLink, JoinLink.enrolment_id == Enrolment.id)
        .where(JoinLink.token_digest == token_digest(token))
        .options(
            joinedload(Enrolment.activity, innerjoin=True).selectinload(Activity.sessions),
            joinedload(Enrolment.person, innerjoin=True),
            joinedload(Enrolment.place),
        )
    )


def note_click(session: Session, enrolment: Enrolment, *, at: datetime) -> Click | None:
    """Note that somebody pressed the button; pressed twice at once, it is one.

    Who had the link in hand is not known, so the journal names the place and no person.
    """
    latest = session.scalars(
        select(Click.at)
        .where(Click.enrolment_id == enrolment.id)
        .order_by(Click.at.desc())
        .limit(1)
    ).first()
    if latest is not None and at - latest < AGAIN:
        return None
    click = Click(enrolment_id=enrolment.id, at=at)
    session.add(click)
    activity = enrolment.activity
    record(session, "joining.pressed", by=None, at=at, on=enrolment,
           societies=activity.societies, activity=activity.id)  # fmt: skip
    return click


def guest_of(enrolment: Enrolment) -> Guest:
    person = enrolment.person
    return Guest(f"e{enrolment.id}", person.name, person.address)


def seat_of(session: Session, meeting: Meeting, enrolment: Enrolment) -> Seat | None:
    return session.scalars(
        select(Seat).where(Seat.meeting_id == meeting.id, Seat.enrolment_id == enrolment.id)
    ).one_or_none()


def take_seat(
    session: Session, meeting: Meeting, enrolment: Enrolment, entrance: Entrance, *, at: datetime
) -> None:
    """Keep the address that the platform gave this person."""
    seat = seat_of(session, meeting, enrolment)
    if seat is None:
        seat = Seat(meeting_id=meeting.id, enrolment_id=enrolment.id, next_at=at)
        session.add(seat)
    seat.address, seat.guest, seat.waits, seat.last_error = entrance.address, entrance.id, False, ""


def address_for(session: Session, found: Door, enrolment: Enrolment, *, anywhere: bool) -> str:
    """Where this person comes in, as far as is known without asking the platform."""
    meeting = found.meeting
    if meeting is None or meeting.account is None:
        return found.link
    if meeting.account.provider is Provider.BIGBLUEBUTTON:
        platform = meeting.account.platform(anywhere=anywhere)
        return platform.join_address(meeting.room, guest_of(enrolment)).address
    seat = seat_of(session, meeting, enrolment)
    return (seat.address if seat else "") or meeting.address
