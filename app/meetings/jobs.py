"""What is done on platforms, outside any transaction, and written down when it is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, insert, literal, select
from sqlalchemy.orm import Session

from app import db
from app.addresses import external_url
from app.calls import CallFailed
from app.clock import now
from app.enrolments.models import Enrolment, Place
from app.jobs import backoff, chore, job
from app.meetings.accounts import PlatformAccount
from app.meetings.forgetting import due, forget
from app.meetings.hearing import hear
from app.meetings.joining import guest_of, take_seat
from app.meetings.making import astray, ended, follow, made, to_fetch, to_open
from app.meetings.models import MAX_ATTEMPTS, Meeting, Seat, Task, claim, claim_seat
from app.meetings.platform import Platform, Provider, Room, Stay, Wish
from app.meetings.telling import from_stays
from app.sealed import CannotOpen
from app.texts import gettext as _

log = logging.getLogger("confer.meetings")
SEATS_FROM = timedelta(hours=24)
"""So long before a session, everybody's own address is fetched; who comes later gets it then."""
REPORT_AGAIN = 900.0


@dataclass
class Errand:
    """What is to be done on a platform, with everything that it takes; then its outcome."""

    task: Task
    platform: Platform
    wish: Wish
    room: Room
    again: bool
    new_room: Room | None = None
    stays: list[Stay] = field(default_factory=list)


def anywhere() -> bool:
    """Whether platforms may lie in a private network."""
    return bool(current_app.config["SETTINGS"].calls_anywhere)


def wish_of(meeting: Meeting) -> Wish:
    """The meeting as its platform is asked for it."""
    hook = minutes = ""
    if meeting.account is not None and meeting.account.provider is Provider.BIGBLUEBUTTON:
        token = meeting.account.secrets["hook"]
        hook = external_url("meetings_hooks.bigbluebutton", token=token, key=meeting.key)
        minutes = external_url("meetings_hooks.minutes", token=token)
    page = external_url("agenda.show", id=meeting.activity_id)
    return meeting.wish(page=page, hook=hook, minutes_hook=minutes)


def _due(session: Session, at: datetime, limit: int) -> Sequence[int]:
    waiting = select(Meeting.id).where(
        Meeting.task.is_not(None), Meeting.has_failed.is_(False), Meeting.next_at <= at
    )
    return session.scalars(waiting.order_by(Meeting.next_at).limit(limit)).all()


def _oldest(session: Session) -> datetime | None:
    waiting = select(Meeting.next_at).where(
        Meeting.task.is_not(None), Meeting.has_failed.is_(False)
    )
    return session.scalars(waiting.order_by(Meeting.next_at).limit(1)).first()


@job("meetings.act", due=_due, oldest=_oldest)
def act(meeting_id: int) -> None:
    """Do what is to be done about one meeting."""
    with db.writing() as session:
        if not claim(session, meeting_id, at=now()):
            return
        meeting = session.get_one(Meeting, meeting_id)
        errand = _errand(session, meeting)
    if errand is None:
        return
    failed = _carry_out(errand)
    with db.writing() as session:
        meeting = session.get_one(Meeting, meeting_id, with_for_update=True)
        if failed is not None:
            _write_failure(meeting, errand, failed)
        else:
            _write_down(session, meeting, errand)


def _errand(session: Session, meeting: Meeting) -> Errand | None:
    assert meeting.task is not None
    account = meeting.account
    try:
        if account is None or account.retired_at is not None or account.missing:
            raise CannotOpen("the account is not used any longer, or lacks a credential")
        if meeting.attempts > MAX_ATTEMPTS:
            raise CallFailed(_("The worker ended every time it was tried."), is_lasting=True)
        return Errand(meeting.task, account.platform(anywhere=anywhere()), wish_of(meeting),
                      meeting.room, again=meeting.attempts > 1)  # fmt: skip
    except CannotOpen:
        told = _("The credentials of the account cannot be read. Enter them anew.")
        meeting.postpone(told, at=now(), is_lasting=True, after=None)
    except CallFailed as failed:
        meeting.postpone(failed.says, at=now(), is_lasting=True, after=None)
    return None


def _carry_out(errand: Errand) -> CallFailed | None:
    try:
        DEEDS[errand.task](errand)
    except CallFailed as failed:
        return failed
    except Exception as failure:  # a platform's answer never ends a worker
        log.exception("a platform could not be dealt with")
        return CallFailed(
            _("Something unforeseen happened: %(kind)s.", kind=type(failure).__name__)
        )
    return None


def _make(errand: Errand) -> None:
    errand.new_room = errand.platform.create(errand.wish, again=errand.again)


def _end(errand: Errand) -> None:
    if errand.room.id:
        errand.platform.end(errand.room)


def _fetch(errand: Errand) -> None:
    errand.stays = errand.platform.presence(errand.room)


DEEDS: dict[Task, Callable[[Errand], None]] = {
    Task.MAKE: _make,
    Task.CHANGE: lambda errand: errand.platform.change(errand.room, errand.wish),
    Task.OPEN: lambda errand: errand.platform.open(errand.room, errand.wish),
    Task.END: _end,
    Task.FETCH: _fetch,
}


def _write_down(session: Session, meeting: Meeting, errand: Errand) -> None:
    """What was done is so; what was asked meanwhile stays to be done."""
    if errand.task is Task.MAKE and errand.new_room is not None and meeting.made_at is None:
        made(session, meeting, errand.new_room, at=now())
    elif errand.task is Task.OPEN:
        meeting.opened_at = now()
    elif errand.task is Task.FETCH:
        hear(session, meeting, from_stays(errand.stays), at=now())
        meeting.fetched_at = now()
    if meeting.task is errand.task:
        if errand.task is Task.END:
            ended(meeting, at=now())
            return
        as_wished = (errand.wish.starts_at, errand.wish.ends_at, errand.wish.title)
        meeting.settle()
        if as_wished != (meeting.starts_at, meeting.ends_at, meeting.title):
            meeting.set(Task.CHANGE, at=now())


def _write_failure(meeting: Meeting, errand: Errand, failed: CallFailed) -> None:
    if meeting.task is not errand.task:
        return
    waits_for_report = errand.task is Task.FETCH
    meeting.postpone(
        failed.says,
        at=now(),
        is_lasting=failed.is_lasting and not waits_for_report,
        after=max(failed.after or 0, REPORT_AGAIN) if waits_for_report else failed.after,
    )


@chore("meetings.follow")
def follow_the_plan() -> None:
    """Move, open, end and ask about meetings as the plan and the hour want it."""
    at = now()
    with db.reading() as session:
        quiet = all(
            session.scalars(query(at).limit(1)).first() is None
            for query in (astray, to_open, to_fetch)
        )
    if not quiet:
        with db.writing() as session:
            follow(session, at=at)


@chore("meetings.seats")
def prepare_seats() -> None:
    """Note who needs an address of their own for the sessions of the next day."""
    at = now()
    missing = _without_seat(at)
    with db.reading() as session:
        if session.execute(missing.limit(1)).first() is None:
            return
    with db.writing() as session:
        columns = ["meeting_id", "enrolment_id", "next_at", "guest", "address", "last_error",
                   "waits", "attempts"]  # fmt: skip
        session.execute(insert(Seat).from_select(columns, missing.limit(1000)))


def _without_seat(at: datetime) -> Select[*tuple[Any, ...]]:
    """Rows of seats that ought to be there."""
    return (
        select(
            Meeting.id, Enrolment.id, literal(at, Seat.next_at.type), literal(""), literal(""),
            literal(""), literal(True), literal(0),
        )
        .select_from(Meeting)
        .join(PlatformAccount, PlatformAccount.id == Meeting.account_id)
        .join(Enrolment, Enrolment.activity_id == Meeting.activity_id)
        .join(Place, Place.enrolment_id == Enrolment.id)
        .outerjoin(Seat, (Seat.meeting_id == Meeting.id) & (Seat.enrolment_id == Enrolment.id))
        .where(
            PlatformAccount.provider == Provider.ZOOM,
            PlatformAccount.retired_at.is_(None),
            Meeting.made_at.is_not(None),
            Meeting.ended_at.is_(None),
            Meeting.ends_at > at,
            Meeting.starts_at <= at + SEATS_FROM,
            Enrolment.ended_at.is_(None),
            Seat.id.is_(None),
        )
        .order_by(Meeting.starts_at, Enrolment.id)
    )  # fmt: skip


def _due_seats(session: Session, at: datetime, limit: int) -> Sequence[int]:
    waiting = (
        select(Seat.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Seat.waits, Seat.next_at <= at, Meeting.ends_at > at, Meeting.ended_at.is_(None))
    )
    return session.scalars(waiting.order_by(Seat.next_at, Seat.id).limit(limit)).all()


def _oldest_seat(session: Session) -> datetime | None:
    """Seats are a convenience: who comes without one is let in all the same."""
    return None


@job("meetings.seat", due=_due_seats, oldest=_oldest_seat)
def seat(seat_id: int) -> None:
    """Fetch one person's own address into a meeting."""
    with db.writing() as session:
        if not claim_seat(session, seat_id, at=now()):
            return
        found = session.get_one(Seat, seat_id)
        meeting, guest = found.meeting, guest_of(found.enrolment)
        account, room = meeting.account, meeting.room
        try:
            if account is None or account.retired_at is not None:
                raise CannotOpen
            platform = account.platform(anywhere=anywhere(), tries=1)
        except CannotOpen:
            found.waits = False
            return
    try:
        entrance, failed = platform.join_address(room, guest), None
    except CallFailed as failure:
        entrance, failed = None, failure
    with db.writing() as session:
        found = session.get_one(Seat, seat_id)
        if entrance is not None:
            take_seat(session, found.meeting, found.enrolment, entrance, at=now())
        elif failed is not None:
            found.last_error = failed.says[:500]
            found.waits = not failed.is_lasting and found.attempts < MAX_ATTEMPTS
            wait = max(backoff(found.attempts), timedelta(seconds=failed.after or 0))
            found.next_at = now() + wait


@chore("meetings.forget")
def forget_old() -> None:
    """Some webinars in every sweep, each in a transaction of its own."""
    with db.reading() as session:
        waiting = due(session, at=now(), limit=5)
    for activity_id in waiting:
        with db.writing() as session:
            forget(session, activity_id, at=now())
