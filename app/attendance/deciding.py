"""What an administrator decides about a participant, as long as presence is not settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance import unmatched
from app.attendance.models import Participant, Recognition, Settlement
from app.attendance.report import identity_of
from app.db import hold
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


def unsettled(session: Session, activity_id: int) -> None:
    """Hold the activity, so that nobody settles meanwhile; refuse when somebody has."""
    hold(session, select(Activity.id).where(Activity.id == activity_id))
    if session.get(Settlement, activity_id, populate_existing=True) is not None:
        raise Refusal(_("The presence of this webinar is settled; it stands as it is."))


def match(
    session: Session, participant: Participant, enrolment: Enrolment, *, by: Person, at: datetime,
    remember: bool = False,
) -> None:  # fmt: skip
    """Say that this participant is that enrolled person; `remember` it for later webinars."""
    if enrolment.activity_id != participant.activity_id or not enrolment.is_active:
        raise Refusal(_("Only somebody who is enrolled in this webinar can be chosen."))
    _decide(session, participant, "matched", by=by, at=at, enrolment_id=enrolment.id)
    if remember:
        Recognition.remember(
            session, participant.report.activity.lead, enrolment.person, name=participant.name,
            address=participant.address, provider=participant.report.provider, by=by, at=at,
        )  # fmt: skip


def confirm(session: Session, activity: Activity, least: int, *, by: Person, at: datetime) -> int:
    """Say yes to every suggestion whose names are alike by so many per cent; answer how many.

    Where two people enrolled bear the name, somebody has to look.
    """
    unsettled(session, activity.id)
    found = session.scalars(unmatched.suggested(activity, least)).unique().all()
    sure = [one for one in found if one.suggestion is not None and one.suggestion.is_active]
    others = unmatched.twins_of(session, activity, sure)
    for one in sure:
        for same in (one, *others[one.id]):
            same.enrolment_id, same.reason = one.suggestion_id, ""
            same.decided_by_id, same.decided_at = by.id, at
    if sure:
        record(session, "participants.confirmed", by=by, at=at, on=activity,
               societies=activity.societies, alike=least,
               participants=[[one.id, one.suggestion_id] for one in sure])  # fmt: skip
    return len(sure)


def set_aside(
    session: Session, participant: Participant, *, reason: str, by: Person, at: datetime
) -> None:
    """Say that this participant is nobody whose presence counts."""
    _decide(session, participant, "set aside", by=by, at=at, reason=reason)


def reopen(session: Session, participant: Participant, *, by: Person, at: datetime) -> None:
    """Take a decision back: it is open again who this is, here and in later webinars."""
    _decide(session, participant, "reopened", by=by, at=at)
    provider, identity = identity_of(
        participant.name, participant.address, participant.report.provider
    )
    known = Recognition.of([participant.report.activity.lead.id]).where(
        Recognition.provider == provider, Recognition.identity == identity
    )
    for one in session.scalars(known).all():
        one.forget(session, by=by, at=at)


def _decide(
    session: Session, participant: Participant, act: str, *, by: Person, at: datetime,
    enrolment_id: int | None = None, reason: str = "",
) -> None:  # fmt: skip
    unsettled(session, participant.activity_id)
    before: dict[str, Any] = {"enrolment": participant.enrolment_id, "reason": participant.reason}
    is_open = act == "reopened"
    for one in [participant, *unmatched.twins(session, participant)]:
        one.enrolment_id, one.reason = enrolment_id, reason
        one.decided_by_id = None if is_open else by.id
        one.decided_at = None if is_open else at
    record(session, f"participant.{act}", by=by, at=at, on=participant,
           society_id=participant.report.activity.lead.id, activity=participant.activity_id,
           enrolment=enrolment_id, reason=reason, before=before)  # fmt: skip
