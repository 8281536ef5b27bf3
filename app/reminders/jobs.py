"""Writing the reminders that are due, at every sweep."""

from __future__ import annotations

from datetime import datetime

from app import db
from app.clock import now
from app.jobs import chore, nudge
from app.reminders import queries, writing
from app.reminders.emails import letters

MOST = 2000
"""So many a sweep writes before the other work of the platform has its turn."""


@chore("reminders.write")
def write_due() -> None:
    write_all(at=now())


def write_all(*, at: datetime) -> None:
    """Each batch is a transaction of its own: whoever ends it, a batch is written or is not."""
    with db.reading() as session:
        due = queries.rounds(session, at=at)
    left = MOST
    for one in due:
        written = 1
        while written and left > 0:
            with db.writing() as session:
                written = writing.write(session, one, letters, at=at)
                left -= written
                if left <= 0:
                    nudge(session)
