"""What became of an order, written down: the file, the seals, the entry and the letter at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.credentials import typesetting
from app.credentials.models import Credential
from app.files import digest_of
from app.outbox.models import Message, post_all
from app.sealing.models import DocumentTimestamp, Seal, Unfinished
from app.sealing.orders import Awaits, Later, Made, Outcome, Spoiled
from app.sealing.waiting import ask

OUT_OF_REACH = timedelta(minutes=1)
GRACE = timedelta(hours=1)
"""So long nobody touches what a worker may still be about to put into the store."""
Letter = Callable[[Credential], Message]


def intend(session: Session, outcomes: Iterable[Outcome], *, at: datetime) -> None:
    """Write down which files are about to be put into the store: no other will be the same."""
    known = {(one.order.id, digest_of(one.content)) for one in outcomes
             if isinstance(one, Made | Awaits) and one.order.is_sealed}  # fmt: skip
    if known:
        session.execute(
            insert(Unfinished),
            [
                {"credential_id": key, "file_digest": digest, "at": at}
                for key, digest in sorted(known)
            ],
        )


def write_down(
    session: Session, outcomes: Sequence[Outcome], *, at: datetime, letter: Letter
) -> list[str]:
    """Finish what is made, hold what waits; answer the digests of files that came too late."""
    made = {one.order.id: one for one in outcomes if isinstance(one, Made)}
    files = {key: _file(one) for key, one in made.items()}
    finished = typesetting.finish(session, files, at=at)
    won = {one.id for one in finished}
    _add_seals(session, [(made[key], files[key]) for key in won])
    post_all(session, [letter(one) for one in finished])
    for one in outcomes:
        if not isinstance(one, Made):
            _set_aside(session, one, at=at)
    return [files[key].digest for key in made.keys() - won if made[key].order.is_sealed]


def _file(made: Made) -> typesetting.File:
    facts: dict[str, Any] = {
        "seals": [{"society": one.place, "key": one.key_id} for one in made.order.sealers]
    }
    if made.stamp:
        facts["stamped_by"] = made.stamp.authority
    return typesetting.File(digest_of(made.content), len(made.content), facts)


def _add_seals(session: Session, finished: Sequence[tuple[Made, typesetting.File]]) -> None:
    """What societies sealed, and who stamped it: their files are no longer unfinished."""
    for made, file in finished:
        order, stamp = made.order, made.stamp
        session.add_all(
            Seal(credential_id=order.id, position=position, society_id=one.society_id,
                 key_id=one.key_id, at=made.at)
            for position, one in enumerate(order.sealers, 1)
        )  # fmt: skip
        if stamp:
            session.add(
                DocumentTimestamp(
                    credential_id=order.id, at=stamp.at, authority=stamp.authority,
                    valid_until=stamp.valid_until, file_digest=file.digest, file_size=file.size,
                )
            )  # fmt: skip
    if finished:
        session.execute(
            delete(Unfinished).where(
                Unfinished.credential_id.in_([made.order.id for made, _file in finished]),
                Unfinished.file_digest.in_([file.digest for _made, file in finished]),
            )
        )


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
