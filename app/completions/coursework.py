"""All that one learner has done on one course, gathered for a page or a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessments.models import Sitting
from app.assessments.queries import TestFacts, opens_again_at, sittings, test_facts
from app.completions.models import Completion
from app.enrolments.models import Enrolment
from app.learning.progress import Progress
from app.learning.queries import progress


@dataclass(frozen=True)
class Coursework:
    """Lessons, test and sittings (the latest first) of one enrolment, and its completion."""

    lessons: Progress
    test: TestFacts | None
    sittings: Sequence[Sitting]
    opens_at: datetime | None
    """From when the test may be tried again."""
    completion: Completion | None

    @property
    def passed(self) -> Sitting | None:
        """The sitting by which the test was passed."""
        return next((sitting for sitting in self.sittings if sitting.is_passed), None)

    @property
    def open_sitting(self) -> Sitting | None:
        return next((sitting for sitting in self.sittings if sitting.grading is None), None)

    @property
    def done(self) -> int:
        """Lessons done, and the test as one more thing when it is passed."""
        return self.lessons.done + (1 if self.test and self.passed else 0)

    @property
    def total(self) -> int:
        return self.lessons.total + (1 if self.test else 0)


def coursework(session: Session, enrolment: Enrolment) -> Coursework:
    done = sittings(session, enrolment)
    return Coursework(
        lessons=progress(session, enrolment.activity_id, enrolment),
        test=test_facts(session, enrolment.activity_id),
        sittings=done,
        opens_at=opens_again_at(session, enrolment),
        completion=completion_of(session, enrolment),
    )


def completion_of(session: Session, enrolment: Enrolment) -> Completion | None:
    """The person's completion of this activity, under whichever enrolment."""
    return session.scalars(
        select(Completion)
        .where(
            Completion.person_id == enrolment.person_id,
            Completion.activity_id == enrolment.activity_id,
        )
        .order_by(Completion.id)
        .limit(1)
    ).first()
