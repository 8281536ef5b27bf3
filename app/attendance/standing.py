"""Where the presence of a webinar stands: everything that is known, gathered for the verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVarTuple

from sqlalchemy import CompoundSelect, Select, and_, null, select, union_all
from sqlalchemy.orm import Session, aliased

from app.agenda.kinds import Proof
from app.agenda.models import Activity
from app.attendance.checks import AttendanceCheck, CheckAnswer
from app.attendance.models import Grant, Participant, Presence, PresenceReport, Stay
from app.attendance.presence import NOT_THERE, Interval, Measure, Total, measure, seconds
from app.attendance.verdict import Signs, Verdict, verdict
from app.enrolments.models import Enrolment

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class Shown:
    """Signs of attention of one kind: how many were shown, and who answered how many of them."""

    count: int
    answered: Mapping[int, int]


SIGNS: dict[Proof, Callable[[Session, Activity], Shown]] = {}
"""Who tells of each kind of sign. A later room that has some adds itself here when it starts."""


@dataclass(frozen=True)
class Standing:
    """What is known of everybody, by the id of their living enrolment."""

    windows: Sequence[Interval]
    threshold: int
    proofs: tuple[Proof, ...]
    measures: Mapping[int, Measure]
    shown: int = 0
    answered: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def of(self) -> int:
        """The seconds that all sessions last together."""
        return seconds(self.windows)

    def measured(self, enrolment_id: int) -> Measure:
        return self.measures.get(enrolment_id, NOT_THERE)

    def signs(self, enrolment_id: int) -> Signs:
        return Signs(self.shown, self.answered.get(enrolment_id, 0))

    def verdict(self, enrolment_id: int) -> Verdict:
        return verdict(
            self.proofs, self.measured(enrolment_id), of=self.of, threshold=self.threshold,
            signs=self.signs(enrolment_id),
        )  # fmt: skip

    @property
    def came(self) -> list[int]:
        """Who gave any sign of having been there, in the order of enrolment."""
        by_report = {id for id, one in self.measures.items() if one.most}
        return sorted(by_report | {id for id, count in self.answered.items() if count})

    @property
    def reached(self) -> list[int]:
        """Who was there long enough."""
        return [id for id in self.came if self.verdict(id).is_present]


def windows_of(activity: Activity) -> list[Interval]:
    """The stretches of time within which presence counts: its sessions."""
    return [Interval(start, end) for start, end in activity.windows]


def standing(session: Session, activity: Activity, *, only: int | None = None) -> Standing:
    """The union of everybody's stays, clipped to the sessions, and their signs of attention.

    A match follows its person: who left and enrolled anew is there under the new enrolment. With
    `only`, no more is looked up than the page of that enrolment needs.
    """
    assert activity.threshold is not None
    proofs = tuple(map(Proof, activity.proofs))
    signs = [_signs(session, activity, proof) for proof in proofs]
    answered: Counter[int] = Counter()
    for one in signs:
        answered.update(one.answered)
    windows = windows_of(activity)
    return Standing(
        windows, activity.threshold, proofs, _measures(session, activity, windows, only),
        shown=sum(one.count for one in signs), answered=answered,
    )  # fmt: skip


def _measures(
    session: Session, activity: Activity, windows: Sequence[Interval], only: int | None
) -> dict[int, Measure]:
    stays: defaultdict[int, list[Interval]] = defaultdict(list)
    totals: defaultdict[int, list[Total]] = defaultdict(list)
    by_report = reported(activity)
    kept = select(Stay.enrolment_id, Stay.joined_at, Stay.left_at, Stay.total_seconds).where(
        Stay.activity_id == activity.id
    )
    granted = (
        select(Grant.enrolment_id, Grant.joined_at, Grant.left_at, null())
        .join(Enrolment, Enrolment.id == Grant.enrolment_id)
        .where(Grant.activity_id == activity.id, Enrolment.ended_at.is_(None))
    )
    if only is not None:
        by_report = by_report.where(Enrolment.id == only)
        kept = kept.where(Stay.enrolment_id == only)
        granted = granted.where(Grant.enrolment_id == only)
    known: CompoundSelect[int, datetime, datetime, int | None] = union_all(by_report, granted, kept)
    for id, joined, left, total in session.execute(known).all():
        if total is None:
            stays[id].append(Interval(joined, left))
        else:
            totals[id].append(Total(Interval(joined, left), total))
    return {id: measure(stays.get(id, ()), windows, totals.get(id, ())) for id in {*stays, *totals}}


def reported(activity: Activity) -> Select[int, datetime, datetime, int | None]:
    """Who was there from when until when, as the reports that count say."""
    return (
        with_living(
            select(Enrolment.id, Presence.joined_at, Presence.left_at, Presence.total_seconds)
        )
        .join(Presence, Presence.participant_id == Participant.id)
        .join(PresenceReport, PresenceReport.id == Participant.report_id)
        .where(Participant.activity_id == activity.id, PresenceReport.ended_at.is_(None))
    )


def with_living(statement: Select[*Columns]) -> Select[*Columns]:
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


def _signs(session: Session, activity: Activity, proof: Proof) -> Shown:
    source = SIGNS.get(proof)
    return source(session, activity) if source else Shown(0, {})


def codes(session: Session, activity: Activity) -> Shown:
    """The codes that were shown, and how many of them each person gave.

    A code that nobody gave was planned, but nobody can have seen it.
    """
    given = session.execute(
        select(CheckAnswer.check_id, CheckAnswer.enrolment_id)
        .join(AttendanceCheck, AttendanceCheck.id == CheckAnswer.check_id)
        .join(Enrolment, Enrolment.id == CheckAnswer.enrolment_id)
        .where(
            AttendanceCheck.activity_id == activity.id,
            AttendanceCheck.ended_at.is_(None),
            Enrolment.ended_at.is_(None),
        )
    ).all()
    return Shown(len({check for check, _ in given}), Counter(person for _, person in given))


SIGNS[Proof.CODE] = codes


@dataclass(frozen=True)
class Measured:
    """What a learner sees of their own presence, and what it means."""

    windows: Sequence[Interval]
    intervals: Sequence[Interval]
    between: Sequence[Interval]
    """Stretches of which the report tells only a sum."""
    seconds: int
    most: int
    of_seconds: int
    threshold: int
    proofs: tuple[Proof, ...]
    signs: Signs
    answered: Sequence[CheckAnswer]
    verdict: Verdict
    settled_at: datetime | None
    has_report: bool
