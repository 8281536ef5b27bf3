"""What people are told about their enrolments, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app import mail
from app.addresses import external_url
from app.agenda import calendar
from app.agenda.changes import Cancellation, Rescheduling
from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.texts import gettext as _

JOIN_LINKS: list[Callable[[Session, Enrolment], str]] = []
"""Where the rooms of webinars are, there is also how one person's link into them is written."""


def confirm(session: Session, enrolment: Enrolment, *, at: datetime) -> None:
    """You have a place, or you are on the waiting list."""
    title = enrolment.activity.title
    if enrolment.has_place:
        subject = _("You are enrolled: %(title)s", title=title)
        _write(session, enrolment, "enrolled", subject, at=at, with_calendar=True)
    else:
        subject = _("You are on the waiting list: %(title)s", title=title)
        _write(session, enrolment, "waiting", subject, at=at)


def promote(session: Session, enrolment: Enrolment, *, at: datetime) -> None:
    """A place has become free, and it is yours."""
    subject = _("You have a place: %(title)s", title=enrolment.activity.title)
    _write(session, enrolment, "promoted", subject, at=at, with_calendar=True)


def say_goodbye(session: Session, enrolment: Enrolment, *, at: datetime) -> None:
    """You have left."""
    subject = _("You have left: %(title)s", title=enrolment.activity.title)
    _write(session, enrolment, "withdrawn", subject, at=at)


def _write(
    session: Session,
    enrolment: Enrolment,
    template: str,
    subject: str,
    *,
    at: datetime,
    with_calendar: bool = False,
) -> None:
    activity, person = enrolment.activity, enrolment.person
    page = external_url("agenda.show", id=activity.id)
    entry = (
        [{"name": "confer.ics", "type": "text/calendar", "text": calendar.entry(activity, page)}]
        if with_calendar and activity.is_webinar
        else []
    )
    mail.write(
        session,
        f"enrolments/{template}",
        to=person.address,
        subject=subject,
        at=at,
        person_id=person.id,
        attachments=entry,
        name=person.name,
        zone=person.zone,
        title=activity.title,
        is_webinar=activity.is_webinar,
        starts_at=activity.starts_at if activity.is_webinar else None,
        ends_at=activity.ends_at,
        windows=activity.windows,
        societies=[society.short for society in activity.societies],
        url=external_url("enrolments.show", id=enrolment.id),
        join_url=_join_url(session, enrolment),
        activity_url=page,
    )


def _join_url(session: Session, enrolment: Enrolment) -> str:
    """The person's own link to join, for who has a place in a webinar."""
    if not (enrolment.has_place and enrolment.activity.is_webinar):
        return ""
    return next((write(session, enrolment) for write in JOIN_LINKS), "")


def tell_moved(
    session: Session, enrolment: Enrolment, activity: Activity, moving: Rescheduling, *,
    at: datetime,
) -> None:  # fmt: skip
    """It has another hour; keep your place or give it up."""
    subject = _("Moved: %(title)s", title=activity.title)
    _tell(session, enrolment, activity, "moved", subject, at=at, moves=moving.moves,
          reason=moving.reason)  # fmt: skip


def tell_cancelled(
    session: Session, enrolment: Enrolment, activity: Activity, ending: Cancellation, *,
    at: datetime,
) -> None:  # fmt: skip
    """It does not take place."""
    subject = _("Cancelled: %(title)s", title=activity.title)
    _tell(session, enrolment, activity, "cancelled", subject, at=at, windows=activity.windows,
          reason=ending.reason)  # fmt: skip


def _tell(
    session: Session, enrolment: Enrolment, activity: Activity, template: str, subject: str, *,
    at: datetime, **facts: object,
) -> None:  # fmt: skip
    """What the calendar of who has a place is to change goes with the letter."""
    person, page = enrolment.person, external_url("agenda.show", id=activity.id)
    entries = []
    if enrolment.has_place and activity.is_webinar:
        text = calendar.change(activity, page, organiser=mail.sender(), attendee=person.address)
        method = "CANCEL" if activity.is_cancelled else "REQUEST"
        kind = f"text/calendar; method={method}"
        entries.append({"name": "confer.ics", "type": kind, "text": text})
    mail.write(
        session, f"enrolments/{template}", to=person.address, subject=subject, at=at,
        person_id=person.id, attachments=entries, name=person.name, zone=person.zone,
        title=activity.title, has_place=enrolment.has_place,
        url=external_url("enrolments.show", id=enrolment.id), activity_url=page,
        agenda_url=external_url("agenda.index"), **facts,
    )  # fmt: skip
