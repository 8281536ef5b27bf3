"""Forms, their items, and the answers and receipts that nobody can put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, Select, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.errors import Refusal
from app.evaluations.kinds import FEWEST_CHOICES, MOST_CHOICES, MOST_ITEMS, STEPS, Kind, Wording
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _

DAYS = 14

RandomKey = BigInteger().with_variant(Integer(), "sqlite")
"""On SQLite only an INTEGER key is the row's own place: no hidden number counts the insertions."""


class EvaluationForm(Base):
    """What is asked about a webinar; or a society's template for such forms."""

    __tablename__ = "evaluation_forms"
    __table_args__ = (
        CheckConstraint(
            "(activity_id IS NULL) <> (society_id IS NULL)", name="of_a_webinar_or_a_society"
        ),
        CheckConstraint("days BETWEEN 1 AND 90", name="open_for_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"), unique=True)
    society_id: Mapped[int | None] = mapped_column(ForeignKey("societies.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    """What a template is called."""
    days: Mapped[int] = mapped_column(default=DAYS)
    """For how many days after the end it can be answered."""
    frozen_on: Mapped[date | None]
    """Since the first answer it stands as it is."""

    activity: Mapped[Activity | None] = relationship()
    society: Mapped[Society | None] = relationship()
    items: Mapped[list[EvaluationItem]] = relationship(
        order_by="EvaluationItem.position", cascade="all, delete-orphan", back_populates="form"
    )

    @classmethod
    def of(cls, activity_id: int) -> Select[EvaluationForm]:
        return select(cls).where(cls.activity_id == activity_id).options(selectinload(cls.items))

    @property
    def is_frozen(self) -> bool:
        return self.frozen_on is not None

    @property
    def opens_at(self) -> datetime | None:
        return self.activity.ends_at if self.activity else None

    @property
    def closes_at(self) -> datetime | None:
        opens_at = self.opens_at
        return opens_at + timedelta(days=self.days) if opens_at else None

    def is_open(self, at: datetime) -> bool:
        opens_at, closes_at = self.opens_at, self.closes_at
        return opens_at is not None and closes_at is not None and opens_at <= at < closes_at

    def is_closed(self, at: datetime) -> bool:
        return self.closes_at is not None and self.closes_at <= at

    def add(self, wording: Wording, *, by: Person, at: datetime) -> EvaluationItem:
        """Ask one thing more, at the end."""
        self._changeable()
        if len(self.items) >= MOST_ITEMS:
            raise Refusal(_("An evaluation asks at most %(most)d things.", most=MOST_ITEMS))
        item = EvaluationItem(position=len(self.items) + 1)
        item.word(wording)
        self.items.append(item)
        self._record("evaluation.item added", by=by, at=at, item=wording.text)
        return item

    def change(self, item: EvaluationItem, wording: Wording, *, by: Person, at: datetime) -> None:
        """Ask it otherwise."""
        self._changeable()
        if item.wording != wording:
            item.word(wording)
            self._record("evaluation.item changed", by=by, at=at, item=wording.text)

    def move(self, item: EvaluationItem, by_steps: int, *, by: Person, at: datetime) -> None:
        """Change places with the item before or after it; at the end nothing moves."""
        self._changeable()
        here = self.items.index(item)
        there = here + by_steps
        if 0 <= there < len(self.items):
            other = self.items[there]
            item.position, other.position = there + 1, here + 1
            self._record("evaluation.item moved", by=by, at=at, item=item.text)

    def drop(self, item: EvaluationItem, *, by: Person, at: datetime) -> None:
        """Ask it no more."""
        self._changeable()
        self.items.remove(item)
        for position, kept in enumerate(self.items, 1):
            kept.position = position
        self._record("evaluation.item dropped", by=by, at=at, item=item.text)

    def ask_instead(self, wordings: Sequence[Wording], *, by: Person | None, at: datetime) -> None:
        """Ask these things and nothing else."""
        self._changeable()
        self.items = []
        for position, wording in enumerate(wordings, 1):
            item = EvaluationItem(position=position)
            item.word(wording)
            self.items.append(item)
        self._record("evaluation.drawn up", by=by, at=at, items=len(wordings))

    def stay_open(self, days: int, *, by: Person, at: datetime) -> None:
        """Say for how many days after the end it can be answered. What is closed stays closed."""
        if days != self.days:
            if self.is_closed(at):
                raise Refusal(_("The time to evaluate is over; its results are complete."))
            before, self.days = self.days, days
            self._record("evaluation.days changed", by=by, at=at, before=before, now=days)

    def _changeable(self) -> None:
        session = object_session(self)
        assert session is not None
        session.flush()
        if self.id is not None:
            session.refresh(self, ["frozen_on"], with_for_update=True)
        if self.is_frozen:
            raise Refusal(_("Somebody has answered already: the form stands as it is."))

    def _record(self, act: str, *, by: Person | None, at: datetime, **details: Any) -> None:
        session = object_session(self)
        assert session is not None
        societies = self.activity.societies if self.activity else [self.society_id or 0]
        record(session, act, by=by, at=at, on=self, societies=societies,
               activity=self.activity_id, **details)  # fmt: skip

    def __str__(self) -> str:
        return self.name or str(self.activity.title if self.activity else "")


class EvaluationItem(Base):
    """One thing that is asked, of the webinar or of each speaker."""

    __tablename__ = "evaluation_items"
    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("evaluation_forms.id"), index=True)
    position: Mapped[int]
    kind: Mapped[Kind]
    text: Mapped[str]
    choices: Mapped[list[Any]]
    """The choices, or the words of the two ends of a scale."""
    per_speaker: Mapped[bool]
    form: Mapped[EvaluationForm] = relationship(back_populates="items")

    @property
    def wording(self) -> Wording:
        return Wording(self.kind, self.text, tuple(self.choices), self.per_speaker)

    def word(self, wording: Wording) -> None:
        """Take over a wording that can be asked."""
        count = len(wording.choices)
        if wording.kind is Kind.SCALE and count != 2:
            raise ValueError("a scale has two ends")
        is_choice = wording.kind in {Kind.SINGLE, Kind.SEVERAL}
        if is_choice and not FEWEST_CHOICES <= count <= MOST_CHOICES:
            raise ValueError("there are two to eight choices")
        if wording.kind is Kind.TEXT and count:
            raise ValueError("a text has no choices")
        self.kind, self.text, self.choices = wording.kind, wording.text, list(wording.choices)
        self.per_speaker = wording.per_speaker

    def can_be(self, value: int | None, text: str | None) -> bool:
        """Whether this is an answer: a text, a step, a choice by its number, or choices as bits."""
        if self.kind is Kind.TEXT:
            return value is None and bool(text)
        most = {Kind.SCALE: STEPS, Kind.SINGLE: len(self.choices)}
        return (
            text is None
            and value is not None
            and 1 <= value <= most.get(self.kind, 2 ** len(self.choices) - 1)
        )

    def __str__(self) -> str:
        return self.text


class Receipt(Base):
    """Somebody has answered an evaluation: that they did, on which day, and nothing of what."""

    __tablename__ = "evaluation_receipts"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("evaluation_forms.id"), index=True)
    on: Mapped[date]


class EvaluationAnswer(Base):
    """One answer to one item. It has no person, no time, no sheet, and a key drawn at random."""

    __tablename__ = "evaluation_answers"
    __table_args__ = (
        CheckConstraint("(value IS NULL) <> (text IS NULL)", name="a_value_or_a_text"),
    )
    id: Mapped[int] = mapped_column(RandomKey, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("evaluation_items.id"), index=True)
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"))
    value: Mapped[int | None]
    """A scale: 1 to 5. One choice: its number from 1. Several: the choices as bits."""
    text: Mapped[str | None]
    is_shown: Mapped[bool]
    """Whether reports count it while the evaluation is open: see `mixing`."""
