"""Documents outlive the certificates of those who stamped them: a new stamp in time, over all.

The old document lies whole at the beginning of the new one, so that whoever has it can still be
told that it is genuine; every digest it ever had stays on record.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.orm import Session, aliased

from app.credentials.models import Credential
from app.journal.models import record
from app.sealing.models import DocumentTimestamp, Unfinished
from app.sealing.tokens import Stamp

AHEAD = timedelta(days=365)
"""A stamp is renewed in the last year in which its authority's certificate holds."""
LOOKED_AT = 5000
AGAIN_AFTER = timedelta(days=1)
"""A renewal that fails is tried again a day later."""


def due(session: Session, *, at: datetime, most: int) -> list[int]:
    """Finished credentials whose latest stamp ends within the year, the first to end first.

    A stamp of less than two years is renewed once half of its time is over.
    """
    later = aliased(DocumentTimestamp)
    holds_on = exists().where(
        later.credential_id == DocumentTimestamp.credential_id, later.valid_until >= at + AHEAD
    )
    ending = session.execute(
        select(DocumentTimestamp.credential_id, DocumentTimestamp.at, DocumentTimestamp.valid_until)
        .join(Credential, Credential.id == DocumentTimestamp.credential_id)
        .where(
            DocumentTimestamp.valid_until < at + AHEAD,
            ~holds_on,
            Credential.file_digest.is_not(None),
            Credential.next_at <= at,
        )
        .order_by(DocumentTimestamp.valid_until, DocumentTimestamp.id)
        .limit(LOOKED_AT)
    ).all()
    latest = {key: (made, ends) for key, made, ends in ending}
    old = [key for key, (made, ends) in latest.items() if at - made > (ends - made) / 2]
    return old[:most]


def claim(session: Session, key: int, *, at: datetime) -> str | None:
    """Take one for a day; answer the digest of its document."""
    done = session.execute(
        update(Credential)
        .where(Credential.id == key, Credential.next_at <= at)
        .values(next_at=at + AGAIN_AFTER)
        .returning(Credential.file_digest)
    )
    return done.scalars().first()


def renew(
    session: Session, key: int, stamp: Stamp, *, before: str, digest: str, size: int, at: datetime
) -> bool:
    """Put the new document in the place of the old one; the old file is removed in its time."""
    done = session.execute(
        update(Credential)
        .where(Credential.id == key, Credential.file_digest == before)
        .values(file_digest=digest, file_size=size)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        return False
    credential = session.get_one(Credential, key, populate_existing=True)
    session.add(
        DocumentTimestamp(credential_id=key, at=stamp.at, authority=stamp.authority,
                          valid_until=stamp.valid_until, file_digest=digest, file_size=size)
    )  # fmt: skip
    session.add(Unfinished(credential_id=key, file_digest=before, at=at))
    record(session, "credential.stamped", by=None, at=at, on=credential, sha256=digest, size=size,
           before=before, stamped_by=stamp.authority)  # fmt: skip
    return True
