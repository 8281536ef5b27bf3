"""What became of an order, written down: the file, the seals, the entry and the letter at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.credentials import typesetting
from app.credentials.models import Credential
from app.files import digest_of
from app.sealing.models import DocumentTimestamp, Seal, Unfinished
from app.sealing.orders import Awaits, Later, Made, Outcome, Spoiled
from app.sealing.waiting import ask

OUT_OF_REACH = timedelta(minutes=1)
GRACE = timedelta(hours=1)
"""So long nobody touches what a worker may still be about to put into the store."""
Letter = Callable[[Session, Credential], None]


def intend(session: Session, outcomes: Iterable[Outcome], *, at: datetime) -> None:
    """Write down which files are about to be put into the store: no other will be the same."""
    known = {(one.order.id, digest_of(one.content)) for one in outcomes
             if isinstance(one, Made | Awaits) and one.order.is_sealed}  # fmt: skip
    if known:
        session.execute(
            insert(Unfinished),
            [{"credential_id": key, "file_digest": digest, "at": at} for key, digest in known],
        )


def write_down(
    session: Session, outcomes: Sequence[Outcome], *, at: datetime, letter: Letter
) -> list[str]:
    """Finish what is made, hold what waits; answer the digests of files that came too late."""
    late = []
    for one in outcomes:
        if isinstance(one, Made):
            digest = digest_of(one.content)
            if _finish(session, one, digest, at=at):
                letter(session, session.get_one(Credential, one.order.id))
            elif one.order.is_sealed:
                late.append(digest)
        else:
            _set_aside(session, one, at=at)
    return late


def _finish(session: Session, made: Made, digest: str, *, at: datetime) -> bool:
    order = made.order
    won = typesetting.finish(
        session, order.id, digest=digest, size=len(made.content), at=at,
        seals=[{"society": one.place, "key": one.key_id} for one in order.sealers],
        **({"stamped_by": made.stamp.authority} if made.stamp else {}),
    )  # fmt: skip
    if not won:
        return False
    for position, one in enumerate(order.sealers, 1):
        session.add(
            Seal(credential_id=order.id, position=position, society_id=one.society_id,
                 key_id=one.key_id, at=made.at)
        )  # fmt: skip
    if made.stamp:
        session.add(
            DocumentTimestamp(
                credential_id=order.id, at=made.stamp.at, authority=made.stamp.authority,
                valid_until=made.stamp.valid_until, file_digest=digest,
                file_size=len(made.content),
            )
        )  # fmt: skip
    if order.is_sealed:
        session.execute(
            delete(Unfinished).where(
                Unfinished.credential_id == order.id, Unfinished.file_digest == digest
            )
        )
    return True


def _set_aside(session: Session, one: Awaits | Spoiled | Later, *, at: datetime) -> None:
    """Unless another worker has taken it over: then that one decides."""
    credential = typesetting.still_has(session, one.order.id, until=one.order.until)
    if credential is None:
        return
    if isinstance(one, Awaits):
        ask(session, credential, one, digest=digest_of(one.content), at=at)
    elif isinstance(one, Spoiled):
        typesetting.fail(session, credential.id, one.reason, at=at)
    else:
        typesetting.put_back(credential, one.reason, after=OUT_OF_REACH, at=at)


def hand_back(session: Session, keys: Iterable[int], *, until: datetime, at: datetime) -> None:
    """Give back what there was no time for: its turn is now."""
    for key in keys:
        credential = typesetting.still_has(session, key, until=until)
        if credential is not None:
            credential.next_at, credential.attempts = at, max(0, credential.attempts - 1)


def leftovers(session: Session, *, at: datetime, most: int = 200) -> list[Unfinished]:
    """Files of finished credentials that are not theirs: those of workers that died."""
    return list(
        session.scalars(
            select(Unfinished)
            .join(Credential)
            .where(Credential.file_digest.is_not(None), Unfinished.at < at - GRACE)
            .order_by(Unfinished.id)
            .limit(most)
        )
    )


def is_named(session: Session, digest: str) -> bool:
    """Whether a credential's file is this one."""
    return (
        session.scalars(select(Credential.id).where(Credential.file_digest == digest)).first()
        is not None
    )
