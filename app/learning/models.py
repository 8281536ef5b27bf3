"""Lessons and their completion."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agenda.models import Activity
from app.db import Base
from app.enrolments.models import Enrolment


class Lesson(Base):
    """A part of a course, in Markdown."""

    __tablename__ = "lessons"
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int] = mapped_column(default=15)
    course: Mapped[Activity] = relationship()

    @classmethod
    def of(cls, course: Activity) -> Select[Lesson]:
        return select(cls).where(cls.course_id == course.id).order_by(cls.position)

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
