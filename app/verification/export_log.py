"""What an export holds beside the register: the log with its heads, and endorsements.

All of it is read in parts, each in a transaction of its own, and written as it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import db, site
from app.open_badges import endorsing
from app.schemes.models import Edition, Endorsement
from app.transparency import queries
from app.transparency.models import Head

LINES = 1000
PART = 100


def entries(size: int) -> Iterator[tuple[str, bytes]]:
    """Every entry under the head of a size, one on a line: the line is what is hashed."""
    for first in range(0, size, LINES):
        last = min(first + LINES, size) - 1
        with db.reading() as session:
            found = {leaf.position: leaf.content for leaf in queries.leaves(session, first, last)}
        lines = (found.get(position, "") for position in range(first, last + 1))
        yield f"log/entries/{first:09}.jsonl", "".join(f"{line}\n" for line in lines).encode()


def heads(size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every head up to that size with its countersignatures, as /log/head answers."""
    after = 0
    while True:
        with db.reading() as session:
            some = Head.newest_first().where(Head.size > after, Head.size <= size)
            found = session.scalars(some.order_by(None).order_by(Head.size).limit(PART)).all()
            told = [(one.size, queries.signed(one)) for one in found]
        if not told:
            return
        after = told[-1][0]
        yield from ((f"log/heads/{number}.json", head) for number, head in told)


def endorsements() -> Iterator[tuple[str, bytes | dict[str, Any]]]:
    """What credentials name as endorsements, byte for byte, at the paths where it was served; of
    one that was taken back, that it was."""
    after = 0
    while True:
        with db.reading() as session:
            found = session.scalars(
                select(Endorsement)
                .where(Endorsement.id > after)
                .order_by(Endorsement.id)
                .limit(PART)
                .options(
                    joinedload(Endorsement.society),
                    joinedload(Endorsement.edition).joinedload(Edition.scheme),
                )
            ).all()
            told = [(one.id, _path(one), _said(one)) for one in found]
        if not told:
            return
        after = told[-1][0]
        yield from ((path, said) for _id, path, said in told)


def _path(one: Endorsement) -> str:
    return f"{endorsing.url(one).removeprefix(site.address()).strip('/')}.json"


def _said(one: Endorsement) -> bytes | dict[str, Any]:
    if one.withdrawn_at is None:
        return one.document.encode()
    return {
        "status": 410,
        "society": one.society.name,
        "withdrawn_at": one.withdrawn_at.isoformat(timespec="seconds"),
    }
