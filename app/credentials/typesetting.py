"""Setting a sheet once: claimed, set outside any transaction, finished by one winner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, Select, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.credentials.models import Credential
from app.credentials.reach import issuers
from app.jobs import nudge
from app.journal.models import record

LEASE = timedelta(seconds=45)
MAX_ATTEMPTS = 6


def due(session: Session, at: datetime, limit: int) -> list[int]:
    """Credentials without a file whose turn it is, oldest first."""
    waiting = select(Credential.id).where(
        Credential.file_digest.is_(None), Credential.failed_at.is_(None), Credential.next_at <= at
    )
    return list(session.scalars(waiting.order_by(Credential.next_at, Credential.id).limit(limit)))


def oldest(session: Session) -> datetime | None:
    waiting = select(Credential.issued_at).where(
        Credential.file_digest.is_(None), Credential.failed_at.is_(None)
    )
    return session.scalars(waiting.order_by(Credential.issued_at).limit(1)).first()


def claim(session: Session, key: int, *, at: datetime) -> bool:
    """Take one for a while; one that took down its worker again and again is set aside."""
    credential = session.get(Credential, key, with_for_update=True)
    if credential is None or credential.is_ready or credential.failed_at or credential.next_at > at:
        return False
    if credential.attempts >= MAX_ATTEMPTS:
        credential.failed_at = at
        credential.last_error = credential.last_error or "the worker ended every time it was tried"
        return False
    credential.attempts += 1
    credential.next_at = at + LEASE
    return True


def finish(session: Session, key: int, *, digest: str, size: int, at: datetime) -> bool:
    """Write down the file, unless another worker was first; answer who won."""
    done = session.execute(
        update(Credential)
        .where(Credential.id == key, Credential.file_digest.is_(None))
        .values(file_digest=digest, file_size=size, typeset_at=at, last_error=None, failed_at=None)
    )
    if cast("CursorResult[object]", done).rowcount != 1:
        return False
    credential = session.get_one(Credential, key, populate_existing=True)
    record(session, "credential.typeset", by=None, at=at, on=credential, sha256=digest, size=size)
    return True


def fail(session: Session, key: int, reason: str, *, at: datetime) -> None:
    """It cannot be set as it is; officers see why and can have it tried again."""
    credential = session.get_one(Credential, key)
    if not credential.is_ready:
        credential.failed_at, credential.last_error = at, reason[:500]
        record(session, "credential.failed", by=None, at=at, on=credential, reason=reason[:500])


def try_again(credential: Credential, *, at: datetime) -> None:
    credential.failed_at, credential.attempts, credential.next_at = None, 0, at


def try_all_again(
    session: Session, within: Select[Credential], *, by: Person, at: datetime
) -> Sequence[str]:
    """Have every failed sheet of a reach set again, by one act; answer their serials."""
    failed = failed_ids(within)
    societies = session.scalars(issuers(failed)).all()
    serials = session.scalars(
        update(Credential)
        .where(Credential.id.in_(failed))
        .values(failed_at=None, attempts=0, next_at=at)
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
