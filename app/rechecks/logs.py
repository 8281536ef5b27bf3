"""The log and its heads, and the journal that it knows the end of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.awards.models import Release
from app.credentials.models import Credential
from app.journal.chain import START, Linked, digest
from app.journal.models import Entry, Link
from app.journal.queries import linked
from app.rechecks.found import Found
from app.rechecks.keys import Trusted
from app.rechecks.logged import logged
from app.signing_keys.models import SigningKey
from app.transparency import records, verifying
from app.transparency.models import Countersignature, Head, Leaf
from app.transparency.queries import size_of

LATE = timedelta(hours=1)
KEPT: dict[str, tuple[str, Any]] = {
    "issued": ("credential", Credential.id),
    "released": ("award list", Release.list_id),
    "countersigned": ("log countersignature", Countersignature.id),
    "key": ("signing key", SigningKey.id),
}
"""Rows that are looked for from the log's side: nothing else leads to them once they are gone."""


def positions(session: Session, after: int, limit: int) -> Sequence[int]:
    """Places in the log, whether an entry stands there or is missing."""
    return range(after + 1, min(after + 1 + limit, size_of(session)))


def look_at_leaves(session: Session, found: Sequence[int], at: datetime) -> Iterator[Found]:
    for wrong in verifying.leaves(session, found[0], found[-1] + 1):
        yield Found(f"log {wrong.kind}", wrong.name, wrong.reason)
    yield from _gone(session, found[0], found[-1])
    if found[-1] + 1 == size_of(session):
        for wrong in verifying.superfluous(session):
            yield Found(f"log {wrong.kind}", wrong.name, wrong.reason)


def _gone(session: Session, first: int, last: int) -> Iterator[Found]:
    """What the log tells of and nobody would come by, for the row is no longer on record."""
    within = select(Leaf.source).where(Leaf.position.between(first, last))
    told: defaultdict[str, set[int]] = defaultdict(set)
    for source in session.scalars(within):
        word, _slash, number = source.partition("/")
        if word in KEPT and number.isdigit():
            told[word].add(int(number))
    for word, keys in told.items():
        part, column = KEPT[word]
        there = set(session.scalars(select(column).where(column.in_(keys))))
        for key in sorted(keys - there):
            if logged(session, [f"{word}/{key}"]).content(f"{word}/{key}"):
                yield Found(part, str(key), "the log tells of it; the record is gone")


def sizes(session: Session, after: int, limit: int) -> Sequence[int]:
    heads = select(Head.size).where(Head.size > after).order_by(Head.size)
    return session.scalars(heads.limit(limit)).all()


def look_at_heads(session: Session, found: Sequence[int], at: datetime) -> Iterator[Found]:
    trusted = Trusted(session)
    heads = session.scalars(Head.newest_first().where(Head.size.in_(found))).all()
    sources = [f"countersigned/{one.id}" for head in heads for one in head.countersignatures]
    known = logged(session, sources)
    for head in heads:
        named = set()
        for wrong in verifying.of_head(session, head) if trusted(head.key) else ():
            one = next((c for c in head.countersignatures if str(c.id) == wrong.name), None)
            if one is None or wrong.kind == "head" or trusted(one.key):
                named.add((wrong.kind, wrong.name))
                yield Found(f"log {wrong.kind}", wrong.name, wrong.reason)
        for one in head.countersignatures:
            record = records.of_row(one, records.COUNTERSIGNATURE)
            if ("countersignature", str(one.id)) in named:
                continue
            if not known.vouches(f"countersigned/{one.id}", "act", record):
                yield Found("log countersignature", str(one.id), "it is not what was entered")


def links(session: Session, after: int, limit: int) -> Sequence[int]:
    """Places in the chain of the journal, up to where the log or the chain itself ends."""
    end = max(session.scalar(select(func.max(Link.position))) or 0, _known_end(session))
    return range(max(after, 0) + 1, min(max(after, 0) + limit, end) + 1)


def look_at_links(session: Session, found: Sequence[int], at: datetime) -> Iterator[Found]:
    first, last = found[0], found[-1]
    before = session.get(Link, first - 1)
    possible = {before.digest} if before else {START} if first == 1 else set()
    rows = {one.position: one for one in linked(session, first, last)}
    for position in found:
        one = rows.get(position)
        reason, possible = _against(one, possible)
        if reason:
            yield Found("journal", f"link {position}", reason)
    yield from _cut(session, first, last, rows)
    waiting = select(Entry.id).outerjoin(Link).where(Link.entry_id.is_(None), Entry.at < at - LATE)
    if not session.get(Link, last + 1):
        for id in session.scalars(waiting.limit(20)):
            yield Found("journal", f"entry {id}", "it was never linked into the chain")


def _against(one: Linked | None, possible: set[bytes]) -> tuple[str, set[bytes]]:
    """Why a link does not hold, and which digests the next may build upon.

    After an altered place both what stands there and what should stand there are possible, so that
    its neighbours are not blamed.
    """
    if one is None:
        return "the link is missing", set()
    if one.entry is None:
        return "the entry is missing", {one.digest}
    should = {digest(previous, one.entry) for previous in possible}
    if not possible or one.digest in should:
        return "", {one.digest}
    return "the entry is not what was linked", {one.digest} | should


def _cut(session: Session, first: int, last: int, rows: dict[int, Linked]) -> Iterator[Found]:
    """What the log remembers of the journal: it cannot be written anew and linked again."""
    known = logged(session, [f"journal/{position}" for position in range(first, last + 1)])
    for source in known.leaves:
        content = known.content(source)
        one = rows.get(content["position"]) if content else None
        if content is None or one is None or one.entry is None:
            continue
        before = session.get(Link, one.position - 1)
        holds = digest(before.digest if before else START, one.entry) == one.digest
        if holds and one.digest.hex() != content["digest"]:
            yield Found("journal", f"link {one.position}", "the log knows another journal")


def _known_end(session: Session) -> int:
    """How far the journal reached when the log last looked: its end cannot be cut off."""
    told = select(Leaf).where(Leaf.source.startswith("journal/"), Leaf.credential_id.is_(None))
    for leaf in session.scalars(told.order_by(Leaf.position.desc()).limit(3)):
        if not verifying.against_leaf(leaf):
            return int(json.loads(leaf.content)["position"])
    return 0
