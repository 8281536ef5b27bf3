"""Taking and giving up places, under the activity's lock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.enrolments.admission import free_numbers, obstacles
from app.enrolments.models import Enrolment, Place, Promotion, Withdrawal
from app.errors import Refusal
from app.journal.models import record


def enrol(session: Session, activity: Activity, person: Person, *, at: datetime) -> Enrolment:
    """Enrol a person: with a place if one is free, else on the waiting list.

    Someone already enrolled gets the same enrolment back. The activity's row is locked until the
    transaction ends, so that nobody else decides about its places meanwhile.
    """
    lock(session, activity)
    if existing := session.scalars(Enrolment.live(person, activity)).one_or_none():
        return existing
    Refusal.unless_none(obstacles(activity, at=at))
    enrolment = Enrolment(activity=activity, person=person, at=at)
    session.add(enrolment)
    session.flush()
    if number := _free_number(session, activity):
        enrolment.place = Place(activity_id=activity.id, number=number, taken_at=at)
    else:
        enrolment.place = None
    enrolment.promotion = None
    record(session, "enrolment.made", by=person, at=at, on=enrolment, society_id=None,
           activity=activity.id, place=number)  # fmt: skip
    return enrolment


def withdraw(
    session: Session, enrolment: Enrolment, *, by: Person, at: datetime, reason: str = ""
) -> list[Enrolment]:
    """Give up an enrolment; answer whom that promoted from the waiting list."""
    activity = enrolment.activity
    lock(session, activity)
    session.refresh(enrolment, ["ended_at", "place"])
    if not enrolment.is_active:
        return []
    if activity.has_ended(at):
        raise Refusal(*[str(o) for o in obstacles(activity, at=at)])
    enrolment.ended_at = at
    if enrolment.place is not None:
        enrolment.place.ended_at = at
    session.add(Withdrawal(enrolment=enrolment, by=by, at=at, reason=reason))
    record(
        session,
        "enrolment.withdrawn",
        by=by,
        at=at,
        on=enrolment,
        activity=activity.id,
        reason=reason,
    )
    return fill(session, activity, at=at)


def fill(session: Session, activity: Activity, *, at: datetime) -> list[Enrolment]:
    """Give free places to those who wait, in their order; the caller holds the activity's lock."""
    session.flush()
    if activity.has_ended(at):
        return []
    waiting = list(session.scalars(waiting_list(activity)))
    numbers = free_numbers(activity.capacity, _taken(session, activity), len(waiting))
    promoted = waiting[: len(numbers)]
    for enrolment, number in zip(promoted, numbers, strict=True):
        enrolment.place = Place(activity_id=activity.id, number=number, taken_at=at)
        enrolment.promotion = Promotion(at=at)
        record(
            session,
            "enrolment.promoted",
            by=None,
            at=at,
            on=enrolment,
            activity=activity.id,
            place=number,
        )
    return promoted


def lock(session: Session, activity: Activity) -> None:
    """Hold the activity's row; on SQLite the writer's transaction already holds everything."""
    session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update())


def waiting_list(activity: Activity) -> Select[Enrolment]:
    """Those who wait, in the order in which they enrolled."""
    return (
        select(Enrolment)
        .outerjoin(Place, Place.enrolment_id == Enrolment.id)
        .where(
            Enrolment.activity_id == activity.id,
            Enrolment.ended_at.is_(None),
            Place.enrolment_id.is_(None),
        )
        .order_by(Enrolment.id)
        .options(joinedload(Enrolment.person))
    )


def _taken(session: Session, activity: Activity) -> list[int]:
    live = select(Place.number).where(Place.activity_id == activity.id, Place.ended_at.is_(None))
    return list(session.scalars(live))


def _free_number(session: Session, activity: Activity) -> int | None:
    """The next place number: after the highest while that fits, else the lowest gap."""
    highest, count = session.execute(
        select(func.coalesce(func.max(Place.number), 0), func.count()).where(
            Place.activity_id == activity.id, Place.ended_at.is_(None)
        )
    ).one()
    if activity.capacity is None or highest < activity.capacity:
        return int(highest) + 1
    if count >= activity.capacity:
        return None
    return free_numbers(activity.capacity, _taken(session, activity), 1)[0]
