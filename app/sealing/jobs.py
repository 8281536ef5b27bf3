"""Making the files of credentials, many at a time, and what belongs to it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import current_app
from sqlalchemy import delete

from app import db
from app.clock import now
from app.credentials import emails, typesetting
from app.credentials.jobs import press
from app.files import digest_of, files
from app.jobs import chore, job
from app.sealing import archival, renewing, waiting
from app.sealing.gathering import gather
from app.sealing.models import Unfinished
from app.sealing.orders import Awaits, Later, Made, Order, Outcome
from app.sealing.pipeline import Works
from app.sealing.timestamps import Authorities, authorities
from app.sealing.writing_down import hand_back, intend, is_named, leftovers, write_down

log = logging.getLogger("confer.sealing")
BATCH = 40
"""So many are claimed, and written down, in one transaction."""
ROUNDS = 10
"""So many batches one job makes before others have their turn."""
SECONDS = 15.0
"""After so long a batch ends with what it has made, well before others may take it."""


@job("credentials.typeset", due=typesetting.due, oldest=typesetting.oldest)
def typeset(key: int) -> None:
    """Make the file of a credential, and of others that are due."""
    following: int | None = key
    for _round in range(ROUNDS):
        if following is None or not make_batch(following):
            return
        with db.reading() as session:
            following = next(iter(typesetting.due(session, now(), 1)), None)


def make_batch(key: int, *, most: int = BATCH) -> int:
    """Claim, make, keep, write down; answer how many were claimed."""
    at = now()
    with db.reading() as session:
        if not typesetting.is_due(session, key, at=at):
            return 0
    with db.writing() as session:
        keys = typesetting.claim(session, key, at=at, most=most)
    if not keys:
        return 0
    log.info("%d files begun", len(keys))
    until = at + typesetting.LEASE
    with db.writing() as session:
        orders = gather(session, keys, until=until, at=at)
    outcomes, untried = _make(orders, at=at)
    with db.writing() as session:
        intend(session, outcomes, at=at)
    kept = [one for one in outcomes if _keep(one)]
    with db.writing() as session:
        late = write_down(session, kept, at=now(), letter=partial(emails.ready, at=now()))
        hand_back(session, [one.id for one in untried], until=until, at=now())
    for digest in late:
        _drop(digest)
    log.info("%d files through", len(keys))
    return len(keys)


def _make(orders: Sequence[Order], *, at: datetime) -> tuple[list[Outcome], list[Order]]:
    """As many as there is time for, and those left over; what one does to us, it does alone.

    When something outside fails, others that need it too are not tried: they would only wait.
    """
    made: list[Outcome] = []
    missed: dict[str, str] = {}
    end, with_what = time.monotonic() + SECONDS, works()
    for place, order in enumerate(orders):
        if time.monotonic() > end:
            return made, list(orders[place:])
        needs = next((what for what in missed if order.comes_to(what)), None)
        if needs is not None:
            made.append(Later(order, missed[needs], needs))
            continue
        try:
            one = with_what.make(order, at=at)
        except Exception:
            log.exception("%s cannot be made now", order.serial)
            continue
        made.append(one)
        if isinstance(one, Later) and one.needs:
            missed[one.needs] = one.reason
    return made, []


def _keep(one: Outcome) -> bool:
    """Put a file into the store; one that it does not take is tried again later."""
    if isinstance(one, Made | Awaits):
        try:
            files.keep(one.content)
        except OSError:
            log.exception("%s cannot be kept now", one.order.serial)
            return False
    return True


def works() -> Works:
    """What this deployment makes documents with."""
    settings = current_app.config["SETTINGS"]
    if settings.seal_level == "B-B":
        return Works(press())
    asked = authorities(settings)
    if settings.seal_level == "B-T":
        return Works(press(), asked)
    return Works(press(), asked, partial(archival.archive, asked))


@chore("sealing.release")
def release() -> None:
    """What waited for a key goes on once the key is there."""
    with db.reading() as session:
        if not waiting.releasable(session, at=now()):
            return
    with db.writing() as session:
        typesetting.release(session, waiting.releasable(session, at=now()), at=now())


@chore("sealing.tidy")
def tidy() -> None:
    """Remove files of workers that died, once the diploma has its own."""
    with db.reading() as session:
        found = [(one.id, one.file_digest) for one in leftovers(session, at=now())]
    if not found:
        return
    for _id, digest in found:
        _drop(digest)
    with db.writing() as session:
        session.execute(delete(Unfinished).where(Unfinished.id.in_([key for key, _ in found])))


@chore("sealing.renew")
def renew_stamps() -> None:
    """Stamp documents anew before the certificates of their stamps end."""
    settings = current_app.config["SETTINGS"]
    if not settings.timestamp_urls:
        return
    with db.reading() as session:
        keys = renewing.due(session, at=now(), most=BATCH)
    for key in keys:
        try:
            _renew(key, authorities(settings))
        except Exception as wrong:  # what one document does to a library, it does alone
            log.exception("document %s cannot be stamped anew today", key)
            with db.writing() as session:
                renewing.put_off(session, key, f"{type(wrong).__name__}: {wrong}")


def _renew(key: int, asked: Authorities) -> None:
    with db.writing() as session:
        before = renewing.claim(session, key, at=now())
    if before is None:
        return
    with db.reading() as session:
        keys = renewing.sealed_under(session, key)
    document, stamp = renewing.stamped_anew(
        files.read(before), before, keys, partial(archival.renew, asked)
    )
    digest = digest_of(document)
    with db.writing() as session:
        session.add(Unfinished(credential_id=key, file_digest=digest, at=now()))
    files.keep(document)
    with db.writing() as session:
        renewing.renew(session, key, stamp, before=before, digest=digest, size=len(document),
                       at=now())  # fmt: skip


def _drop(digest: str) -> None:
    """Remove a file unless a credential names it."""
    with db.reading() as session:
        if not is_named(session, digest):
            files.remove(digest)
