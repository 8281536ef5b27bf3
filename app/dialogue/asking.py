"""Asking, voting, hiding and answering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.accounts.models import Person
from app.db import hold
from app.dialogue.models import LONGEST, FloorQuestion, Hiding, Reply, Vote
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _

MOST = 20


@dataclass(frozen=True)
class Obstacle:
    """A reason why nobody can ask or vote here now."""

    kind: str  # "no place" | "over" | "cancelled" | "many"

    def __str__(self) -> str:
        return {
            "no place": _("Questions are for those who have a place in this webinar."),
            "over": _("This webinar is over: its questions stand as they are."),
            "cancelled": _("This webinar is cancelled."),
            "many": _("You have asked %(most)d questions here; that is as many as one person may.",
                      most=MOST),
        }[self.kind]  # fmt: skip


def obstacles(enrolment: Enrolment, *, at: datetime, asked: int = 0) -> list[Obstacle]:
    """What stands between a person and a question or a vote; none means please do."""
    found = []
    if not enrolment.has_place:
        found.append(Obstacle("no place"))
    if enrolment.activity.cancelled_at is not None:
        found.append(Obstacle("cancelled"))
    elif enrolment.activity.has_ended(at):
        found.append(Obstacle("over"))
    if asked >= MOST:
        found.append(Obstacle("many"))
    return found


def ask(
    session: Session, enrolment: Enrolment, words: str, *, is_named: bool, at: datetime
) -> FloorQuestion:
    """Put a question; asked twice in the same words it is asked once."""
    mine = select(FloorQuestion).where(
        FloorQuestion.activity_id == enrolment.activity_id,
        FloorQuestion.person_id == enrolment.person_id,
    )
    hold(session, select(Enrolment.id).where(Enrolment.id == enrolment.id))
    asked = session.scalars(mine).all()
    if same := next((one for one in asked if one.text == words and not one.is_hidden), None):
        return same
    Refusal.unless_none(obstacles(enrolment, at=at, asked=len(asked)))
    question = FloorQuestion(
        activity=enrolment.activity, person=enrolment.person, text=words[:LONGEST],
        is_named=is_named, at=at, votes=0,
    )  # fmt: skip
    session.add(question)
    _record(question, "question.asked", by=enrolment.person, at=at, is_named=is_named)
    return question


def vote(question: FloorQuestion, enrolment: Enrolment, *, at: datetime) -> None:
    """I want to know this too. A second time changes nothing."""
    Refusal.unless_none(obstacles(enrolment, at=at))
    session = _hold(question)
    if session.get(Vote, (question.id, enrolment.person_id)) is None:
        session.add(Vote(question_id=question.id, person_id=enrolment.person_id, at=at))
        question.votes += 1
        _record(question, "question.voted_for", by=enrolment.person, at=at)


def take_back(question: FloorQuestion, enrolment: Enrolment, *, at: datetime) -> None:
    """Take one's vote back. Without one nothing changes."""
    Refusal.unless_none(obstacles(enrolment, at=at))
    session = _hold(question)
    if (mine := session.get(Vote, (question.id, enrolment.person_id))) is not None:
        question.votes -= 1
        session.delete(mine)
        _record(question, "question.vote_taken_back", by=enrolment.person, at=at)


def hide(question: FloorQuestion, *, reason: str, by: Person, at: datetime) -> None:
    """Show it to nobody but the organisers and whoever asked it."""
    session = _hold(question)
    if question.is_hidden:
        return
    question.hidden_at = at
    session.add(Hiding(question_id=question.id, by=by, at=at, reason=reason))
    _record(question, "question.hidden", by=by, at=at, reason=reason)


def show(question: FloorQuestion, *, by: Person, at: datetime) -> None:
    """Show a hidden question again."""
    _hold(question)
    if (hiding := question.hiding) is None:
        return
    hiding.lifted_at, question.hidden_at = at, None
    _record(question, "question.shown", by=by, at=at)


def reply(question: FloorQuestion, words: str, *, by: Person, at: datetime) -> None:
    """Mark it as answered, in a few words or by word of mouth; the words may be mended."""
    _hold(question)
    before = question.reply.text if question.reply else None
    if before == words:
        return
    if question.reply is None:
        question.reply = Reply(text=words, by=by, at=at)
    question.reply.text, question.reply.by, question.reply.at = words, by, at
    question.answered_at = question.answered_at or at
    _record(question, "question.answered", by=by, at=at, before=before)


def _hold(question: FloorQuestion) -> Session:
    """Let one act at a time change a question, and look at it afresh."""
    session = object_session(question)
    assert session is not None
    session.flush()
    columns = ["votes", "hidden_at", "answered_at"]
    session.refresh(question, columns, with_for_update=True)
    return session


def _record(question: FloorQuestion, act: str, *, by: Person, at: datetime, **details: Any) -> None:
    session, activity = object_session(question), question.activity
    assert session is not None
    record(session, act, by=by, at=at, on=question, societies=activity.societies,
           activity=activity.id, **details)  # fmt: skip
