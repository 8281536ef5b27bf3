"""Tests, their questions, sittings and gradings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agenda.models import Activity
from app.db import Base
from app.enrolments.models import Enrolment


class Assessment(Base):
    """The test of a course: pass mark in per cent, hours between two sittings."""

    __tablename__ = "assessments"
    __table_args__ = (CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark_in_per_cent"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), unique=True)
    pass_mark: Mapped[int] = mapped_column(default=75)
    wait_hours: Mapped[int] = mapped_column(default=24)
    course: Mapped[Activity] = relationship()
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.position", back_populates="assessment"
    )

    @classmethod
    def of(cls, course: Activity) -> Select[Assessment]:
        return select(cls).where(cls.course_id == course.id)

    def __str__(self) -> str:
        return f"Test: {self.course.title}"


class Question(Base):
    """A question with one right choice."""

    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    retired_at: Mapped[datetime | None]
    assessment: Mapped[Assessment] = relationship(back_populates="questions")
    choices: Mapped[list[Choice]] = relationship(
        order_by="Choice.position", cascade="all, delete-orphan"
    )


class Choice(Base):
    """One answer to choose."""

    __tablename__ = "choices"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    is_right: Mapped[bool]


class Sitting(Base):
    """A learner's try at a test; its paper is frozen when it is opened."""

    __tablename__ = "sittings"
    __table_args__ = (UniqueConstraint("enrolment_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    number: Mapped[int]
    opened_at: Mapped[datetime]
    pass_mark: Mapped[int]
    paper: Mapped[list[Any]]
    """[{"text", "choices": [text, …], "right": index}]: never shown as such before it is graded."""
    enrolment: Mapped[Enrolment] = relationship()
    assessment: Mapped[Assessment] = relationship()
    grading: Mapped[Grading | None] = relationship(back_populates="sitting")

    @classmethod
    def of(cls, enrolment: Enrolment) -> Select[Sitting]:
        return select(cls).where(cls.enrolment_id == enrolment.id).order_by(cls.number)

    @property
    def is_passed(self) -> bool:
        return self.grading is not None and self.grading.passed

    def opens_again_at(self, wait_hours: int) -> datetime | None:
        return self.grading.at + timedelta(hours=wait_hours) if self.grading else None


class Grading(Base):
    """What was handed in and what it was worth."""

    __tablename__ = "gradings"
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    at: Mapped[datetime]
    answers: Mapped[list[Any]]
    right: Mapped[int]
    total: Mapped[int]
    passed: Mapped[bool]
    sitting: Mapped[Sitting] = relationship(back_populates="grading")
