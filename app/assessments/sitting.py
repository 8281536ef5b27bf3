"""Sitting a test: a paper is opened, filled in at leisure, and handed in once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.assessments.drawing import draw
from app.assessments.grading import grade
from app.assessments.models import Assessment, Grading, Question, Sitting
from app.assessments.queries import opens_again_at, sittings
from app.assessments.readiness import obstacles
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.learning.models import hold
from app.learning.queries import progress
from app.texts import gettext as _


def open_sitting(session: Session, enrolment: Enrolment, *, at: datetime, seed: int) -> Sitting:
    """Open a sitting and freeze its paper; one that is open already is gone on with."""
    hold(session, enrolment)
    earlier = sittings(session, enrolment)
    if earlier and earlier[0].grading is None:
        return earlier[0]
    test = session.scalars(
        Assessment.of(enrolment.activity).options(
            selectinload(Assessment.questions).selectinload(Question.choices)
        )
    ).one_or_none()
    Refusal.unless_none(
        obstacles(
            questions=len(test.asked) if test else 0,
            lessons_left=progress(session, enrolment.activity_id, enrolment).left,
            passed=any(sitting.is_passed for sitting in earlier),
            opens_at=opens_again_at(session, enrolment),
            at=at,
        )
    )
    assert test is not None
    sitting = Sitting(
        enrolment=enrolment,
        assessment=test,
        number=len(earlier) + 1,
        opened_at=at,
        pass_mark=test.pass_mark,
        wait_hours=test.wait_hours,
        paper=[i.as_json() for i in draw([q.item for q in test.asked], seed=seed)],
    )
    session.add(sitting)
    record(session, "sitting.opened", by=enrolment.person, at=at, on=sitting,
           course=enrolment.activity_id, number=sitting.number)  # fmt: skip
    return sitting


def hand_in(session: Session, sitting: Sitting, answers: Sequence[int], *, at: datetime) -> Grading:
    """Grade what was handed in. The first hand-in counts: every later one is answered with it."""
    hold(session, sitting.enrolment)
    existing = session.scalars(
        select(Grading)
        .where(Grading.sitting_id == sitting.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if existing:
        return existing
    if not sitting.enrolment.has_place:
        raise Refusal(_("You have left this course, so its test can no longer be handed in."))
    result = grade(sitting.items, answers, pass_mark=sitting.pass_mark)
    sitting.grading = Grading(
        at=at, answers=list(answers), right=result.right, total=result.total, passed=result.passed
    )
    record(session, "sitting.graded", by=sitting.enrolment.person, at=at, on=sitting,
           course=sitting.enrolment.activity_id, right=result.right, total=result.total,
           passed=result.passed)  # fmt: skip
    return sitting.grading
