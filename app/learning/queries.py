"""What the pages of a course ask: its lessons, and what one learner has done of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Person
from app.agenda.models import Activity, Announcement, Kind, Organiser
from app.enrolments.models import Enrolment, Place
from app.learning.models import Lesson, LessonCompletion
from app.learning.progress import Progress, Step


def open_course(id: int) -> Select[Activity]:
    """An announced course with its societies."""
    return (
        select(Activity)
        .join(Announcement)
        .where(Activity.id == id, Activity.kind == Kind.COURSE)
        .options(selectinload(Activity.organisers).joinedload(Organiser.society, innerjoin=True))
    )


def enrolment_on(session: Session, person: Person | None, course: Activity) -> Enrolment | None:
    """The person's live enrolment on a course; none for a stranger."""
    if person is None:
        return None
    enrolment = session.scalars(Enrolment.live(person, course)).one_or_none()
    if enrolment is not None:
        set_committed_value(enrolment, "activity", course)  # loaded with what the page shows of it
    return enrolment


# Statements are built once and filled in: building one costs as much as running it.
_COURSE, _PERSON, _ENROLMENT = (
    bindparam(name, type_=Integer()) for name in ("course_id", "person_id", "enrolment_id")
)
_STEP = (Lesson.id, Lesson.title, Lesson.minutes, LessonCompletion.at.label("done_at"))
_IN_ORDER = (Lesson.position, Lesson.id)
_DONE = LessonCompletion.lesson_id == Lesson.id
_LESSONS = (
    select(*_STEP)
    .select_from(Lesson)
    .outerjoin(LessonCompletion, and_(_DONE, LessonCompletion.enrolment_id == _ENROLMENT))
    .where(Lesson.course_id == _COURSE, Lesson.removed_at.is_(None))
    .order_by(*_IN_ORDER)
)
_MINE = and_(
    Enrolment.activity_id == Activity.id,
    Enrolment.person_id == _PERSON,
    Enrolment.ended_at.is_(None),
)
_OUTLINE = (
    select(*_STEP, Place.enrolment_id.label("place"))
    .select_from(Activity)
    .outerjoin(Lesson, and_(Lesson.course_id == Activity.id, Lesson.removed_at.is_(None)))
    .outerjoin(Enrolment, _MINE)
    .outerjoin(Place, Place.enrolment_id == Enrolment.id)
    .outerjoin(LessonCompletion, and_(_DONE, LessonCompletion.enrolment_id == Enrolment.id))
    .where(Activity.id == _COURSE)
    .order_by(*_IN_ORDER)
)


def progress(session: Session, course_id: int, enrolment: Enrolment | None) -> Progress:
    """The lessons of a course without their texts, and which of them this enrolment has done."""
    values = {"course_id": course_id, "enrolment_id": enrolment.id if enrolment else None}
    return _progress(session.execute(_LESSONS, values).all())


def outline(session: Session, course_id: int, person: Person | None) -> tuple[Progress, bool]:
    """How far this reader is through the lessons, and whether they have a place on the course.

    One statement for the public page; its one row without a lesson is that of an empty course.
    """
    values = {"course_id": course_id, "person_id": person.id if person else None}
    rows = session.execute(_OUTLINE, values).all()
    lessons = _progress([row for row in rows if row.id is not None])
    return lessons, any(row.place is not None for row in rows)


def _progress(rows: Iterable[Any]) -> Progress:
    return Progress(
        [
            Step(position, row.id, row.title, row.minutes, row.done_at is not None)
            for position, row in enumerate(rows, 1)
        ]
    )


def done_by(session: Session, course: Activity) -> dict[int, int]:
    """How many learners have done each lesson of a course, by the lesson's id."""
    rows = session.execute(
        select(LessonCompletion.lesson_id, func.count())
        .join(Lesson)
        .where(Lesson.course_id == course.id)
        .group_by(LessonCompletion.lesson_id)
    )
    return {lesson_id: count for lesson_id, count in rows}


def lesson_in_reach(id: int) -> Select[Lesson]:
    """A lesson of an announced course, with the course and its societies."""
    return (
        select(Lesson)
        .join(Announcement, Announcement.activity_id == Lesson.course_id)
        .where(Lesson.id == id, Lesson.removed_at.is_(None))
        .options(
            joinedload(Lesson.course)
            .selectinload(Activity.organisers)
            .joinedload(Organiser.society)
        )
    )
