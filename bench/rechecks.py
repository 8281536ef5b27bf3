"""Milliseconds of a core to read a sealed diploma of three societies again, with all beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import select

from app import db
from app.clock import now
from app.credentials import jobs as credentials
from app.credentials.models import Credential
from app.journal import jobs as journal
from app.rechecks.found import Part
from app.rechecks.rounds import PARTS
from app.transparency import jobs as log
from bench import due
from bench.figures import Line, figure
from bench.pipeline import make
from bench.stand import Stand

MANY = 100_000
"""Diplomas that a round should get through in half an hour."""


@figure("rechecks.round")
def measure(stand: Stand) -> Iterator[Line]:
    """A round over a batch; each diploma brings its entries in the log and in the journal along.

    The whole is told as what it would take for a hundred thousand, on one core.
    """
    number = stand.pace.diplomas
    with due.house(due.diplomas, 3, number):
        while credentials.issue_batch():
            pass
        make(number)
        credentials.press().close()
        credentials.press_in.cache_clear()
        journal.link()
        log.take_in()
        log.sign_at(now())
        parts = {part.name: _spent(part) for part in PARTS}
        with db.reading() as session:
            files = [c for c in session.scalars(select(Credential)) if c.file_digest]
        assert len(files) == number
        each = sum(parts.values()) / number
        yield {
            "bench": "rechecks.round",
            "societies": 3,
            "ms": round(each, 2),
            "diplomas": number,
            "minutes_for_100000": round(each * MANY / 60_000, 1),
            **{f"ms_{name.replace(' ', '_')}": round(ms / number, 2) for name, ms in parts.items()},
        }


def _spent(part: Part) -> float:
    """Milliseconds of a core for everything of a kind, in the batches of a round."""
    began, reached, at = time.process_time(), -1, now()
    while True:
        with db.reading() as session:
            batch = part.keys(session, reached, part.batch)
            if not batch:
                return 1000 * (time.process_time() - began)
            list(part.look(session, batch, at))
            reached = batch[-1]
