"""The learners of a course and how far each is, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.grading import score
from app.assessments.models import Grading, Sitting
from app.completions.models import Completion
from app.enrolments.models import Enrolment, Place
from app.learning.models import Lesson, LessonCompletion

PAGE = 50


@dataclass(frozen=True)
class Learner:
    """One who has a place on a course: lessons done, tries at the test, best mark, completion."""

    enrolment_id: int
    name: str
    enrolled_at: datetime
    lessons: int
    tries: int
    best: int | None
    passed: bool
    completed_at: datetime | None


@dataclass(frozen=True)
class Learners:
    rows: Sequence[Learner]
    next: int | None
    """The key after which the next page begins; none on the last."""


def learners(session: Session, course: Activity, *, after: int = 0, size: int = PAGE) -> Learners:
    """Those with a place, in the order in which they enrolled, from the key `after` on."""
    found = session.execute(
        select(Enrolment.id, Person.name, Enrolment.at, Completion.at)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Place, Place.enrolment_id == Enrolment.id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(
            Enrolment.activity_id == course.id,
            Enrolment.ended_at.is_(None),
            Enrolment.id > after,
        )
        .order_by(Enrolment.id)
        .limit(size + 1)
    ).all()
    ids = [row[0] for row in found[:size]]
    lessons, marks = _lessons(session, ids), _marks(session, ids)
    rows = []
    for id, name, enrolled_at, completed_at in found[:size]:
        tries = marks.get(id, [])
        rows.append(
            Learner(
                id, name, enrolled_at, lessons.get(id, 0), len(tries),
                max((mark for mark, _passed in tries), default=None),
                any(passed for _mark, passed in tries), completed_at,
            )
        )  # fmt: skip
    return Learners(rows, ids[-1] if len(found) > size else None)


def _lessons(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many of the lessons that the course has now each enrolment has done."""
    rows = session.execute(
        select(LessonCompletion.enrolment_id, func.count())
        .join(Lesson)
        .where(LessonCompletion.enrolment_id.in_(ids), Lesson.removed_at.is_(None))
        .group_by(LessonCompletion.enrolment_id)
    )
    return {enrolment_id: count for enrolment_id, count in rows}


def _marks(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[int, bool]]]:
    """The marks of each enrolment's graded sittings, and whether they passed."""
    marks: dict[int, list[tuple[int, bool]]] = {}
    for enrolment_id, right, total, passed in session.execute(
        select(Sitting.enrolment_id, Grading.right, Grading.total, Grading.passed)
        .join(Grading)
        .where(Sitting.enrolment_id.in_(ids))
    ):
        marks.setdefault(enrolment_id, []).append((score(right, total), passed))
    return marks
