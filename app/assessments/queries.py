"""What pages and decisions ask of a test and its sittings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from app.assessments.models import Assessment, Grading, Question, Sitting
from app.enrolments.models import Enrolment


@dataclass(frozen=True)
class TestFacts:
    """What everyone may know of a course's test."""

    questions: int
    pass_mark: int
    wait_hours: int

    __test__ = False


def test_facts(session: Session, course_id: int) -> TestFacts | None:
    """The test of a course; none as long as it asks nothing."""
    row = session.execute(
        select(Assessment.pass_mark, Assessment.wait_hours, func.count(Question.id))
        .join(Question)
        .where(Assessment.course_id == course_id, Question.retired_at.is_(None))
        .group_by(Assessment.id)
    ).one_or_none()
    return TestFacts(row[2], row[0], row[1]) if row else None


def sittings(session: Session, enrolment: Enrolment) -> list[Sitting]:
    """The sittings of an enrolment, the latest first, with their gradings."""
    return list(session.scalars(Sitting.of(enrolment)))[::-1]


def opens_again_at(session: Session, enrolment: Enrolment) -> datetime | None:
    """From when this person may sit the test of this course again; none who never handed one in.

    The last hand-in counts, under whichever enrolment: leaving a course and coming back must not
    shorten the wait. Its own wait holds, the one its learner was told.
    """
    last = session.scalars(
        select(Sitting)
        .join(Sitting.enrolment)
        .join(Sitting.grading)
        .where(
            Enrolment.person_id == enrolment.person_id,
            Enrolment.activity_id == enrolment.activity_id,
        )
        .order_by(Grading.at.desc())
        .limit(1)
        .options(contains_eager(Sitting.grading))
    ).first()
    return last.opens_again_at if last else None
