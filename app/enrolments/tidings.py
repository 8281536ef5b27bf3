"""Telling everyone enrolled that a webinar was moved or cancelled: once each, some at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.agenda.changes import Cancellation, Rescheduling
from app.agenda.models import Activity
from app.enrolments import emails
from app.enrolments.models import Answer, Enrolment, Farewell

BATCH = 25
"""So many letters are written in one transaction: what it holds is told once or not at all."""


def unfinished(change: type[Rescheduling] | type[Cancellation], limit: int) -> Select[int]:
    """The changes of which not everyone has been told."""
    return select(change.id).where(change.told_at.is_(None)).order_by(change.id).limit(limit)


def oldest(session: Session, change: type[Rescheduling] | type[Cancellation]) -> datetime | None:
    """Since when the oldest change waits to be told."""
    return session.scalar(
        select(change.at).where(change.told_at.is_(None)).order_by(change.at).limit(1)
    )


def tell_moved(session: Session, id: int, *, at: datetime) -> bool:
    """Tell the next of those who do not know of a rescheduling; whether someone may be left."""
    moving = session.get(Rescheduling, id, with_for_update=True)
    if moving is None or moving.told_at is not None:
        return False
    has_heard = and_(Answer.enrolment_id == Enrolment.id, Answer.rescheduling_id == id)
    unaware = (
        _enrolled_before(moving)
        .outerjoin(Answer, has_heard)
        .where(or_(Answer.enrolment_id.is_(None), Answer.told_at.is_(None)))
    )
    activity = session.scalars(Activity.whole().where(Activity.id == moving.activity_id)).one()
    people = session.scalars(unaware).unique().all()
    for enrolment in people:
        answer = session.get(Answer, (id, enrolment.id))
        if answer is None:
            answer = Answer(rescheduling_id=id, enrolment_id=enrolment.id)
            session.add(answer)
        answer.told_at = at
        emails.tell_moved(session, enrolment, activity, moving, at=at)
    return _go_on(moving, people, at)


def tell_cancelled(session: Session, id: int, *, at: datetime) -> bool:
    """Tell the next of those who do not know of a cancellation; whether someone may be left."""
    ending = session.get(Cancellation, id, with_for_update=True)
    if ending is None or ending.told_at is not None:
        return False
    unaware = (
        _enrolled_before(ending)
        .outerjoin(Farewell, Farewell.enrolment_id == Enrolment.id)
        .where(Farewell.enrolment_id.is_(None))
    )
    activity = session.scalars(Activity.whole().where(Activity.id == ending.activity_id)).one()
    people = session.scalars(unaware).unique().all()
    for enrolment in people:
        session.add(Farewell(enrolment_id=enrolment.id, told_at=at))
        emails.tell_cancelled(session, enrolment, activity, ending, at=at)
    return _go_on(ending, people, at)


def _enrolled_before(change: Rescheduling | Cancellation) -> Select[Enrolment]:
    """The next of those who had a place or waited when it happened, and still do."""
    return (
        select(Enrolment)
        .where(
            Enrolment.activity_id == change.activity_id,
            Enrolment.at <= change.at,
            Enrolment.ended_at.is_(None),
        )
        .order_by(Enrolment.id)
        .limit(BATCH)
        .options(joinedload(Enrolment.person, innerjoin=True), joinedload(Enrolment.place))
    )


def _go_on(change: Rescheduling | Cancellation, people: Sequence[Enrolment], at: datetime) -> bool:
    if len(people) < BATCH:
        change.told_at = at
    return change.told_at is None
