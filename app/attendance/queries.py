"""What pages and the settlement need to know of presence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.checks import answers_of
from app.attendance.matching import WhyNot
from app.attendance.models import Participant, PresenceReport, Settlement
from app.attendance.presence import Interval, Measure, Total, measure
from app.attendance.standing import Measured, Standing, standing, windows_of, with_living
from app.attendance.verdict import Signs, Verdict
from app.enrolments.models import Enrolment, Place
from app.enrolments.queries import named

PAGE = 50
LANES = ("open", "came", "absent", "aside")

Stays = Mapping[int, tuple[Interval, ...]]


@dataclass(frozen=True)
class Attendee:
    """Somebody enrolled, the time in which they were there, and what that means."""

    enrolment: Enrolment
    measured: Measure
    signs: Signs
    verdict: Verdict
    matches: Sequence[Participant] = ()


@dataclass(frozen=True)
class Unmatched:
    """Somebody in a report who is nobody enrolled, so far or for good."""

    participant: Participant
    measured: Measure


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
    alike: tuple[tuple[int, int], ...] = ()
    """(per cent, how many suggestions are at least so alike), where it makes a difference."""

    @property
    def absent(self) -> int:
        return self.enrolled - self.came


def reports(session: Session, activity: Activity) -> Sequence[PresenceReport]:
    return session.scalars(PresenceReport.of(activity).options(joinedload(PresenceReport.by))).all()


def settlement(session: Session, activity: Activity) -> Settlement | None:
    return session.get(Settlement, activity.id, options=[joinedload(Settlement.by)])


def presence(session: Session, activity: Activity) -> Stays:
    """The time each enrolment was there, as far as it is known from when until when."""
    measures = standing(session, activity).measures
    return {id: one.intervals for id, one in measures.items()}


def measured(session: Session, enrolment: Enrolment) -> Measured:
    """What somebody's own presence is, and what it means: for themselves, and for a contest."""
    activity = enrolment.activity
    known = standing(session, activity, only=enrolment.id)
    mine, settled = known.measured(enrolment.id), settlement(session, activity)
    return Measured(
        windows=known.windows, intervals=mine.intervals, between=mine.between,
        seconds=mine.seconds, most=mine.most, of_seconds=known.of, threshold=known.threshold,
        proofs=known.proofs, signs=known.signs(enrolment.id),
        answered=answers_of(session, enrolment), verdict=known.verdict(enrolment.id),
        settled_at=settled.at if settled else None,
        has_report=session.scalars(PresenceReport.of(activity).limit(1)).first() is not None,
    )  # fmt: skip


def figures(session: Session, activity: Activity, known: Standing) -> Figures:
    enrolled = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None))
        .scalar_subquery()
    )
    nobody = (
        select(
            Participant.decided_at.is_(None).label("is_undecided"),
            case((_suggests(), Participant.likeness)).label("alike_by"),
            func.count().label("count"),
        )
        .join(PresenceReport, PresenceReport.id == Participant.report_id)
        .where(
            Participant.activity_id == activity.id, PresenceReport.ended_at.is_(None),
            Participant.enrolment_id.is_(None), _is_first(),
        )
        .group_by("is_undecided", "alike_by")
        .subquery()
    )  # fmt: skip
    one = select(literal(1).label("one")).subquery()
    rows = session.execute(
        select(enrolled, nobody.c.is_undecided, nobody.c.alike_by, nobody.c.count)
        .select_from(one)
        .outerjoin(nobody, true())
    ).all()
    open_ = [(likeness, count) for _, is_open, likeness, count in rows if is_open]
    alike = [(n, sum(count for likeness, count in open_ if (likeness or 0) >= n)) for n in LIMITS]
    befores = [0, *(count for _, count in alike)]
    return Figures(
        enrolled=rows[0][0],
        came=len(known.came),
        reached=len(known.reached),
        to_settle=sum(count for _, count in open_),
        aside=sum(count or 0 for _, is_open, _, count in rows if not is_open),
        alike=tuple(one for one, before in zip(alike, befores, strict=False) if one[1] > before),
    )


def _is_first() -> ColumnElement[bool]:
    """Not told by an earlier report already: who is in two reports is one question."""
    earlier, theirs = aliased(Participant), aliased(PresenceReport)
    return ~(
        select(earlier.id)
        .join(theirs, theirs.id == earlier.report_id)
        .where(
            earlier.activity_id == Participant.activity_id,
            earlier.key == Participant.key,
            earlier.id < Participant.id,
            theirs.ended_at.is_(None),
            or_(earlier.address != "", theirs.provider == PresenceReport.provider),
        )
        .correlate(Participant, PresenceReport)
        .exists()
    )


_IS_OPEN: ColumnElement[bool] = and_(
    Participant.enrolment_id.is_(None), Participant.decided_at.is_(None), _is_first()
)
_IS_ASIDE: ColumnElement[bool] = and_(
    Participant.enrolment_id.is_(None), Participant.decided_at.is_not(None), _is_first()
)


LIMITS = (100, 95, 90, 85, 80)
"""How alike names may have to be, in per cent, to say yes to all of them at once."""


def _suggests() -> ColumnElement[bool]:
    """Somebody is suggested, and nobody else might as well be."""
    return and_(
        Participant.suggestion_id.is_not(None),
        Participant.how != WhyNot.SHARED_NAME,
        Participant.how != WhyNot.SHARED_ADDRESS,
    )


def twins(session: Session, participant: Participant) -> Sequence[Participant]:
    """The same identity in the other reports that count: one decision is about all of them."""
    same = (
        select(Participant)
        .join(Participant.report)
        .where(
            Participant.activity_id == participant.activity_id,
            Participant.key == participant.key,
            Participant.id != participant.id,
            PresenceReport.ended_at.is_(None),
            or_(Participant.address != "", PresenceReport.provider == participant.report.provider),
        )
    )
    return session.scalars(same.options(selectinload(Participant.intervals))).all()


def suggested(activity: Activity, least: int) -> Select[Participant]:
    """Those open whose name is alike to somebody's by so many per cent, and to nobody else's."""
    return (
        Participant.of(activity)
        .where(_IS_OPEN, _suggests(), Participant.likeness >= least)
        .options(
            joinedload(Participant.suggestion).joinedload(Enrolment.person),
            contains_eager(Participant.report),
        )
        .order_by(Participant.id)
    )


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
        .where(_IS_ASIDE if aside else _IS_OPEN, Participant.id > after)
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


def unmatched_one(
    activity: Activity, participant: Participant, others: Iterable[Participant] = ()
) -> Unmatched:
    windows = windows_of(activity)
    rows = [row for one in (participant, *others) for row in one.intervals]
    totals = [
        Total(one.interval, one.total_seconds) for one in rows if one.total_seconds is not None
    ]
    stays = [one.interval for one in rows if one.total_seconds is None]
    return Unmatched(participant, measure(stays, windows, totals))


def twins_of(
    session: Session, activity: Activity, shown: Sequence[Participant]
) -> defaultdict[int, list[Participant]]:
    """The same identities in other reports, for a page of them."""
    if not shown:
        return defaultdict(list)
    keys = {one.key: one for one in shown}
    same = (
        Participant.of(activity)
        .where(Participant.key.in_(keys) if len(keys) <= PAGE else true())
        .options(contains_eager(Participant.report))
    )
    if len(keys) <= PAGE:
        same = same.options(selectinload(Participant.intervals))
    found: defaultdict[int, list[Participant]] = defaultdict(list)
    for one in session.scalars(same).unique():
        first = keys.get(one.key)
        if first is None or first.id == one.id:
            continue
        if one.address or one.report.provider == first.report.provider:
            found[first.id].append(one)
    return found


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
