"""Sending what waits in the outbox, many letters over one connection."""

from __future__ import annotations

import time
from collections.abc import Sequence

from flask import current_app

from app import db
from app.clock import now
from app.jobs import job
from app.mail import OutOfReach, Wire
from app.outbox.models import MAX_ATTEMPTS, Message, due, oldest, take, undelivered

BATCH = 25
"""So many letters are sent before it is written down that they went: no more go twice."""
ROUNDS = 10
"""So many batches one job sends before others have their turn."""
SECONDS = 60.0
"""After so long a batch ends with what it has sent, well before others may take it."""
LOST = "the worker ended every time it was tried"
NOT_TRIED = "not tried: the letters before it took too long"


@job("outbox.deliver", due=lambda s, at, n: due(s, at, n) if _server() else [], oldest=oldest)
def deliver(message_id: int) -> None:
    """Send a message and others that are due, over one connection."""
    server = _server()
    key: int | None = message_id
    if server is None or not _waits(message_id):
        return
    with Wire(server) as wire:
        for _round in range(ROUNDS):
            if key is None:
                return
            batch = _take(key)
            if not batch:
                return
            errors = _send(wire, batch)
            _write_down([message.id for message in batch], errors)
            key = _next()


def _waits(message_id: int) -> bool:
    """Whether it is due. Most are gone by then: another one has taken them with it."""
    with db.reading() as session:
        message = session.get(Message, message_id)
        return message is not None and message.waits and message.next_at <= now()


def _next() -> int | None:
    with db.reading() as session:
        return next(iter(due(session, now(), 1)), None)


def _take(message_id: int) -> list[Message]:
    with db.writing() as session:
        batch = take(session, message_id, most=BATCH, at=now())
        for message in batch:
            if message.attempts > MAX_ATTEMPTS:
                message.postpone(LOST, at=now())
        return [message for message in batch if message.waits]


def _send(wire: Wire, batch: Sequence[Message]) -> dict[int, str]:
    """Send outside any transaction; answer what went wrong, by message."""
    errors: dict[int, str] = {}
    end = time.monotonic() + SECONDS
    gone = ""
    for message in batch:
        if not gone and time.monotonic() > end:
            gone = NOT_TRIED
        if gone:
            errors[message.id] = gone
            continue
        try:
            wire.send(message)
        except OutOfReach as failure:
            errors[message.id] = gone = str(failure)
        except (
            Exception
        ) as failure:  # whatever a letter does to the mail library, it fails in words
            errors[message.id] = f"{type(failure).__name__}: {failure}"
    return errors


def _write_down(ids: Sequence[int], errors: dict[int, str]) -> None:
    with db.writing() as session:
        for message in undelivered(session, ids):
            if error := errors.get(message.id):
                message.postpone(error, at=now())
            else:
                message.deliver(at=now())


def _server() -> str | None:
    return current_app.config["SETTINGS"].smtp_url
