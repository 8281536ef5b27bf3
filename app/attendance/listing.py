"""The lists of a presence page: who is open, who came, who did not, and who was set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.models import Participant, PresenceReport
from app.attendance.presence import Measure
from app.attendance.standing import Standing, with_living
from app.attendance.unmatched import IS_ASIDE, IS_OPEN, twins_of, unmatched_one
from app.attendance.verdict import Signs, Verdict
from app.enrolments.models import Enrolment, Place
from app.enrolments.queries import named

PAGE = 50
LANES = ("open", "came", "absent", "aside")


@dataclass(frozen=True)
class Attendee:
    """Somebody enrolled, the time in which they were there, and what that means."""

    enrolment: Enrolment
    measured: Measure
    signs: Signs
    verdict: Verdict
    matches: Sequence[Participant] = ()


@dataclass(frozen=True)
class Listing:
    rows: Sequence[Any]
    after: int | None


def listing(
    session: Session, activity: Activity, known: Standing, shown: str, *, after: int,
    reports: int = 1,
) -> Listing:  # fmt: skip
    """One of the lists of a presence page: "open", "came", "absent" or "aside"."""
    if shown == "came":
        return attendees(session, activity, known, after=after)
    if shown == "absent":
        return absent(session, activity, known, after=after)
    return unmatched(session, activity, aside=shown == "aside", after=after, is_merged=reports > 1)


def unmatched(
    session: Session, activity: Activity, *, aside: bool, after: int, is_merged: bool = True
) -> Listing:
    """Those in the reports who are open, or set aside; with a suggestion where there is one."""
    suggested = joinedload(Participant.suggestion).joinedload(Enrolment.person)
    statement = (
        Participant.of(activity)
        .where(IS_ASIDE if aside else IS_OPEN, Participant.id > after)
        .options(
            suggested.selectinload(Person.addresses),
            joinedload(Participant.decided_by),
            contains_eager(Participant.report),
            selectinload(Participant.intervals),
        )
        .order_by(Participant.id)
        .limit(PAGE + 1)
    )
    found = session.scalars(statement).unique().all()
    shared = twins_of(session, activity, found[:PAGE] if is_merged else [])
    rows = [unmatched_one(activity, one, shared[one.id]) for one in found[:PAGE]]
    return Listing(rows, found[PAGE - 1].id if len(found) > PAGE else None)


def attendees(session: Session, activity: Activity, known: Standing, *, after: int) -> Listing:
    """Those enrolled who came, page by page in the order of enrolment."""
    ids = [id for id in known.came if id > after][: PAGE + 1]
    found = session.scalars(_enrolled(activity).where(Enrolment.id.in_(ids[:PAGE]))).unique().all()
    matches: defaultdict[int, list[Participant]] = defaultdict(list)
    how = (
        with_living(select(Participant, Enrolment.id))
        .join(PresenceReport, PresenceReport.id == Participant.report_id)
        .where(PresenceReport.ended_at.is_(None), Enrolment.id.in_(ids[:PAGE]))
        .options(joinedload(Participant.decided_by))
        .order_by(Participant.id)
    )
    for one, enrolment_id in session.execute(how).unique():
        matches[enrolment_id].append(one)
    rows = [
        Attendee(one, known.measured(one.id), known.signs(one.id), known.verdict(one.id),
                 matches[one.id])
        for one in found
    ]  # fmt: skip
    return Listing(rows, ids[PAGE - 1] if len(ids) > PAGE else None)


def absent(session: Session, activity: Activity, known: Standing, *, after: int) -> Listing:
    """Those enrolled who did not come, page by page in the order of enrolment."""
    came = set(known.came)
    ids: list[int] = []
    every = select(Enrolment.id).where(
        Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None), Enrolment.id > after
    )
    for id in session.scalars(every.order_by(Enrolment.id)):
        if id not in came:
            ids.append(id)
        if len(ids) > PAGE:
            break
    found = session.scalars(_enrolled(activity).where(Enrolment.id.in_(ids[:PAGE]))).unique().all()
    rows = [
        Attendee(one, known.measured(one.id), known.signs(one.id), known.verdict(one.id))
        for one in found
    ]
    return Listing(rows, ids[PAGE - 1] if len(ids) > PAGE else None)


def eligible(
    session: Session, activity: Activity, q: str, *, most: int = 20
) -> Sequence[Enrolment]:
    """Enrolled people found by name or address, for whoever decides who somebody is."""
    found = _enrolled(activity).where(Enrolment.person_id.in_(named(q))).limit(most)
    return session.scalars(found).unique().all()


def enrolled_one(activity: Activity, enrolment_id: int) -> Select[Enrolment]:
    return _enrolled(activity).where(Enrolment.id == enrolment_id)


def _enrolled(activity: Activity) -> Select[Enrolment]:
    return (
        select(Enrolment)
        .where(Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None))
        .outerjoin(Place, Place.enrolment_id == Enrolment.id)
        .options(
            contains_eager(Enrolment.place),
            joinedload(Enrolment.person, innerjoin=True).selectinload(Person.addresses),
        )
        .order_by(Enrolment.id)
    )
