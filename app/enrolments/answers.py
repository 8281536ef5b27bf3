"""Keeping or giving up a place after the hour was moved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agenda.changes import Rescheduling
from app.enrolments.booking import withdraw
from app.enrolments.models import Answer, Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


def asked(session: Session, enrolment: Enrolment, *, at: datetime) -> Rescheduling | None:
    """The rescheduling about which a person has still to say whether they keep their place."""
    activity = enrolment.activity
    if not enrolment.is_active or not activity.changes:
        return None
    if activity.is_cancelled or activity.has_started(at):
        return None
    latest = session.scalars(
        select(Rescheduling)
        .where(Rescheduling.activity_id == activity.id, Rescheduling.at >= enrolment.at)
        .order_by(Rescheduling.id.desc())
        .limit(1)
    ).first()
    if latest is None:
        return None
    answer = session.get(Answer, (latest.id, enrolment.id))
    return None if answer and answer.keeps is not None else latest


def keep(session: Session, enrolment: Enrolment, *, at: datetime) -> None:
    """Come at the new hour all the same."""
    if not enrolment.is_active:
        raise Refusal(_("You have left; enrol again if you wish to come."))
    moving = asked(session, enrolment, at=at)
    if moving is not None:
        _answer(session, enrolment, moving, keeps=True, at=at)


def give_up(session: Session, enrolment: Enrolment, *, at: datetime) -> list[Enrolment]:
    """Leave because of the new hour; answer whom that promoted."""
    moving = asked(session, enrolment, at=at)
    if moving is not None:
        _answer(session, enrolment, moving, keeps=False, at=at)
    return withdraw(session, enrolment, by=enrolment.person, at=at, reason=_("The hour was moved."))


def _answer(
    session: Session, enrolment: Enrolment, moving: Rescheduling, *, keeps: bool, at: datetime
) -> None:
    answer = session.get(Answer, (moving.id, enrolment.id))
    if answer is None:
        answer = Answer(rescheduling_id=moving.id, enrolment_id=enrolment.id)
        session.add(answer)
    answer.keeps, answer.at = keeps, at
    record(session, "enrolment.kept" if keeps else "enrolment.given_up", by=enrolment.person,
           at=at, on=enrolment, society_id=enrolment.activity.lead.id,
           activity=enrolment.activity_id, rescheduling=moving.id)  # fmt: skip
