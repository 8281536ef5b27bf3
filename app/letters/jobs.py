"""Writing the copies of letters that were sent."""

from __future__ import annotations

from app import db
from app.clock import now
from app.jobs import job
from app.letters.emails import compose
from app.letters.sending import due, oldest, write_some

ROUNDS = 50
"""So many batches at once; the sweep hands over again what is left."""


@job("letters.write", due=due, oldest=oldest)
def write(letter_id: int) -> None:
    """Each batch is a transaction of its own: whoever ends it, a batch is written or is not."""
    for _round in range(ROUNDS):
        with db.writing() as session:
            written = write_some(session, letter_id, compose, at=now())
        if not written:
            return
