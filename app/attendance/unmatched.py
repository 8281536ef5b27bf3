"""Those in the reports who are nobody enrolled: open, or set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from app.agenda.models import Activity
from app.attendance.matching import WhyNot
from app.attendance.models import Participant, PresenceReport
from app.attendance.presence import Measure, Total, measure
from app.attendance.standing import windows_of
from app.enrolments.models import Enrolment

FEW = 50
"""So many identities are asked for by their keys; of more the whole webinar is read."""


@dataclass(frozen=True)
class Unmatched:
    """Somebody in a report who is nobody enrolled, so far or for good."""

    participant: Participant
    measured: Measure


def is_first() -> ColumnElement[bool]:
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


IS_OPEN: ColumnElement[bool] = and_(
    Participant.enrolment_id.is_(None), Participant.decided_at.is_(None), is_first()
)
IS_ASIDE: ColumnElement[bool] = and_(
    Participant.enrolment_id.is_(None), Participant.decided_at.is_not(None), is_first()
)


def suggests() -> ColumnElement[bool]:
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
        .where(IS_OPEN, suggests(), Participant.likeness >= least)
        .options(
            joinedload(Participant.suggestion).joinedload(Enrolment.person),
            contains_eager(Participant.report),
        )
        .order_by(Participant.id)
    )


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
        .where(Participant.key.in_(keys) if len(keys) <= FEW else true())
        .options(contains_eager(Participant.report))
    )
    if len(keys) <= FEW:
        same = same.options(selectinload(Participant.intervals))
    found: defaultdict[int, list[Participant]] = defaultdict(list)
    for one in session.scalars(same).unique():
        first = keys.get(one.key)
        if first is None or first.id == one.id:
            continue
        if one.address or one.report.provider == first.report.provider:
            found[first.id].append(one)
    return found
