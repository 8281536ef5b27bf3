"""Lessons and their completion."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from app import db
from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.enrolments.booking import lock
from app.enrolments.models import Enrolment
from app.journal.models import record

Direction = Literal["up", "down"]


class Lesson(Base):
    """A part of a course, in Markdown.

    A removed lesson is no longer read or asked for; that someone has done it stays on record.
    """

    __tablename__ = "lessons"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="takes_time"),
        Index("ix_lessons_course", "course_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    position: Mapped[int]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int] = mapped_column(default=15)
    removed_at: Mapped[datetime | None]
    course: Mapped[Activity] = relationship()

    @classmethod
    def of(cls, course: Activity) -> Select[Lesson]:
        """The lessons of a course in their order, without those that were removed."""
        return (
            select(cls)
            .where(cls.course_id == course.id, cls.removed_at.is_(None))
            .order_by(cls.position, cls.id)
        )

    @classmethod
    def add(
        cls, session: Session, course: Activity, *, title: str, body: str, minutes: int,
        by: Person, at: datetime,
    ) -> Lesson:  # fmt: skip
        """Add a lesson after the last one."""
        lock(session, course)
        last = session.scalar(
            select(func.max(cls.position)).where(
                cls.course_id == course.id, cls.removed_at.is_(None)
            )
        )
        lesson = cls(
            course=course, position=(last or 0) + 1, title=title, body=body, minutes=minutes
        )
        session.add(lesson)
        lesson._record("lesson.added", by=by, at=at)
        return lesson

    def change(self, *, title: str, body: str, minutes: int, by: Person, at: datetime) -> None:
        """Give it another text; whoever has done it keeps that."""
        if (self.title, self.body, self.minutes) != (title, body, minutes):
            self.title, self.body, self.minutes = title, body, minutes
            self._record("lesson.changed", by=by, at=at)

    def move(self, direction: Direction, *, by: Person, at: datetime) -> None:
        """Change places with the lesson before or after it; at the end nothing moves."""
        order = self._siblings()
        here = order.index(self) if self in order else -1
        there = here + (-1 if direction == "up" else 1)
        if here < 0 or not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        _number(order)
        self._record("lesson.moved", by=by, at=at)

    def remove(self, *, by: Person, at: datetime) -> None:
        """Take it out of the course; nobody needs it any longer, and who did it keeps that."""
        if self.removed_at is not None:
            return
        order = self._siblings()
        self.removed_at = at
        _number([lesson for lesson in order if lesson is not self])
        self._record("lesson.removed", by=by, at=at)

    def _siblings(self) -> list[Lesson]:
        session = _session(self)
        lock(session, self.course)
        return list(
            session.scalars(Lesson.of(self.course).execution_options(populate_existing=True))
        )

    def _record(self, act: str, *, by: Person, at: datetime) -> None:
        record(_session(self), act, by=by, at=at, on=self, society_id=self.course.lead.id,
               course=self.course.id, position=self.position, minutes=self.minutes)  # fmt: skip

    def __str__(self) -> str:
        return self.title


class LessonCompletion(Base):
    """A learner marked a lesson as done."""

    __tablename__ = "lesson_completions"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True, index=True)
    at: Mapped[datetime]
    enrolment: Mapped[Enrolment] = relationship()
    lesson: Mapped[Lesson] = relationship()

    @classmethod
    def mark(
        cls, session: Session, lesson: Lesson, enrolment: Enrolment, *, at: datetime
    ) -> LessonCompletion:
        """The learner has done the lesson; marked twice is marked once."""
        hold(session, enrolment)
        if existing := session.get(cls, (enrolment.id, lesson.id)):
            return existing
        mark = cls(enrolment=enrolment, lesson=lesson, at=at)
        session.add(mark)
        record(session, "lesson.done", by=enrolment.person, at=at, on=lesson,
               enrolment=enrolment.id, course=lesson.course_id)  # fmt: skip
        return mark


def hold(session: Session, enrolment: Enrolment) -> None:
    """Let one act at a time change what a learner has done on a course.

    Without it a last lesson and a passed test that arrive together would each miss the other.
    """
    db.hold(session, select(Enrolment.id).where(Enrolment.id == enrolment.id))


def _number(lessons: list[Lesson]) -> None:
    for position, lesson in enumerate(lessons, 1):
        lesson.position = position


def _session(lesson: Lesson) -> Session:
    session = object_session(lesson)
    assert session is not None
    return session
