"""Taking and giving up places, under the activity's lock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.enrolments import emails
from app.enrolments.admission import Obstacle, free_numbers, obstacles
from app.enrolments.models import Enrolment, Place, Promotion, Tally, Withdrawal
from app.errors import Refusal
from app.journal.models import record
from app.texts import ngettext


def enrol(session: Session, activity: Activity, person: Person, *, at: datetime) -> Enrolment:
    """Enrol a person: with a place if one is free, else on the waiting list; a mail says which.

    Someone already enrolled gets the same enrolment back. The activity is locked until the
    transaction ends, so that nobody else decides about its places meanwhile.
    """
    tally = lock(session, activity)
    if existing := session.scalars(Enrolment.live(person, activity)).one_or_none():
        return existing
    Refusal.unless_none(obstacles(activity, at=at, person=person))
    if tally.waiting:
        _fill(session, activity, tally, at=at)
    number = None if tally.waiting else _free_number(session, activity)
    place = Place(activity_id=activity.id, number=number, taken_at=at) if number else None
    enrolment = Enrolment(activity=activity, person=person, at=at, place=place,
                          promotion=None, withdrawal=None)  # fmt: skip
    session.add(enrolment)
    if place:
        tally.taken += 1
    else:
        tally.waiting += 1
    record(session, "enrolment.made", by=person, at=at, on=enrolment,
           society_id=activity.lead.id, activity=activity.id, place=number)  # fmt: skip
    emails.confirm(session, enrolment, at=at)
    return enrolment


def withdraw(
    session: Session, enrolment: Enrolment, *, by: Person, at: datetime, reason: str = ""
) -> list[Enrolment]:
    """Give up an enrolment; answer whom that promoted from the waiting list."""
    activity = enrolment.activity
    tally = lock(session, activity)
    session.refresh(enrolment, ["ended_at", "place"])
    if not enrolment.is_active:
        return []
    if activity.has_ended(at):
        raise Refusal(Obstacle("over"))
    enrolment.ended_at = at
    if enrolment.place is None:
        tally.waiting -= 1
    else:
        enrolment.place.ended_at = at
        tally.taken -= 1
    tally.withdrawn += 1
    session.add(Withdrawal(enrolment=enrolment, by=by, at=at, reason=reason))
    record(session, "enrolment.withdrawn", by=by, at=at, on=enrolment,
           society_id=activity.lead.id, activity=activity.id, reason=reason)  # fmt: skip
    emails.say_goodbye(session, enrolment, at=at)
    return _fill(session, activity, tally, at=at)


def resize(
    session: Session, activity: Activity, capacity: int | None, *, by: Person, at: datetime
) -> list[Enrolment]:
    """Change how many places there are, never below those taken; answer whom that promoted."""
    tally = lock(session, activity)
    if capacity is not None and capacity < tally.taken:
        raise Refusal(below_taken(tally.taken))
    if capacity != activity.capacity:
        record(session, "activity.resized", by=by, at=at, on=activity,
               societies=activity.societies, before=activity.capacity, now=capacity)  # fmt: skip
        activity.capacity = capacity
    return _fill(session, activity, tally, at=at)


def below_taken(taken: int) -> str:
    """What to say to whoever wants fewer places than are taken."""
    return ngettext(
        "%(num)d place is taken already; there cannot be fewer.",
        "%(num)d places are taken already; there cannot be fewer.",
        taken,
    )


def promote(session: Session, activity: Activity, *, at: datetime) -> list[Enrolment]:
    """Give free places to those who wait, whatever freed them; answer to whom."""
    return _fill(session, activity, lock(session, activity), at=at)


def lock(session: Session, activity: Activity) -> Tally:
    """Hold the activity until the transaction ends, and look at it afresh.

    On SQLite the writer's transaction already holds everything; on PostgreSQL the row is locked.
    """
    session.flush()
    session.refresh(
        activity,
        ["capacity", "starts_at", "until_at", "cancelled_at"],
        with_for_update={"key_share": True},
    )
    tally = session.get(Tally, activity.id, populate_existing=True)
    if tally is None:
        tally = Tally(activity_id=activity.id, taken=0, waiting=0, withdrawn=0)
        session.add(tally)
    return tally


def recount(session: Session, activity: Activity) -> Tally:
    """Set the tally to what the rows say, after they came in by another way than these acts."""
    tally = lock(session, activity)
    total, live = session.execute(
        select(func.count(), func.count().filter(Enrolment.ended_at.is_(None))).where(
            Enrolment.activity_id == activity.id
        )
    ).one()
    tally.taken = len(_taken(session, activity))
    tally.waiting, tally.withdrawn = live - tally.taken, total - live
    return tally


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


def _fill(session: Session, activity: Activity, tally: Tally, *, at: datetime) -> list[Enrolment]:
    """Promote in order as far as places go; the caller holds the lock."""
    session.flush()
    if not tally.waiting or activity.has_ended(at) or activity.is_cancelled:
        return []
    numbers = free_numbers(activity.capacity, _taken(session, activity), tally.waiting)
    promoted = list(session.scalars(waiting_list(activity).limit(len(numbers)))) if numbers else []
    for enrolment, number in zip(promoted, numbers, strict=False):
        enrolment.place = Place(activity_id=activity.id, number=number, taken_at=at)
        enrolment.promotion = Promotion(at=at)
        record(session, "enrolment.promoted", by=None, at=at, on=enrolment,
               society_id=activity.lead.id, activity=activity.id, place=number)  # fmt: skip
        emails.promote(session, enrolment, at=at)
    tally.taken += len(promoted)
    tally.waiting -= len(promoted)
    return promoted


def _taken(session: Session, activity: Activity) -> list[int]:
    live = select(Place.number).where(Place.activity_id == activity.id, Place.ended_at.is_(None))
    return list(session.scalars(live))


def _free_number(session: Session, activity: Activity) -> int | None:
    """The next place number: after the highest while that fits, else the lowest gap."""
    highest = session.scalar(
        select(func.max(Place.number)).where(
            Place.activity_id == activity.id, Place.ended_at.is_(None)
        )
    )
    if activity.capacity is None or (highest or 0) < activity.capacity:
        return (highest or 0) + 1
    return next(iter(free_numbers(activity.capacity, _taken(session, activity), 1)), None)
