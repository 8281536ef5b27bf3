"""Drafting a letter, sending it, and writing its copies some at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, literal, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.models import Settlement
from app.db import hold
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.jobs import hand_over
from app.journal.models import record
from app.letters.models import MOST_A_DAY, Copy, Group, Letter
from app.letters.queries import ids_of, sent_lately, sizes
from app.outbox.models import Message, post_all
from app.texts import gettext as _

BATCH = 200
Compose = Callable[[Letter, Activity, Enrolment, datetime], Message]


@dataclass(frozen=True)
class Obstacle:
    """A reason why a letter cannot be sent (now)."""

    kind: str  # "dropped" | "not settled" | "nobody" | "too many"

    def __str__(self) -> str:
        return {
            "dropped": _("This draft was dropped."),
            "not settled": _("Who was there is known once presence is confirmed."),
            "nobody": _("There is nobody to whom it would go."),
            "too many": _(
                "Its people got %(count)s letters within a day, and no more are sent. "
                "Try again tomorrow.",
                count=MOST_A_DAY,
            ),
        }[self.kind]


def obstacles(session: Session, letter: Letter, *, at: datetime) -> list[Obstacle]:
    """What stands against sending it now; none means that it may be sent."""
    if letter.dropped_at is not None:
        return [Obstacle("dropped")]
    if letter.to_whom.needs_settlement and session.get(Settlement, letter.activity_id) is None:
        return [Obstacle("not settled")]
    found = []
    if not sizes(session, letter.activity)[letter.to_whom]:
        found.append(Obstacle("nobody"))
    if sent_lately(session, letter.activity_id, at=at) >= MOST_A_DAY:
        found.append(Obstacle("too many"))
    return found


def draft(
    session: Session, activity: Activity, *, to_whom: Group, subject: str, body: str,
    by: Person, at: datetime,
) -> Letter:  # fmt: skip
    """Write a letter. Nobody gets it before it is sent."""
    letter = Letter(
        activity=activity, to_whom=to_whom, subject=subject, body=body, by=by, drafted_at=at
    )
    session.add(letter)
    record(session, "letter.drafted", by=by, at=at, on=letter, societies=activity.societies,
           activity=activity.id, to=str(to_whom))  # fmt: skip
    return letter


def change(
    session: Session, letter: Letter, *, to_whom: Group, subject: str, body: str, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    """Write a draft anew."""
    _refuse_what_is_done(session, letter)
    letter.to_whom, letter.subject, letter.body = to_whom, subject, body
    record(session, "letter.changed", by=by, at=at, on=letter,
           societies=letter.activity.societies, activity=letter.activity_id,
           to=str(to_whom))  # fmt: skip


def drop(session: Session, letter: Letter, *, by: Person, at: datetime) -> None:
    """Do without a draft."""
    if letter.dropped_at is None:
        _refuse_what_is_done(session, letter)
        letter.dropped_at = at
        record(session, "letter.dropped", by=by, at=at, on=letter,
               societies=letter.activity.societies, activity=letter.activity_id)  # fmt: skip


def send(session: Session, letter: Letter, *, by: Person, at: datetime) -> bool:
    """Send it to everybody who is in its group now; whether it had not been sent before.

    The copies are noted here, all at once, so that nobody is left out or written to twice; a job
    puts them into the outbox.
    """
    _hold(session, letter)
    if letter.is_sent:
        return False
    Refusal.unless_none(obstacles(session, letter, at=at))
    letter.sent_at, letter.sent_by, letter.reply_to = at, by, by.address
    letter.digest = letter.digest_now
    group = ids_of(letter.activity_id, letter.to_whom).subquery()
    copies = select(literal(letter.id), group.c.id)
    session.execute(insert(Copy).from_select(["letter_id", "enrolment_id"], copies))
    letter.count = sizes(session, letter.activity)[letter.to_whom]
    record(session, "letter.sent", by=by, at=at, on=letter, societies=letter.activity.societies,
           activity=letter.activity_id, to=str(letter.to_whom), count=letter.count,
           digest=letter.digest)  # fmt: skip
    hand_over(session, "letters.write", letter)
    return True


def write_some(
    session: Session, letter_id: int, compose: Compose, *, at: datetime, most: int = BATCH
) -> int:
    """Put the next copies into the outbox; answer how many. With the last one it is finished."""
    letter = session.scalars(
        select(Letter)
        .where(Letter.id == letter_id, Letter.sent_at.is_not(None), Letter.finished_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if letter is None:
        return 0
    copies = _waiting(session, letter, most)
    if not copies:
        letter.finished_at = at
        return 0
    activity = session.scalars(Activity.whole().where(Activity.id == letter.activity_id)).one()
    with session.no_autoflush:
        messages = [compose(letter, activity, copy.enrolment, at) for copy in copies]
    post_all(session, messages)
    session.flush()
    for copy, message in zip(copies, messages, strict=True):
        copy.message_id = message.id
    return len(copies)


def due(session: Session, _at: datetime, limit: int) -> list[int]:
    return list(session.scalars(_unfinished(Letter.id).limit(limit)))


def oldest(session: Session) -> datetime | None:
    return session.scalars(_unfinished(Letter.sent_at).limit(1)).first()


def _unfinished(column: Any) -> Select[Any]:
    return (
        select(column)
        .where(Letter.sent_at.is_not(None), Letter.finished_at.is_(None))
        .order_by(Letter.sent_at)
    )


def _waiting(session: Session, letter: Letter, most: int) -> Sequence[Copy]:
    person = joinedload(Copy.enrolment, innerjoin=True).joinedload(Enrolment.person, innerjoin=True)
    return session.scalars(
        select(Copy)
        .where(Copy.letter_id == letter.id, Copy.message_id.is_(None))
        .order_by(Copy.enrolment_id)
        .limit(most)
        .options(person.selectinload(Person.addresses))
    ).all()


def _hold(session: Session, letter: Letter) -> None:
    """Let one act at a time decide about the letters of a webinar."""
    session.flush()
    hold(session, select(Activity.id).where(Activity.id == letter.activity_id))
    session.refresh(letter, ["sent_at", "dropped_at"])


def _refuse_what_is_done(session: Session, letter: Letter) -> None:
    _hold(session, letter)
    if letter.is_sent:
        raise Refusal(_("This letter was sent: it stands as it is."))
    if letter.dropped_at is not None:
        raise Refusal(Obstacle("dropped"))
