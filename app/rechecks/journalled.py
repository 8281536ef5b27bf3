"""What the journal says of acts that the log does not tell of, as far as its own chain holds.

An entry is known by its act, its subject and its moment. Where one of the three was altered the two
others still lead to it; the altered entry is named itself, and of its row nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.journal.chain import START, digest
from app.journal.models import Entry, Link
from app.journal.queries import linked

Subject = Callable[[Entry], int | None]
"""The row that an entry is about."""


@dataclass(frozen=True)
class Journalled:
    """The entries of some acts and about some rows."""

    session: Session
    entries: Sequence[Entry]
    subject: Subject

    def bears_out(self, act: str, key: int, at: datetime | None, **details: Any) -> bool:
        """Whether the act stands in the journal just so, or what tells of it is in doubt itself."""
        told = [one for one in self.entries if self._alike(one, act, key, at) >= 2]
        if any(_tells(one, details) and self._alike(one, act, key, at) == 3 for one in told):
            return True
        return any(not _holds(self.session, one) for one in told)

    def of(self, act: str) -> Iterator[tuple[int, Entry]]:
        """The rows of an act that the journal tells of; it need not be so where it was altered."""
        for one in self.entries:
            key = self.subject(one)
            if one.act == act and key is not None:
                yield key, one

    def holds(self, one: Entry) -> bool:
        return _holds(self.session, one)

    def _alike(self, one: Entry, act: str, key: int, at: datetime | None) -> int:
        return (one.act == act) + (self.subject(one) == key) + (one.at == at)


def journalled(
    session: Session, acts: Collection[str], subject: Subject, *or_where: ColumnElement[bool]
) -> Journalled:
    """The entries of these acts, and whatever else may be one of them that was altered."""
    found = select(Entry).where(or_(Entry.act.in_(acts), *or_where)).order_by(Entry.id)
    return Journalled(session, session.scalars(found).all(), subject)


def _tells(one: Entry, details: dict[str, Any]) -> bool:
    return all(one.details.get(name) == value for name, value in details.items())


def _holds(session: Session, one: Entry) -> bool:
    """Whether an entry is what was linked; one that is too young for a link is believed."""
    link = session.scalars(select(Link).where(Link.entry_id == one.id)).one_or_none()
    if link is None:
        return True
    before = session.get(Link, link.position - 1)
    (stored,) = linked(session, link.position, link.position)
    previous = before.digest if before else START
    return stored.entry is not None and digest(previous, stored.entry) == link.digest
