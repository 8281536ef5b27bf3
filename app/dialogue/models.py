"""Questions to the speakers, the votes they have, and what was done with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base

LONGEST = 500


class FloorQuestion(Base):
    """A question that somebody with a place puts to the speakers of a webinar."""

    __tablename__ = "floor_questions"
    __table_args__ = (
        CheckConstraint("votes >= 0", name="votes_from_nothing"),
        Index("ix_floor_questions_order", "activity_id", "votes", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str]
    is_named: Mapped[bool]
    """Whether the others see who asked; the organisers always do."""
    at: Mapped[datetime]
    votes: Mapped[int] = mapped_column(default=0)
    """How many votes it has: counted on by every vote, so that no list counts thousands."""
    hidden_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()
    reply: Mapped[Reply | None] = relationship(back_populates="question")
    hidings: Mapped[list[Hiding]] = relationship(
        order_by="Hiding.id", back_populates="question", viewonly=True
    )

    @classmethod
    def of(cls, activity_id: int) -> Select[FloorQuestion]:
        """The questions of a webinar with those who asked them and what was answered."""
        return (
            select(cls)
            .where(cls.activity_id == activity_id)
            .options(joinedload(cls.person, innerjoin=True), joinedload(cls.reply))
        )

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def hiding(self) -> Hiding | None:
        """The act by which it is hidden now."""
        return next((one for one in self.hidings if one.lifted_at is None), None)

    def __str__(self) -> str:
        return self.text


class Vote(Base):
    """Somebody wants to know this too; one vote a person."""

    __tablename__ = "floor_votes"
    question_id: Mapped[int] = mapped_column(ForeignKey("floor_questions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class Hiding(Base):
    """The act that hid a question from the others, with its reason; it may be lifted again."""

    __tablename__ = "floor_hidings"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("floor_questions.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    lifted_at: Mapped[datetime | None]
    question: Mapped[FloorQuestion] = relationship(back_populates="hidings")
    by: Mapped[Person] = relationship()


class Reply(Base):
    """A question was answered, in the session or in these words."""

    __tablename__ = "floor_replies"
    question_id: Mapped[int] = mapped_column(ForeignKey("floor_questions.id"), primary_key=True)
    text: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    question: Mapped[FloorQuestion] = relationship(back_populates="reply")
    by: Mapped[Person] = relationship()
