"""What the pages of a course ask: its lessons, and what one learner has done of them."""

from __future__ import annotations

from sqlalchemy import Select, and_, func, literal, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Person
from app.agenda.models import Activity, Announcement, Kind, Organiser
from app.enrolments.models import Enrolment
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


def progress(session: Session, course_id: int, enrolment: Enrolment | None) -> Progress:
    """The lessons of a course without their texts, and which of them this enrolment has done."""
    columns = (Lesson.id, Lesson.title, Lesson.minutes)
    in_order = (Lesson.position, Lesson.id)
    wanted = (Lesson.course_id == course_id, Lesson.removed_at.is_(None))
    if enrolment is None:
        rows = session.execute(
            select(*columns, literal(None).label("done")).where(*wanted).order_by(*in_order)
        )
    else:
        mine = and_(
            LessonCompletion.lesson_id == Lesson.id, LessonCompletion.enrolment_id == enrolment.id
        )
        rows = session.execute(
            select(*columns, LessonCompletion.lesson_id.label("done"))
            .outerjoin(LessonCompletion, mine)
            .where(*wanted)
            .order_by(*in_order)
        )
    return Progress(
        [
            Step(position, row.id, row.title, row.minutes, row.done is not None)
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
