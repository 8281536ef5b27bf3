"""Documents outlive the certificates of those who stamped them: a new stamp in time, over all.

The old document lies whole at the beginning of the new one, so that whoever has it can still be
told that it is genuine; every digest it ever had stays on record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from app.credentials.models import Credential
from app.files import digest_of
from app.journal.models import record
from app.sealing import archival, revision
from app.sealing.check import faults
from app.sealing.models import DocumentTimestamp, Seal, Unfinished
from app.sealing.tokens import Stamp
from app.signing_keys.models import SigningKey

AHEAD = timedelta(days=365)
"""A stamp is renewed in the last year in which its authority's certificate holds."""
LOOKED_AT = 5000
Archive = Callable[[bytes], tuple[bytes, Stamp]]
AGAIN_AFTER = timedelta(days=1)
"""A renewal that fails is tried again a day later."""


class Altered(Exception):
    """A document is not the one that was kept, or would not stand with its new stamp."""


def due(session: Session, *, at: datetime, most: int) -> list[int]:
    """Finished credentials whose latest stamp ends within the year, the first to end first.

    A stamp of less than two years is renewed once half of its time is over.
    """
    later = aliased(DocumentTimestamp)
    is_renewed = exists().where(
        later.credential_id == DocumentTimestamp.credential_id, later.id > DocumentTimestamp.id
    )
    ending = session.execute(
        select(DocumentTimestamp.credential_id, DocumentTimestamp.at, DocumentTimestamp.valid_until)
        .join(Credential, Credential.id == DocumentTimestamp.credential_id)
        .where(
            DocumentTimestamp.valid_until < at + AHEAD,
            ~is_renewed,
            Credential.file_digest.is_not(None),
            Credential.next_at <= at,
        )
        .order_by(DocumentTimestamp.valid_until, DocumentTimestamp.id)
        .limit(LOOKED_AT)
    ).all()
    old = [key for key, made, ends in ending if at - made > (ends - made) / 2]
    return old[:most]


def sealed_under(session: Session, key: int) -> list[str]:
    """The public keys (PEM) of a document's seals, in their order."""
    found = select(SigningKey.public_key).join(Seal).where(Seal.credential_id == key)
    return list(session.scalars(found.order_by(Seal.position)))


def stamped_anew(
    content: bytes, digest: str, keys: Sequence[str], archive: Archive
) -> tuple[bytes, Stamp]:
    """A document with one more stamp. What lies in the store is believed no more than a stranger's:
    no stamp goes over what was altered, and none that spoils the document is kept."""
    if digest_of(content) != digest:
        raise Altered("what lies in the store is not what was kept")
    signed = sorted(revision.signatures(content), key=lambda one: one.covers)
    seals = [one.field for one in signed if one.kind == "seal"]
    stamps = [one.field for one in signed if one.kind == "timestamp"]
    expected, place = list(zip(seals, keys, strict=False)), archival.next_place(content)
    if len(seals) != len(keys):
        raise Altered(f"{len(seals)} seals instead of {len(keys)}")
    if wrong := faults(content, expected, stamps):
        raise Altered("; ".join(wrong))
    document, stamp = archive(content)
    if wrong := faults(document, expected, [*stamps, place]):
        raise Altered("; ".join(wrong))
    if not document.startswith(content):
        raise Altered("the new document does not begin with the old one")
    return document, stamp


def put_off(session: Session, key: int, reason: str) -> None:
    """Leave word why a document could not be stamped anew; it is tried again a day later."""
    one = session.get_one(Credential, key)
    one.last_error = reason[:500]


def put_off_ones(session: Session) -> tuple[int, datetime | None]:
    """How many finished documents could not be stamped anew, and when the first stamp ends."""
    failing = select(Credential.id).where(
        Credential.file_digest.is_not(None), Credential.last_error.is_not(None)
    )
    many = session.scalar(select(func.count()).select_from(failing.subquery())) or 0
    latest = (
        select(func.max(DocumentTimestamp.valid_until))
        .where(DocumentTimestamp.credential_id.in_(failing))
        .group_by(DocumentTimestamp.credential_id)
        .order_by(func.max(DocumentTimestamp.valid_until))
        .limit(1)
    )
    return many, session.scalars(latest).first() if many else None


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
        .values(file_digest=digest, file_size=size, last_error=None)
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
