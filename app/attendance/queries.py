"""What pages and the settlement need to know of presence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.intake import session_of
from app.attendance.models import Grant, Participant, Presence, PresenceReport, Settlement
from app.attendance.presence import Interval, has_reached, seconds, union
from app.enrolments.models import Enrolment, Place
from app.enrolments.queries import named

PAGE = 50
LANES = ("open", "came", "absent", "aside")

Columns = TypeVarTuple("Columns")
Stays = Mapping[int, tuple[Interval, ...]]


@dataclass(frozen=True)
class Attendee:
    """Somebody enrolled, and the time in which they were there."""

    enrolment: Enrolment
    stays: tuple[Interval, ...]
    seconds: int
    reached: bool
    matches: Sequence[Participant] = ()


@dataclass(frozen=True)
class Unmatched:
    """Somebody in a report who is nobody enrolled, so far or for good."""

    participant: Participant
    stays: tuple[Interval, ...]
    seconds: int


@dataclass(frozen=True)
class Listing:
    rows: Sequence[Any]
    after: int | None


@dataclass(frozen=True)
class Figures:
    """Where the presence of a webinar stands."""

    enrolled: int
    came: int
    reached: int
    to_settle: int
    aside: int

    @property
    def absent(self) -> int:
        return self.enrolled - self.came


def reports(session: Session, activity: Activity) -> Sequence[PresenceReport]:
    return session.scalars(PresenceReport.of(activity).options(joinedload(PresenceReport.by))).all()


def settlement(session: Session, activity: Activity) -> Settlement | None:
    return session.get(Settlement, activity.id, options=[joinedload(Settlement.by)])


def presence(session: Session, activity: Activity) -> Stays:
    """The time each enrolment was there: the union of its stays, clipped to the session.

    Only enrolments that somebody in a report is matched to, or that a ruling grants time; whoever
    came outside the session has no stays. A match follows its person: who left and enrolled anew
    is there under the new one.
    """
    rows = session.execute(
        _with_living(select(Enrolment.id, Presence.joined_at, Presence.left_at))
        .join(Presence, Presence.participant_id == Participant.id)
        .join(PresenceReport, PresenceReport.id == Participant.report_id)
        .where(Participant.activity_id == activity.id, PresenceReport.ended_at.is_(None))
    )
    found: defaultdict[int, list[Interval]] = defaultdict(list)
    granted = select(Grant.enrolment_id, Grant.joined_at, Grant.left_at).where(
        Grant.activity_id == activity.id
    )
    for enrolment_id, joined, left in [*rows, *session.execute(granted)]:
        found[enrolment_id].append(Interval(joined, left))
    within = session_of(activity)
    return {id: union(intervals, within=within) for id, intervals in found.items()}


def _with_living(statement: Select[*Columns]) -> Select[*Columns]:
    """Those matched, with the living enrolment of the person whom they are matched to."""
    matched = aliased(Enrolment)
    return (
        statement.select_from(Participant)
        .join(matched, matched.id == Participant.enrolment_id)
        .join(
            Enrolment,
            and_(
                Enrolment.activity_id == matched.activity_id,
                Enrolment.person_id == matched.person_id,
                Enrolment.ended_at.is_(None),
            ),
        )
    )


def reached(activity: Activity, stays: tuple[Interval, ...]) -> bool:
    """Whether this is enough for the threshold stamped on the webinar."""
    assert activity.threshold is not None
    of = seconds([session_of(activity)])
    return has_reached(seconds(stays), of=of, threshold=activity.threshold)


def figures(session: Session, activity: Activity, stays: Stays) -> Figures:
    enrolled = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None))
        .scalar_subquery()
    )
    is_open, is_aside = func.count().filter(_IS_OPEN), func.count().filter(_IS_ASIDE)
    all_of_them, open_, aside = session.execute(
        select(enrolled, is_open, is_aside)
        .select_from(Participant)
        .join(PresenceReport, PresenceReport.id == Participant.report_id)
        .where(Participant.activity_id == activity.id, PresenceReport.ended_at.is_(None))
    ).one()
    came = [one for one in stays.values() if one]
    return Figures(
        enrolled=all_of_them,
        came=len(came),
        reached=sum(reached(activity, one) for one in came),
        to_settle=open_,
        aside=aside,
    )


_IS_OPEN: ColumnElement[bool] = and_(
    Participant.enrolment_id.is_(None), Participant.decided_at.is_(None)
)
_IS_ASIDE: ColumnElement[bool] = and_(
    Participant.enrolment_id.is_(None), Participant.decided_at.is_not(None)
)


def listing(
    session: Session, activity: Activity, stays: Stays, shown: str, *, after: int
) -> Listing:
    """One of the lists of a presence page: "open", "came", "absent" or "aside"."""
    if shown == "came":
        return attendees(session, activity, stays, after=after)
    if shown == "absent":
        return absent(session, activity, stays, after=after)
    return unmatched(session, activity, aside=shown == "aside", after=after)


def unmatched(session: Session, activity: Activity, *, aside: bool, after: int) -> Listing:
    """Those in the reports who are open, or set aside; with a suggestion where there is one."""
    suggested = joinedload(Participant.suggestion).joinedload(Enrolment.person)
    statement = (
        Participant.of(activity)
        .where(_IS_ASIDE if aside else _IS_OPEN, Participant.id > after)
        .options(
            suggested.selectinload(Person.addresses),
            joinedload(Participant.decided_by),
            selectinload(Participant.intervals),
        )
        .order_by(Participant.id)
        .limit(PAGE + 1)
    )
    found = session.scalars(statement).unique().all()
    rows = [unmatched_one(activity, one) for one in found[:PAGE]]
    return Listing(rows, found[PAGE - 1].id if len(found) > PAGE else None)


def unmatched_one(activity: Activity, participant: Participant) -> Unmatched:
    stays = union(
        [Interval(one.joined_at, one.left_at) for one in participant.intervals],
        within=session_of(activity),
    )
    return Unmatched(participant, stays, seconds(stays))


def attendees(session: Session, activity: Activity, stays: Stays, *, after: int) -> Listing:
    """Those enrolled who came, page by page in the order of enrolment."""
    ids = sorted(id for id, one in stays.items() if one and id > after)[: PAGE + 1]
    found = session.scalars(_enrolled(activity).where(Enrolment.id.in_(ids[:PAGE]))).unique().all()
    matches: defaultdict[int, list[Participant]] = defaultdict(list)
    how = (
        _with_living(select(Participant, Enrolment.id))
        .join(PresenceReport, PresenceReport.id == Participant.report_id)
        .where(PresenceReport.ended_at.is_(None), Enrolment.id.in_(ids[:PAGE]))
        .options(joinedload(Participant.decided_by))
        .order_by(Participant.id)
    )
    for one, enrolment_id in session.execute(how).unique():
        matches[enrolment_id].append(one)
    rows = [
        Attendee(one, stays[one.id], seconds(stays[one.id]), reached(activity, stays[one.id]),
                 matches[one.id])
        for one in found
    ]  # fmt: skip
    return Listing(rows, ids[PAGE - 1] if len(ids) > PAGE else None)


def absent(session: Session, activity: Activity, stays: Stays, *, after: int) -> Listing:
    """Those enrolled who did not come, page by page in the order of enrolment."""
    came = {id for id, one in stays.items() if one}
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
    rows = [Attendee(one, (), 0, False) for one in found]
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
