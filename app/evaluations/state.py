"""How the evaluation of a webinar stands for the person who reads a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.agenda.models import Speaker
from app.attendance.models import Settlement
from app.attendance.standing import standing
from app.clock import now
from app.db import db
from app.enrolments.models import Enrolment
from app.evaluations.evaluating import took_part
from app.evaluations.queries import form_of, has_given


@dataclass(frozen=True)
class State:
    """`kind` is "none", "later", "open", "given" or "closed"."""

    kind: str
    is_needed: bool
    until: datetime | None = None
    """Until when it can be answered."""
    was_present: bool | None = None
    """Once presence is confirmed and an evaluation lacks: whether only that is missing."""


NOTHING = State("none", is_needed=False)


def state(session: Session, enrolment: Enrolment, *, at: datetime) -> State:
    """Where somebody stands with the evaluation of their webinar."""
    activity = enrolment.activity
    if not activity.is_webinar or activity.cancelled_at is not None or not enrolment.is_active:
        return NOTHING
    form = form_of(session, activity.id)
    if form is None or not form.items or not took_part(session, enrolment):
        return NOTHING
    needed, until = activity.needs_evaluation, form.closes_at
    if not activity.has_ended(at):
        return State("later", needed, until)
    if has_given(session, enrolment):
        return State("given", needed, until)
    kind = "closed" if form.is_closed(at) else "open"
    return State(kind, needed, until, _was_present(session, enrolment) if needed else None)


def _was_present(session: Session, enrolment: Enrolment) -> bool | None:
    if session.get(Settlement, enrolment.activity_id) is None:
        return None
    known = standing(session, enrolment.activity, only=enrolment.id)
    return known.verdict(enrolment.id).is_present


def evaluation_of(enrolment: Enrolment) -> State:
    """For the page of an enrolment, and for letters."""
    return state(db.session, enrolment, at=now())


def has_evaluation(speaker: Speaker) -> bool:
    """Whether something may have been said of this speaker: it is over, and each is asked about."""
    if not speaker.activity.has_ended(now()) or not speaker.speaks:
        return False
    form = form_of(db.session, speaker.activity_id)
    return form is not None and any(item.per_speaker for item in form.items)
