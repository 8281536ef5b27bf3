"""Whom a letter reaches, and how far it is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import EmailAddress, Person
from app.agenda.models import Activity
from app.completions.awaiting import AwaitedEvaluation
from app.completions.models import Completion
from app.enrolments.models import Enrolment, Place
from app.letters.models import A_DAY, Copy, Group, Letter
from app.outbox.models import Delivery, Message


def ids_of(activity_id: int, group: Group) -> Select[int]:
    """The live enrolments of a group, of people who have an address."""
    has_place = exists().where(Place.enrolment_id == Enrolment.id, Place.ended_at.is_(None))
    was_there = or_(
        exists().where(Completion.enrolment_id == Enrolment.id),
        exists().where(AwaitedEvaluation.enrolment_id == Enrolment.id),
    )
    those = {
        Group.PLACE: has_place,
        Group.WAITING: ~has_place,
        Group.PRESENT: was_there,
        Group.ABSENT: has_place & ~was_there,
    }[group]
    is_reachable = exists().where(
        EmailAddress.person_id == Enrolment.person_id, EmailAddress.confirmed_at.is_not(None)
    )
    return (
        select(Enrolment.id)
        .where(Enrolment.activity_id == activity_id, Enrolment.ended_at.is_(None))
        .where(those, is_reachable)
        .order_by(Enrolment.id)
    )


def sizes(session: Session, activity: Activity) -> dict[Group, int]:
    """How many each group has now."""
    counted = [
        select(func.count()).select_from(ids_of(activity.id, group).subquery()).scalar_subquery()
        for group in Group
    ]
    return dict(zip(Group, session.execute(select(*counted)).one(), strict=True))


def first(session: Session, letter: Letter, most: int = 3) -> Sequence[Enrolment]:
    """The first of those who would get it, or got it."""
    if letter.is_sent:
        chosen = select(Copy.enrolment_id).where(Copy.letter_id == letter.id)
        ids = chosen.order_by(Copy.enrolment_id)
    else:
        ids = ids_of(letter.activity_id, letter.to_whom)
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.id.in_(session.scalars(ids.limit(most)).all()))
        .order_by(Enrolment.id)
        .options(joinedload(Enrolment.person, innerjoin=True).selectinload(Person.addresses))
    ).all()


def sent_lately(session: Session, activity_id: int, *, at: datetime) -> int:
    """How many letters its people got within the last day."""
    return (
        session.scalar(
            select(func.count(Letter.id)).where(
                Letter.activity_id == activity_id, Letter.sent_at > at - A_DAY
            )
        )
        or 0
    )


@dataclass(frozen=True)
class Progress:
    """How many copies stand in the outbox, went out, and cannot be sent."""

    of: int
    written: int
    delivered: int
    failed: int


def progress(session: Session, letter: Letter) -> Progress:
    row = session.execute(
        select(
            func.count(Copy.enrolment_id),
            func.count(Copy.message_id),
            func.count(Delivery.message_id),
            func.count(Message.id).filter(Message.waits.is_(False), Delivery.message_id.is_(None)),
        )
        .select_from(Copy)
        .outerjoin(Message, Message.id == Copy.message_id)
        .outerjoin(Delivery, Delivery.message_id == Copy.message_id)
        .where(Copy.letter_id == letter.id)
    ).one()
    return Progress(*row)
