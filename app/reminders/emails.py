"""What a reminder says, with the hour on its reader's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import mail
from app.addresses import external_url
from app.agenda.models import Activity
from app.agenda.profiles import Material
from app.enrolments.emails import JOIN_LINKS
from app.enrolments.models import Enrolment
from app.evaluations.queries import Invitation, invitation
from app.locale import abbreviation, clock, moment
from app.meetings.models import JoinLink
from app.outbox.models import Message
from app.recordings import queries as recordings
from app.reminders import stopping
from app.reminders.kinds import Kind, Round
from app.texts import gettext as _


def letters(
    session: Session, one: Round, activity: Activity, enrolments: Sequence[Enrolment], at: datetime
) -> list[Message]:
    """The letters of this round to these people."""
    facts = {
        "title": activity.title,
        "is_soon": one.kind is Kind.HOUR,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "number": one.number,
        "of": one.of,
        "societies": [society.short for society in activity.societies],
        "was_present": one.only_present,
        "wishes_url": external_url("reminders.mine"),
    }
    if not one.is_before:
        material = session.scalars(Material.of(activity))
        facts["has_material"] = any(file.is_open(activity, at) for file in material)
        facts |= _afterwards(session, activity, at)
    ids = [enrolment.id for enrolment in enrolments]
    known = session.scalars(select(JoinLink).where(JoinLink.enrolment_id.in_(ids))).all()
    asked = None if one.is_before else invitation(session, activity, at=at)
    found = [
        _compose(session, one, enrolment, facts | _evaluation(asked, enrolment), at)
        for enrolment in enrolments
    ]
    del known  # held until here, so that no link was asked for by itself
    return found


def _afterwards(session: Session, activity: Activity, at: datetime) -> dict[str, str]:
    """Where its recording is, if that can be started."""
    recording = recordings.shown(session, activity, at=at)
    if recording is None or not recording.is_open:
        return {}
    return {"recording_url": external_url("agenda.show", id=recording.id)}


def _evaluation(asked: Invitation | None, enrolment: Enrolment) -> dict[str, object]:
    """Where one evaluates, until when, for who can and has not."""
    if asked is None or enrolment.id in asked.given:
        return {}
    return {
        "evaluation_url": external_url("evaluations.show", id=enrolment.id),
        "evaluation_until": asked.until,
        "evaluation_is_needed": asked.is_needed,
    }


def _compose(
    session: Session, one: Round, enrolment: Enrolment, facts: dict[str, Any], at: datetime
) -> Message:
    person = enrolment.person
    stop = stop_link(person.id)
    return mail.compose(
        f"reminders/{'before' if one.is_before else 'afterwards'}",
        to=person.address,
        subject=_subject(one, facts["title"], person.zone),
        at=at,
        person_id=person.id,
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        name=person.name,
        zone=person.zone,
        url=external_url("enrolments.show", id=enrolment.id),
        join_url=_join_url(session, enrolment) if one.is_before else "",
        presence_url=external_url("attendance_own.show", id=enrolment.id),
        stop_url=stop,
        **facts,
    )


def stop_link(person_id: int) -> str:
    """The address that ends a person's reminders with one press."""
    token = stopping.token(current_app.config["SETTINGS"].secret_key, person_id)
    return external_url("reminders.stop", token=token)


def _subject(one: Round, title: str, zone: str) -> str:
    if one.kind is Kind.AFTERWARDS:
        return _("Thank you: %(title)s", title=title)
    if one.kind is Kind.HOUR:
        hour = f"{clock(one.starts_at, zone)} {abbreviation(one.starts_at, zone)}"
        return _("Starts at %(time)s: %(title)s", time=hour, title=title)
    return _("%(time)s: %(title)s", time=moment(one.starts_at, zone), title=title)


def _join_url(session: Session, enrolment: Enrolment) -> str:
    """The person's own link into the room, if rooms write such links."""
    return next((write(session, enrolment) for write in JOIN_LINKS), "")
