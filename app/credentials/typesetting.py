"""Setting a sheet once: claimed, set outside any transaction, finished by one winner."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.credentials.models import Credential
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
