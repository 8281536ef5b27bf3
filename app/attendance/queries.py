"""What pages and the settlement need to know of presence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, literal, select, true
from sqlalchemy.orm import Session, joinedload

from app.agenda.models import Activity
from app.attendance.checks import answers_of
from app.attendance.models import Participant, PresenceReport, Settlement
from app.attendance.presence import Interval
from app.attendance.standing import Measured, Standing, standing
from app.attendance.unmatched import is_first, suggests
from app.enrolments.models import Enrolment

Stays = Mapping[int, tuple[Interval, ...]]


LIMITS = (100, 95, 90, 85, 80)
"""How alike names may have to be, in per cent, to say yes to all of them at once."""


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
            case((suggests(), Participant.likeness)).label("alike_by"),
            func.count().label("count"),
        )
        .join(PresenceReport, PresenceReport.id == Participant.report_id)
        .where(
            Participant.activity_id == activity.id, PresenceReport.ended_at.is_(None),
            Participant.enrolment_id.is_(None), is_first(),
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
