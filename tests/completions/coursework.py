"""A course with two lessons and a test, learners on it, and how they go through it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.models import Assessment, Sitting
from app.assessments.sitting import open_sitting
from app.completions.models import Completion
from app.enrolments.models import Enrolment
from app.learning.models import Lesson, LessonCompletion
from tests.cast import NOON


def add_lessons(session: Session, course: Activity, by: Person, count: int = 2) -> list[Lesson]:
    added = [
        Lesson.add(session, course, title=f"Lesson {n}", body="Text", minutes=5, by=by, at=NOON)
        for n in range(1, count + 1)
    ]
    session.flush()
    return added


def add_test(session: Session, course: Activity, by: Person, questions: int = 4) -> Assessment:
    test = Assessment.set(session, course, by=by, at=NOON)
    for number in range(1, questions + 1):
        test.ask(f"Question {number}?", ["yes", "no"], right=number % 2, by=by, at=NOON)
    session.flush()
    return test


def do_all(session: Session, enrolment: Enrolment, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        LessonCompletion.mark(session, lesson, enrolment, at=NOON)
    session.flush()


def open_paper(session: Session, enrolment: Enrolment, seed: int = 7) -> Sitting:
    sitting = open_sitting(session, enrolment, at=NOON, seed=seed)
    session.flush()
    return sitting


def all_right(sitting: Sitting) -> list[int]:
    return [item.right for item in sitting.items]


def as_form(answers: list[int]) -> dict[str, Any]:
    return {f"question-{n}": str(answer) for n, answer in enumerate(answers, 1)}


def completions(session: Session) -> list[Completion]:
    return list(session.scalars(select(Completion)))
