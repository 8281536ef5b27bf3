"""Polls: prepared, opened, answered while they are open, and closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    UniqueConstraint,
    delete,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.db import Base
from app.dialogue.tallying import bits
from app.enrolments.booking import lock
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _

FEWEST, MOST = 2, 8
"""Choices of a poll."""


class Poll(Base):
    """A question to everybody in the room, with choices; open from one moment to another."""

    __tablename__ = "polls"
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    choices: Mapped[list[Any]]
    takes_several: Mapped[bool]
    is_attention: Mapped[bool]
    """Whether answering it proves that somebody was there."""
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    activity: Mapped[Activity] = relationship()

    @classmethod
    def of(cls, activity_id: int) -> Select[Poll]:
        return select(cls).where(cls.activity_id == activity_id).order_by(cls.position, cls.id)

    @property
    def is_prepared(self) -> bool:
        return self.opened_at is None

    def is_open(self, at: datetime) -> bool:
        """Whether it takes answers: until it is closed, or the webinar is over."""
        return self.opened_at is not None and not self.is_closed(at)

    def is_closed(self, at: datetime) -> bool:
        return self.closed_at is not None or (
            self.opened_at is not None and self.activity.has_ended(at)
        )

    def is_timely(self, at: datetime) -> bool:
        """Whether an answer now could prove presence, if that is what it is asked for."""
        return not self.is_attention or any(
            start <= at < end for start, end in self.activity.windows
        )

    def __str__(self) -> str:
        return self.text


class PollAnswer(Base):
    """What one person chose; it may change until the poll is closed."""

    __tablename__ = "poll_answers"
    __table_args__ = (
        UniqueConstraint("poll_id", "person_id"),
        CheckConstraint("chosen > 0", name="chooses_something"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    chosen: Mapped[int]
    """The choices as bits: 1 for the first, 2 for the second, 4 for the third."""
    at: Mapped[datetime]

    @classmethod
    def by(cls, person_id: int, poll_id: int) -> Select[PollAnswer]:
        return select(cls).where(cls.poll_id == poll_id, cls.person_id == person_id)


def prepare(
    session: Session, activity: Activity, text: str, choices: Sequence[str], *,
    takes_several: bool, is_attention: bool, by: Person, at: datetime,
) -> Poll:  # fmt: skip
    """Write a poll down. Nobody sees it before it is opened."""
    _fit(choices)
    lock(session, activity)
    last = select(func.max(Poll.position)).where(Poll.activity_id == activity.id)
    poll = Poll(
        activity=activity, position=(session.scalar(last) or 0) + 1, text=text,
        choices=list(choices), takes_several=takes_several, is_attention=is_attention,
    )  # fmt: skip
    session.add(poll)
    _record(poll, "poll.prepared", by=by, at=at, is_attention=is_attention)
    return poll


def change(
    poll: Poll, text: str, choices: Sequence[str], *, takes_several: bool, is_attention: bool,
    by: Person, at: datetime,
) -> None:  # fmt: skip
    """Write it otherwise, as long as nobody has seen it."""
    _fit(choices)
    _hold(poll)
    if not poll.is_prepared:
        raise Refusal(_("This poll has been opened: it stands as it was asked."))
    poll.text, poll.choices = text, list(choices)
    poll.takes_several, poll.is_attention = takes_several, is_attention
    _record(poll, "poll.changed", by=by, at=at, is_attention=is_attention)


def drop(poll: Poll, *, by: Person, at: datetime) -> None:
    """Do without a poll that nobody has seen."""
    session = _hold(poll)
    if not poll.is_prepared:
        raise Refusal(_("This poll has been opened: it stands as it was asked."))
    _record(poll, "poll.dropped", by=by, at=at)
    session.execute(delete(Poll).where(Poll.id == poll.id))


def open_poll(poll: Poll, *, by: Person, at: datetime) -> None:
    """Ask everybody now. Opened twice it is opened once; closed, it stays closed."""
    _hold(poll)
    if poll.is_open(at):
        return
    if poll.opened_at is not None:
        raise Refusal(_("This poll is closed. Prepare another one to ask again."))
    activity = poll.activity
    if activity.cancelled_at is not None:
        raise Refusal(_("This webinar is cancelled."))
    if activity.has_ended(at):
        raise Refusal(_("This webinar is over: nobody is there to answer."))
    if not poll.is_timely(at):
        raise Refusal(
            _("An attention poll proves presence, so it is opened while the session runs.")
        )
    poll.opened_at = at
    _record(poll, "poll.opened", by=by, at=at, is_attention=poll.is_attention)


def close(poll: Poll, *, by: Person, at: datetime) -> None:
    """Take no more answers; closed twice it is closed once."""
    _hold(poll)
    if poll.opened_at is None:
        raise Refusal(_("This poll has not been opened yet."))
    if poll.closed_at is None:
        poll.closed_at = at
        _record(poll, "poll.closed", by=by, at=at, is_attention=poll.is_attention)


def answer(poll: Poll, enrolment: Enrolment, chosen: Iterable[int], *, at: datetime) -> PollAnswer:
    """Somebody with a place chooses; until the poll is closed they may choose otherwise."""
    session = _hold(poll, shared=True)
    if not enrolment.has_place or enrolment.activity_id != poll.activity_id:
        raise Refusal(_("Only somebody who has a place in this webinar can answer."))
    if not poll.is_open(at):
        raise Refusal(_("This poll is closed, so it takes no more answers."))
    if not poll.is_timely(at):
        raise Refusal(_("An attention poll proves presence: answer it while a session runs."))
    indexes = set(chosen)
    if not indexes <= set(range(len(poll.choices))) or not indexes:
        raise Refusal(_("Please choose one of the answers."))
    if len(indexes) > 1 and not poll.takes_several:
        raise Refusal(_("Please choose one answer only."))
    before = session.scalars(PollAnswer.by(enrolment.person_id, poll.id)).one_or_none()
    if before is not None:
        if before.chosen != bits(indexes):
            before.chosen = bits(indexes)
            _record(poll, "poll.answered_otherwise", by=enrolment.person, at=at)
        return before
    given = PollAnswer(poll_id=poll.id, person_id=enrolment.person_id, chosen=bits(indexes), at=at)
    session.add(given)
    _record(poll, "poll.answered", by=enrolment.person, at=at)
    return given


def _fit(choices: Sequence[str]) -> None:
    if not FEWEST <= len(choices) <= MOST:
        raise ValueError("a poll has two to eight choices")


def _hold(poll: Poll, *, shared: bool = False) -> Session:
    """Look at the poll afresh: those who answer side by side, one alone who opens or closes."""
    session = object_session(poll)
    assert session is not None
    session.flush()
    session.refresh(poll, ["opened_at", "closed_at"], with_for_update={"read": shared})
    return session


def _record(poll: Poll, act: str, *, by: Person, at: datetime, **details: Any) -> None:
    session, activity = object_session(poll), poll.activity
    assert session is not None
    record(session, act, by=by, at=at, on=poll, societies=activity.societies,
           activity=activity.id, **details)  # fmt: skip
