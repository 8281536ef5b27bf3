"""What pages show of the dialogue, in few statements, and whom attention polls saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.agenda.models import Activity, Organiser
from app.attendance.standing import Shown
from app.db import LARGEST_KEY
from app.dialogue.models import FloorQuestion, Hiding, Vote
from app.dialogue.polls import Poll, PollAnswer
from app.dialogue.tallying import Result, tally
from app.enrolments.models import Enrolment, Place

PAGE = 25
SHOWN = ("open", "answered", "hidden")


@dataclass(frozen=True)
class Listing:
    """Some questions, those the reader voted for, and the key after which the next ones come."""

    rows: Sequence[FloorQuestion]
    voted: frozenset[int] = frozenset()
    after: str | None = None


def questions(
    session: Session, activity_id: int, show: str = "open", *, reader: int | None = None,
    after: str = "", size: int = PAGE,
) -> Listing:  # fmt: skip
    """The questions with the most votes first, those of equal votes in the order of asking.

    `show`: "open", "answered" or "hidden". `reader` is the person whose votes are marked.
    """
    statement = _shown(FloorQuestion.of(activity_id), show)
    if found := _key(after):
        votes, last = found
        later = and_(FloorQuestion.votes == votes, FloorQuestion.id > last)
        statement = statement.where(or_(FloorQuestion.votes < votes, later))
    if show == "hidden":
        hiding = selectinload(FloorQuestion.hidings).joinedload(Hiding.by)
        statement = statement.options(hiding)
    order = statement.order_by(FloorQuestion.votes.desc(), FloorQuestion.id).limit(size + 1)
    rows = session.scalars(order).unique().all()
    shown = rows[:size]
    more = f"{shown[-1].votes}-{shown[-1].id}" if len(rows) > size else None
    return Listing(shown, _voted(session, shown, reader), more)


def _shown(statement: Select[FloorQuestion], show: str) -> Select[FloorQuestion]:
    if show == "hidden":
        return statement.where(FloorQuestion.hidden_at.is_not(None))
    answered = FloorQuestion.answered_at
    wanted = answered.is_not(None) if show == "answered" else answered.is_(None)
    return statement.where(FloorQuestion.hidden_at.is_(None), wanted)


def _key(text: str) -> tuple[int, int] | None:
    votes, _dash, last = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in (votes, last)):
        return None
    return min(int(votes), LARGEST_KEY), min(int(last), LARGEST_KEY)


def _voted(session: Session, rows: Sequence[FloorQuestion], reader: int | None) -> frozenset[int]:
    if reader is None or not rows:
        return frozenset()
    mine = select(Vote.question_id).where(
        Vote.person_id == reader, Vote.question_id.in_([row.id for row in rows])
    )
    return frozenset(session.scalars(mine))


def hidden_of(session: Session, activity_id: int, person_id: int) -> Sequence[FloorQuestion]:
    """The reader's own questions that the organisers have hidden, with the reason."""
    return session.scalars(
        FloorQuestion.of(activity_id)
        .where(FloorQuestion.person_id == person_id, FloorQuestion.hidden_at.is_not(None))
        .options(selectinload(FloorQuestion.hidings))
        .order_by(FloorQuestion.id)
    ).unique().all()  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """How many questions are open, answered and hidden."""

    open: int
    answered: int
    hidden: int


def counts(session: Session, activity_id: int) -> Counts:
    is_hidden = FloorQuestion.hidden_at.is_not(None)
    is_answered = and_(~is_hidden, FloorQuestion.answered_at.is_not(None))
    hidden, answered, every = session.execute(
        select(
            func.count().filter(is_hidden), func.count().filter(is_answered), func.count()
        ).where(FloorQuestion.activity_id == activity_id)
    ).one()
    return Counts(every - hidden - answered, answered, hidden)


# ------------------------------------------------------------------ polls


@dataclass(frozen=True)
class Offered:
    """A poll as a learner sees it: whether it is open and whether they answered."""

    poll: Poll
    is_open: bool
    has_answered: bool


def polls_of_learner(
    session: Session, activity: Activity, person_id: int, *, at: datetime
) -> list[Offered]:
    """The polls that were opened, the open ones first."""
    mine = and_(PollAnswer.poll_id == Poll.id, PollAnswer.person_id == person_id)
    rows = session.execute(
        Poll.of(activity.id)
        .where(Poll.opened_at.is_not(None))
        .add_columns(PollAnswer.id)
        .outerjoin(PollAnswer, mine)
    )
    shown = [Offered(poll, poll.is_open(at), answer is not None) for poll, answer in rows]
    return sorted(shown, key=lambda one: not one.is_open)


def open_polls(session: Session, activity_id: int) -> Sequence[int]:
    """The ids of the polls that are open."""
    still = select(Poll.id).where(
        Poll.activity_id == activity_id, Poll.opened_at.is_not(None), Poll.closed_at.is_(None)
    )
    return session.scalars(still.order_by(Poll.id)).all()


def result(session: Session, poll: Poll) -> Result:
    """What was chosen, counted by the database: never more rows than there are combinations."""
    found = session.execute(
        select(PollAnswer.chosen, func.count())
        .where(PollAnswer.poll_id == poll.id)
        .group_by(PollAnswer.chosen)
    )
    return tally(poll.choices, [(chosen, people) for chosen, people in found])


def answered(session: Session, activity_id: int) -> dict[int, int]:
    """How many have answered each poll."""
    rows = session.execute(
        select(PollAnswer.poll_id, func.count())
        .join(Poll, Poll.id == PollAnswer.poll_id)
        .where(Poll.activity_id == activity_id)
        .group_by(PollAnswer.poll_id)
    )
    return {poll_id: people for poll_id, people in rows}


def attended(session: Session, activity: Activity) -> dict[int, tuple[int, int]]:
    """Who answered attention polls: of each enrolment how many of how many.

    Only those who answered one stand here. An answer follows its person: who left and enrolled
    anew is there under the new enrolment.
    """
    shown = signs(session, activity)
    return {id: (given, shown.count) for id, given in shown.answered.items()}


def signs(session: Session, activity: Activity) -> Shown:
    """Attention polls as proofs: how many were asked, and how many of them each person answered.

    A poll that nobody answered was opened, but it cannot be said that anybody saw it. An answer
    between the sessions proves nothing.
    """
    while_it_ran = [
        and_(PollAnswer.at >= start, PollAnswer.at < end) for start, end in activity.windows
    ]
    rows = session.execute(
        select(PollAnswer.poll_id, Enrolment.id)
        .join(Poll, Poll.id == PollAnswer.poll_id)
        .join(
            Enrolment,
            and_(
                Enrolment.person_id == PollAnswer.person_id,
                Enrolment.activity_id == Poll.activity_id,
                Enrolment.ended_at.is_(None),
            ),
        )
        .where(Poll.activity_id == activity.id, Poll.is_attention, or_(false(), *while_it_ran))
    ).all()
    return Shown(len({poll for poll, _ in rows}), Counter(person for _, person in rows))


def has_place(session: Session, activity_id: int, person_id: int) -> bool:
    """Whether somebody has a place in this webinar."""
    mine = (
        select(Enrolment.id)
        .join(Place, Place.enrolment_id == Enrolment.id)
        .where(
            Enrolment.activity_id == activity_id,
            Enrolment.person_id == person_id,
            Enrolment.ended_at.is_(None),
        )
    )
    return session.scalars(mine).first() is not None


def enrolment_on(activity_id: int, person_id: int) -> Select[Enrolment]:
    """Somebody's living enrolment with its place, the activity and who holds it."""
    return (
        select(Enrolment)
        .where(
            Enrolment.activity_id == activity_id, Enrolment.person_id == person_id,
            Enrolment.ended_at.is_(None),
        )
        .options(
            joinedload(Enrolment.place),
            joinedload(Enrolment.activity, innerjoin=True)
            .selectinload(Activity.organisers)
            .joinedload(Organiser.society, innerjoin=True),
        )
    )  # fmt: skip
