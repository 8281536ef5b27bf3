"""Tests, their questions, sittings and gradings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, object_session, relationship

from app import db
from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.drawing import Asked, Item
from app.assessments.grading import score, wrong
from app.db import Base
from app.enrolments.booking import lock
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _

PASS_MARK, WAIT_HOURS = 75, 24
FEWEST_CHOICES, MOST_CHOICES = 2, 6


class Assessment(Base):
    """The test of a course: pass mark in per cent, hours between two sittings."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark_in_per_cent"),
        CheckConstraint("wait_hours >= 0", name="waits_no_less_than_nothing"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), unique=True)
    pass_mark: Mapped[int] = mapped_column(default=PASS_MARK)
    wait_hours: Mapped[int] = mapped_column(default=WAIT_HOURS)
    course: Mapped[Activity] = relationship()
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.position", back_populates="assessment"
    )

    @classmethod
    def of(cls, course: Activity) -> Select[Assessment]:
        return select(cls).where(cls.course_id == course.id)

    @classmethod
    def set(
        cls, session: Session, course: Activity, *, pass_mark: int = PASS_MARK,
        wait_hours: int = WAIT_HOURS, by: Person, at: datetime,
    ) -> Assessment:  # fmt: skip
        """Say what the test of a course asks for; sittings already opened keep their pass mark."""
        lock(session, course)
        test = session.scalars(cls.of(course)).one_or_none()
        if test and (test.pass_mark, test.wait_hours) == (pass_mark, wait_hours):
            return test
        if test is None:
            test = cls(course=course)
            session.add(test)
        test.pass_mark, test.wait_hours = pass_mark, wait_hours
        test._record("test.set", on=test, by=by, at=at, pass_mark=pass_mark, wait_hours=wait_hours)
        return test

    @property
    def asked(self) -> list[Question]:
        """The questions that a new sitting would ask."""
        return [question for question in self.questions if question.retired_at is None]

    def ask(
        self, text: str, choices: Sequence[str], *, right: int, by: Person, at: datetime
    ) -> Question:
        """Add a question after the last one; `right` is the index of its right choice."""
        hold(self)
        question = Question(text=text, position=len(self.questions) + 1)
        question.choices = _choices(choices, right)
        self.questions.append(question)
        self._record("question.added", on=question, by=by, at=at)
        return question

    def _record(self, act: str, *, on: Base, by: Person, at: datetime, **details: Any) -> None:
        session = object_session(self)
        assert session is not None
        record(session, act, by=by, at=at, on=on, society_id=self.course.lead.id,
               course=self.course.id, **details)  # fmt: skip

    def __str__(self) -> str:
        return f"Test: {self.course.title}"


class Question(Base):
    """A question with one right choice; a retired one is asked in no new sitting."""

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

    @property
    def right(self) -> int:
        return next(index for index, choice in enumerate(self.choices) if choice.is_right)

    @property
    def item(self) -> Item:
        return Item(self.text, tuple(choice.text for choice in self.choices), self.right)

    def change(
        self, text: str, choices: Sequence[str], *, right: int, by: Person, at: datetime
    ) -> None:
        """Ask it otherwise from the next sitting on; papers already drawn up stay as they are."""
        if self.item == Item(text, tuple(choices), right):
            return
        self.text, self.choices = text, _choices(choices, right)
        self.assessment._record("question.changed", on=self, by=by, at=at)

    def retire(self, *, by: Person, at: datetime) -> None:
        """Ask it no more. An announced test keeps a question, or it would be passed by nobody."""
        hold(self.assessment)
        if self.retired_at is not None:
            return
        if self.assessment.course.is_announced and self.assessment.asked == [self]:
            raise Refusal(
                _("This is the last question of an announced test. Add its successor first.")
            )
        self.retired_at = at
        self.assessment._record("question.retired", on=self, by=by, at=at)

    def __str__(self) -> str:
        return self.text


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
    wait_hours: Mapped[int]
    paper: Mapped[list[Any]]
    """What `Item.as_json` makes of each question. It holds the key: pages are given `asked`."""
    enrolment: Mapped[Enrolment] = relationship()
    assessment: Mapped[Assessment] = relationship()
    grading: Mapped[Grading | None] = relationship(back_populates="sitting")

    @classmethod
    def of(cls, enrolment: Enrolment) -> Select[Sitting]:
        return (
            select(cls)
            .where(cls.enrolment_id == enrolment.id)
            .order_by(cls.number)
            .options(joinedload(cls.grading))
        )

    @classmethod
    def by(cls, person: Person) -> Select[Sitting]:
        """Every sitting of a person, with its enrolment, course and grading."""
        return (
            select(cls)
            .join(cls.enrolment)
            .where(Enrolment.person_id == person.id)
            .options(
                joinedload(cls.grading),
                joinedload(cls.enrolment).options(
                    joinedload(Enrolment.activity), joinedload(Enrolment.place)
                ),
            )
        )

    @property
    def items(self) -> list[Item]:
        return [Item.from_json(stored) for stored in self.paper]

    @property
    def asked(self) -> list[Asked]:
        """What the learner may see of the paper."""
        return [item.asked for item in self.items]

    @property
    def wrong(self) -> list[tuple[int, str]]:
        """Number and text of the questions that were not answered right, once it is graded."""
        if self.grading is None:
            return []
        found = wrong(self.items, self.grading.answers)
        return [(index + 1, self.items[index].text) for index in found]

    @property
    def is_passed(self) -> bool:
        return self.grading is not None and self.grading.passed

    @property
    def opens_again_at(self) -> datetime | None:
        """From when its learner may try again."""
        return self.grading.at + timedelta(hours=self.wait_hours) if self.grading else None

    def __str__(self) -> str:
        return f"{self.enrolment.person.name}: {self.enrolment.activity.title}, {self.number}"


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

    @property
    def score(self) -> int:
        """Per cent, rounded down."""
        return score(self.right, self.total)


def _choices(texts: Sequence[str], right: int) -> list[Choice]:
    if not FEWEST_CHOICES <= len(texts) <= MOST_CHOICES:
        raise ValueError("a question has two to six choices")
    if not 0 <= right < len(texts):
        raise ValueError("one of the choices is right")
    return [
        Choice(position=position, text=text, is_right=position == right + 1)
        for position, text in enumerate(texts, 1)
    ]


def hold(test: Assessment) -> None:
    """Let one act at a time change which questions a test asks, and look at them afresh."""
    session = object_session(test)
    assert session is not None
    session.flush()
    db.hold(session, select(Assessment.id).where(Assessment.id == test.id))
    questions = select(Question).where(Question.assessment_id == test.id)
    session.scalars(questions.execution_options(populate_existing=True)).all()
    session.expire(test, ["questions"])
