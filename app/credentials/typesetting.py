"""Making a file once: claimed, made outside any transaction, finished by one winner.

Who makes it stands in later rooms; here is what a row goes through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select, update
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.credentials import emails
from app.credentials.models import Credential, Revocation
from app.credentials.reach import issuers
from app.db import hold
from app.jobs import nudge
from app.journal.models import record

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 6
ALONE = 2
"""After so many attempts one is tried by itself: whatever ends its worker spares the others."""


def waits() -> ColumnElement[bool]:
    """Without a file, and nothing stands in its way, as a condition."""
    return and_(
        Credential.file_digest.is_(None),
        Credential.failed_at.is_(None),
        Credential.held_for_id.is_(None),
        stands(),
    )


def held() -> ColumnElement[bool]:
    """Without a file as long as a society has not given its key or signature, as a condition."""
    return and_(Credential.held_for_id.is_not(None), Credential.file_digest.is_(None), stands())


def stands() -> ColumnElement[bool]:
    """Not withdrawn, as a condition: nobody seals or receives what was withdrawn as it waited."""
    return ~exists().where(Revocation.credential_id == Credential.id)


def due(session: Session, at: datetime, limit: int) -> list[int]:
    """Credentials without a file whose turn it is, oldest first."""
    waiting = select(Credential.id).where(waits(), Credential.next_at <= at)
    return list(session.scalars(waiting.order_by(Credential.next_at, Credential.id).limit(limit)))


def oldest(session: Session) -> datetime | None:
    waiting = select(Credential.issued_at).where(waits())
    return session.scalars(waiting.order_by(Credential.issued_at).limit(1)).first()


def is_due(session: Session, key: int, *, at: datetime) -> bool:
    """Looked at without queueing as a writer: most were made along with others by then."""
    its_turn = Credential.id == key, waits(), Credential.next_at <= at
    return session.scalars(select(Credential.id).where(*its_turn)).first() is not None


def claim(session: Session, key: int, *, at: datetime, most: int = 1) -> list[int]:
    """Take one for a while, and others with it; answer which.

    One that took down its worker again and again is set aside. Others never wait here for each
    other: what another worker holds is left to it.
    """
    first = session.get(Credential, key, with_for_update=True)
    if first is None or first.is_ready or first.failed_at or first.held_for_id:
        return []
    if first.next_at > at or first.revocation is not None:
        return []
    if first.attempts >= MAX_ATTEMPTS:
        first.failed_at = at
        first.last_error = first.last_error or "the worker ended every time it was tried"
        return []
    taken = [first.id]
    if most > 1 and first.attempts < ALONE:
        fresh = Credential.attempts < ALONE
        others = (
            select(Credential.id)
            .where(waits(), Credential.next_at <= at, fresh, Credential.id != key)
            .order_by(Credential.next_at, Credential.id)
            .limit(most - 1)
            .with_for_update(skip_locked=True)
        )
        taken += session.scalars(others)
    session.execute(
        update(Credential)
        .where(Credential.id.in_(taken))
        .values(attempts=Credential.attempts + 1, next_at=at + LEASE)
    )
    return taken


@dataclass(frozen=True)
class File:
    """A file that was made for a credential and lies in the store."""

    digest: str
    size: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What its entry in the journal says besides."""


def finish(session: Session, files: Mapping[int, File], *, at: datetime) -> list[Credential]:
    """Write down the files by the keys of their credentials; answer whose file it now is.

    Where another worker was first, or one was withdrawn meanwhile, the row stays as it is.
    """
    _hold(session, files)
    lacking = (
        select(Credential)
        .where(Credential.id.in_(files), Credential.file_digest.is_(None), stands())
        .order_by(Credential.id)
        .options(joinedload(Credential.person).selectinload(Person.addresses))
        .execution_options(populate_existing=True)
    )
    finished = session.scalars(lacking).all()
    for one in finished:
        file = files[one.id]
        one.file_digest, one.file_size, one.typeset_at = file.digest, file.size, at
        one.last_error = one.failed_at = one.held_for_id = None
        record(session, "credential.typeset", by=None, at=at, on=one, flush=False,
               sha256=file.digest, size=file.size, **file.facts)  # fmt: skip
    return list(finished)


def still_has(session: Session, key: int, *, until: datetime) -> Credential | None:
    """The row for the one who claimed it until then; nothing for whoever came too late."""
    _hold(session, [key])
    mine = select(Credential).where(Credential.id == key, waits(), Credential.next_at == until)
    return session.scalars(mine.execution_options(populate_existing=True)).first()


def _hold(session: Session, keys: Iterable[int]) -> None:
    """Wait until nobody else decides about them; only what is read from then on is sure."""
    hold(session, select(Credential.id).where(Credential.id.in_(keys)).order_by(Credential.id))


def put_back(credential: Credential, reason: str, *, after: timedelta, at: datetime) -> None:
    """Something outside stands in the way for now: it is tried again and does not count."""
    credential.next_at, credential.last_error = at + after, reason[:500]
    credential.attempts = max(0, credential.attempts - 1)


def hold_for(
    session: Session, credential: Credential, society_id: int, *, at: datetime, waits_for: str
) -> None:
    """It waits for a society: for its key, or for its signature.

    The society's officers are written to when the first one waits for their signature.
    """
    if waits_for == "signature" and _is_first(session, society_id):
        emails.signature_awaited(session, credential, society_id, at=at)
    credential.held_for_id, credential.attempts, credential.next_at = society_id, 0, at
    credential.last_error = None
    record(session, "credential.held", by=None, at=at, on=credential, society_id=society_id,
           waits_for=waits_for)  # fmt: skip


def _is_first(session: Session, society_id: int) -> bool:
    """Whether nothing waits for this society yet."""
    others = select(Credential.id).where(
        Credential.held_for_id == society_id, Credential.file_digest.is_(None)
    )
    return session.scalars(others.limit(1)).first() is None


def release(session: Session, keys: Sequence[int], *, at: datetime) -> None:
    """What these waited for is there: their turn has come."""
    session.execute(
        update(Credential)
        .where(Credential.id.in_(keys), Credential.file_digest.is_(None))
        .values(held_for_id=None, attempts=0, next_at=at, last_error=None)
    )
    nudge(session)


def fail(session: Session, key: int, reason: str, *, at: datetime) -> None:
    """It cannot be set as it is; officers see why and can have it tried again."""
    credential = session.get_one(Credential, key)
    if not credential.is_ready:
        credential.failed_at, credential.last_error = at, reason[:500]
        record(session, "credential.failed", by=None, at=at, on=credential, reason=reason[:500])


def try_again(credential: Credential, *, at: datetime) -> None:
    credential.failed_at = credential.last_error = None
    credential.attempts, credential.next_at = 0, at


def try_all_again(
    session: Session, within: Select[Credential], *, by: Person, at: datetime
) -> Sequence[str]:
    """Have every failed sheet of a reach set again, by one act; answer their serials."""
    failed = failed_ids(within)
    societies = session.scalars(issuers(failed)).all()
    serials = session.scalars(
        update(Credential)
        .where(Credential.id.in_(failed))
        .values(failed_at=None, last_error=None, attempts=0, next_at=at)
        .returning(Credential.serial)
        .execution_options(synchronize_session=False)
    ).all()
    if serials:
        session.expire_all()
        record(session, "credentials.retried", by=by, at=at, on=by,
               societies=sorted(societies), serials=sorted(serials))  # fmt: skip
        nudge(session)
    return serials


def failed_ids(within: Select[Credential]) -> Select[int]:
    """The keys of those of a reach whose sheet could not be set."""
    return within.where(Credential.is_failed()).with_only_columns(Credential.id)
