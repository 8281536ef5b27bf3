"""Reading the whole log again: each hash, each head, each signature.

Every wrong thing is named where it is: a hash is compared with what stands right below it, so that
one altered place does not make a hundred others look altered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.signing_keys.signing import verify
from app.transparency import heads, notes, tree
from app.transparency.leaves import binding
from app.transparency.models import Head, Leaf, Node
from app.transparency.queries import fetched, size_of
from app.transparency.tree import Place

BATCH = 1024


@dataclass(frozen=True)
class Wrong:
    """Something in the log that does not hold."""

    kind: str
    name: str
    reason: str


def verify_all(session: Session) -> Iterator[Wrong]:
    """Everything, from the first leaf to the last head."""
    for begin in range(0, size_of(session), BATCH):
        yield from leaves(session, begin, begin + BATCH)
    yield from superfluous(session)
    for head in session.scalars(Head.newest_first()):
        yield from of_head(session, head)


def leaves(session: Session, begin: int, end: int) -> Iterator[Wrong]:
    """The leaves from one position up to another, and the subtrees that they complete."""
    found = session.scalars(
        select(Leaf).where(Leaf.position >= begin, Leaf.position < end).order_by(Leaf.position)
    ).all()
    there = {leaf.position for leaf in found}
    end = min(end, size_of(session))
    for position in range(begin, end):
        if position not in there:
            yield Wrong("leaf", str(position), "the entry is missing")
    for leaf in found:
        if reason := against_leaf(leaf):
            yield Wrong("leaf", str(leaf.position), reason)
    yield from _nodes(session, begin, end)


def against_leaf(leaf: Leaf) -> str:
    """Why an entry cannot be what was entered; nothing when it is."""
    if tree.leaf_hash(leaf.content.encode()) != leaf.hash:
        return "the entry is not what was hashed"
    own = json.loads(leaf.content).get("own")
    if own != binding(leaf.source, leaf.credential_id, leaf.salt):
        return "the entry is not kept with what belongs to it"
    return ""


def superfluous(session: Session) -> Iterator[Wrong]:
    """Hashes of subtrees that no leaves complete."""
    size = size_of(session)
    counts = select(Node.level, func.count(), func.max(Node.number)).group_by(Node.level)
    for level, count, last in session.execute(counts):
        if last >= size >> level:
            yield Wrong("node", f"{level}/{last}", "no entries stand below this hash")
        elif count != size >> level:
            yield Wrong("node", f"{level}/*", "hashes of this level are missing")


def of_head(session: Session, head: Head) -> Iterator[Wrong]:
    """A head, whether it was signed as it is and is the log's own; and its countersignatures."""
    is_signed = verify(head.key, notes.text_of(head).encode(), head.signature)
    if not is_signed or head.at.microsecond:
        yield Wrong("head", str(head.size), "the head is not what was signed")
        return
    places = tree.subtrees(0, head.size)
    known = fetched(session, places)
    if len(known) < len(places):
        yield Wrong("head", str(head.size), "the log does not reach as far as this head")
    elif tree.root(head.size, lambda level, number: known[level, number]) != head.root and all(
        is_sound(session, place) for place in places
    ):
        yield Wrong("head", str(head.size), "the log is not the one that this head names")
    for one in head.countersignatures:
        if not heads.holds(head, one):
            yield Wrong("countersignature", str(one.id), "the society did not sign this head")


def is_sound(session: Session, place: Place) -> bool:
    """Whether a hash is that of what stands right below it."""
    level, number = place
    if level == 0:
        leaf = session.get(Leaf, number)
        return leaf is not None and not against_leaf(leaf)
    below = [(level - 1, 2 * number), (level - 1, 2 * number + 1)]
    known = fetched(session, [place, *below])
    if len(known) < 3:
        return False
    return tree.node_hash(known[below[0]], known[below[1]]) == known[place]


def _nodes(session: Session, begin: int, end: int) -> Iterator[Wrong]:
    """The subtrees whose last leaf lies from one position up to another."""
    level = 1
    while end >> level:
        first, last = ((begin + (1 << level)) >> level) - 1, (end >> level) - 1
        below, here = _level(session, level - 1, 2 * first, 2 * last + 1), {}
        if first <= last:
            here = _level(session, level, first, last)
        for number in range(max(first, 0), last + 1):
            left, right = below.get(2 * number), below.get(2 * number + 1)
            if number not in here:
                yield Wrong("node", f"{level}/{number}", "the hash is missing")
            elif left is None or right is None:
                continue
            elif tree.node_hash(left, right) != here[number] and all(
                is_sound(session, (level - 1, one)) for one in (2 * number, 2 * number + 1)
            ):
                yield Wrong("node", f"{level}/{number}", "the hash is not of what is below it")
        level += 1


def _level(session: Session, level: int, first: int, last: int) -> dict[int, bytes]:
    if last < first:
        return {}
    if level == 0:
        rows = select(Leaf.position, Leaf.hash).where(Leaf.position.between(first, last))
    else:
        rows = select(Node.number, Node.hash).where(
            Node.level == level, Node.number.between(first, last)
        )
    return {number: digest for number, digest in session.execute(rows)}
