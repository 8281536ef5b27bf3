"""Rounds: everything once, in batches, wherever a worker has time; killed, the next goes on."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import locale
from app.accounts.models import Person
from app.credentials.models import Credential
from app.journal.models import record
from app.rechecks import documents, endorsements, keys, logs, releases, statuses
from app.rechecks.found import Found, Part
from app.rechecks.models import Finding, Round
from app.texts import gettext as _

log = logging.getLogger("confer.rechecks")
PARTS = (
    Part("signing keys", keys.keys, keys.look),
    Part("award lists", releases.keys, releases.look, batch=20),
    Part("log", logs.positions, logs.look_at_leaves, batch=1024),
    Part("heads", logs.sizes, logs.look_at_heads),
    Part("documents", documents.keys, documents.look),
    Part("status lists", statuses.lists, statuses.look_at_lists, batch=10),
    Part("endorsements", endorsements.keys, endorsements.look),
    Part("DID documents", statuses.schemes, statuses.look_at_dids),
    Part("journal", logs.links, logs.look_at_links, batch=1000),
)
EVERY = timedelta(days=1)
LEASE = timedelta(minutes=2)
"""So long a batch belongs to the worker that took it."""
STUCK, OVERDUE = timedelta(hours=6), timedelta(days=2)


@dataclass(frozen=True)
class Claimed:
    """A batch of a round that is this worker's for a while."""

    round: int
    part: Part
    reached: int


@dataclass(frozen=True)
class Looked:
    """What a look at a batch has shown."""

    claimed: Claimed
    keys: Sequence[int]
    found: tuple[Found, ...]


def begin(session: Session, *, at: datetime, by: Person | None = None) -> Round:
    """Begin a round, unless one is under way."""
    if under_way := running(session):
        return under_way
    one = Round(begun_at=at, moved_at=at, next_at=at, part=PARTS[0].name, reached=-1,
                checked=0, found=0, asked_by=by)  # fmt: skip
    session.add(one)
    if by is not None:
        record(session, "recheck.asked", by=by, at=at, on=one)
    return one


def running(session: Session) -> Round | None:
    open_ones = select(Round).where(Round.ended_at.is_(None)).order_by(Round.id)
    return session.scalars(open_ones).first()


def is_due(session: Session, *, at: datetime) -> bool:
    """Whether the next round should begin."""
    last = session.scalar(select(func.max(Round.begun_at)))
    return last is None or at - last >= EVERY


def claim(session: Session, *, at: datetime) -> Claimed | None:
    """Take the next batch of the round under way, unless another worker has it."""
    one = running(session)
    if one is None or one.next_at > at:
        return None
    taken = session.execute(
        update(Round)
        .where(Round.id == one.id, Round.next_at == one.next_at, Round.ended_at.is_(None))
        .values(next_at=at + LEASE)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", taken).rowcount != 1:
        return None
    part = next(part for part in PARTS if part.name == one.part)
    return Claimed(one.id, part, one.reached)


def look(session: Session, claimed: Claimed, *, at: datetime) -> Looked:
    """Read a batch; nothing is written, and no transaction that writes is open."""
    part = claimed.part
    found_keys = part.keys(session, claimed.reached, part.batch)
    if not found_keys:
        return Looked(claimed, (), ())
    return Looked(claimed, found_keys, tuple(_seen(session, part, found_keys, at)))


def _seen(
    session: Session, part: Part, found_keys: Sequence[int], at: datetime
) -> dict[Found, None]:
    """What a look shows. What cannot even be looked at is found too, and hides nothing else."""
    try:
        return dict.fromkeys(part.look(session, found_keys, at))
    except SQLAlchemyError:
        raise
    except Exception as broken:
        log.exception("%s from %s on cannot be read", part.name, found_keys[0])
        if len(found_keys) == 1:
            reason = f"it cannot be read ({type(broken).__name__})"
            return {Found(part.name, str(found_keys[0]), reason): None}
        middle = len(found_keys) // 2
        first, rest = found_keys[:middle], found_keys[middle:]
        return _seen(session, part, first, at) | _seen(session, part, rest, at)


def write_down(session: Session, looked: Looked, *, at: datetime) -> bool:
    """Keep what was found and go on; whoever lost the batch meanwhile keeps nothing."""
    claimed = looked.claimed
    values: dict[str, Any] = {"moved_at": at, "next_at": at}
    if looked.keys:
        values |= {"reached": looked.keys[-1], "checked": Round.checked + len(looked.keys),
                   "found": Round.found + len(looked.found)}  # fmt: skip
    else:
        after = next((b for a, b in pairwise(PARTS) if a is claimed.part), None)
        values |= {"part": after.name if after else "", "reached": -1}
        if after is None:
            values["ended_at"] = at
    moved = session.execute(
        update(Round)
        .where(
            Round.id == claimed.round,
            Round.part == claimed.part.name,
            Round.reached == claimed.reached,
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", moved).rowcount != 1:
        return False
    for one in looked.found:
        _keep(session, claimed.round, one, at=at)
    return True


def _keep(session: Session, round_id: int, found: Found, *, at: datetime) -> None:
    """A finding stands once; seen again after it was settled, it is open again."""
    same = select(Finding).where(
        Finding.part == found.part,
        Finding.subject == found.subject,
        Finding.reason == found.reason,
    )
    one = session.scalars(same).one_or_none()
    if one is None:
        session.add(
            Finding(round_id=round_id, part=found.part, subject=found.subject,
                    reason=found.reason, found_at=at, last_seen_at=at)
        )  # fmt: skip
        return
    one.last_seen_at = at
    if one.settled_at is not None:
        one.settled_at = one.settled_by_id = one.told_at = None
        one.settled_reason = ""


def read_all(session: Session, *, at: datetime) -> tuple[int, list[Found]]:
    """A whole round at once, of which nothing is kept: how much was read, and what was found."""
    count, found = 0, list[Found]()
    for part in PARTS:
        reached = -1
        while batch := part.keys(session, reached, part.batch):
            found += _seen(session, part, batch, at)
            count, reached = count + len(batch), batch[-1]
    return count, found


def stopped(session: Session, *, at: datetime) -> str:
    """Why rechecking counts as stopped; nothing while it goes on."""
    one = running(session)
    if one is not None and at - one.moved_at > STUCK:
        return _("The round begun on %(day)s has not come further since %(when)s.",
                 day=locale.day(one.begun_at), when=locale.moment(one.moved_at))  # fmt: skip
    last = session.scalar(select(func.max(Round.ended_at)))
    since = last or session.scalar(select(func.min(Credential.typeset_at)))
    if one is None and since is not None and at - since > OVERDUE:
        return _("No round has been gone through since %(day)s.", day=locale.day(since))
    return ""


def names(found: Iterable[Found]) -> list[str]:
    return [f"{one.part} {one.subject}: {one.reason}" for one in found]
