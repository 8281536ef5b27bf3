"""Reading the log: its hashes, leaves, heads, and what they prove."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.signing_keys.models import KeyCompromise, Purpose, SigningKey
from app.signing_keys.queries import signs
from app.societies.models import Society
from app.transparency import tree
from app.transparency.models import Countersignature, Head, Leaf, Node
from app.transparency.notes import note_of, public_key_of, signer_of
from app.transparency.tree import Hashes, Place

T = TypeVar("T")
MOST = 100
"""Places asked for in one statement."""
FRESH = timedelta(days=7)
"""For how long a countersignature answers for its society: the head is mailed once a week."""


@dataclass(frozen=True)
class Countersigned:
    """A society's word on a head that holds an entry."""

    society: str
    size: int
    """Of the head."""
    at: datetime


def size_of(session: Session) -> int:
    """How many leaves there are."""
    last = session.scalar(select(func.max(Leaf.position)))
    return 0 if last is None else last + 1


def fetched(session: Session, places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of complete subtrees; level 0 are the leaves."""
    wanted = list(places)
    found: dict[Place, bytes] = {}
    for start in range(0, len(wanted), MOST):
        part = wanted[start : start + MOST]
        bottom = [index for level, index in part if level == 0]
        leaf_hashes = select(Leaf.position, Leaf.hash).where(Leaf.position.in_(bottom))
        found |= {(0, position): digest for position, digest in session.execute(leaf_hashes)}
        above = [place for place in part if place[0]]
        nodes = select(Node.level, Node.number, Node.hash).where(
            tuple_(Node.level, Node.number).in_(above)
        )
        found |= {(level, index): digest for level, index, digest in session.execute(nodes)}
    return found


def built(session: Session, build: Callable[[Hashes], T]) -> T:
    """Something put together from subtrees, all fetched at once; `KeyError` when one is missing."""
    known = fetched(session, tree.wanted_by(build))
    return build(lambda level, index: known[level, index])


def root(session: Session, size: int) -> bytes:
    return built(session, lambda hashes: tree.root(size, hashes))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """The proof that the log of the new size continues that of the old one."""
    return built(session, lambda hashes: tree.consistency(old, new, hashes)) if old else []


def latest(session: Session) -> Head | None:
    return session.scalars(Head.newest_first().limit(1)).first()


def head(session: Session, size: int) -> Head | None:
    return session.scalars(Head.newest_first().where(Head.size == size)).one_or_none()


def last_countersigned(session: Session, society_id: int) -> Countersignature | None:
    """The newest head that a society has countersigned."""
    return session.scalars(
        select(Countersignature)
        .where(Countersignature.society_id == society_id)
        .order_by(Countersignature.head_size.desc())
        .limit(1)
    ).first()


def awaited(session: Session, society_ids: Iterable[int], *, at: datetime) -> Sequence[Society]:
    """Of these societies those with a key whose countersignature is due: the log has grown since
    the last one, and that is a week old or by a key that others may hold."""
    newest = select(func.max(Head.size)).scalar_subquery()
    is_fresh = and_(Countersignature.signed_at > at - FRESH, _by_sound_key())
    answered = select(Countersignature.society_id).where(
        or_(Countersignature.head_size == newest, is_fresh)
    )
    able = select(SigningKey.society_id).where(
        SigningKey.purpose.in_((Purpose.SEAL, Purpose.PROOF)),
        SigningKey.society_id.is_not(None),
        signs(at=at),
    )
    return session.scalars(
        select(Society)
        .where(
            newest.is_not(None),
            Society.id.in_(list(society_ids)),
            Society.id.in_(able),
            Society.id.not_in(answered),
        )
        .order_by(Society.short)
    ).all()


def leaves(session: Session, first: int, last: int) -> Sequence[Leaf]:
    """The leaves from one position to another, both included."""
    within = select(Leaf).where(Leaf.position.between(first, last)).order_by(Leaf.position)
    return session.scalars(within).all()


def inclusion(session: Session, credential: Credential) -> dict[str, Any] | None:
    """What proves to anybody, without this platform, that a credential stands in the log.

    Every leaf about it, under the head that most societies have countersigned among those that hold
    them all; officers sign on different days, so further heads follow for the societies that signed
    another one. Nothing until a head holds them: some minutes after a document is finished.
    """
    told = session.scalars(
        select(Leaf).where(Leaf.credential_id == credential.id).order_by(Leaf.position)
    ).all()
    if not told:
        return None
    last = told[-1].position
    found = _best_head(session, last)
    if found is None:
        return None
    return _proof(credential.serial, told, _paths(session, told, found.size), signed(found)) | {
        "further_heads": [
            {"paths": _paths(session, told, one.size), **signed(one)}
            for one in _further_heads(session, last, found)
        ]
    }


def inclusions(
    session: Session, credentials: Sequence[Credential], *, within: int
) -> dict[int, dict[str, Any]]:
    """The same of many by their ids, under one head that holds at most so many entries."""
    told: defaultdict[int, list[Leaf]] = defaultdict(list)
    found = select(Leaf).where(Leaf.credential_id.in_([one.id for one in credentials]))
    for leaf in session.scalars(found.order_by(Leaf.position)):
        assert leaf.credential_id is not None
        told[leaf.credential_id].append(leaf)
    held = [one for one in credentials if one.id in told and told[one.id][-1].position < within]
    if not held:
        return {}
    head = _best_head(session, max(told[one.id][-1].position for one in held), within)
    if head is None:
        return {}
    size, under = head.size, signed(head)
    paths = built(
        session,
        lambda hashes: {
            one.id: [_told(tree.inclusion(leaf.position, size, hashes)) for leaf in told[one.id]]
            for one in held
        },
    )
    return {one.id: _proof(one.serial, told[one.id], paths[one.id], under) for one in held}


def _proof(
    serial: str, told: Sequence[Leaf], paths: Sequence[list[str]], under: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "type": "confer-inclusion-proof/v1",
        "serial": serial,
        "leaves": [
            {"position": leaf.position, "content": leaf.content, "path": path}
            for leaf, path in zip(told, paths, strict=True)
        ],
        **under,
    }


def countersigned(session: Session, position: int) -> list[Countersigned]:
    """The societies that have countersigned a head over an entry, each with the first such head.

    What came in after the day from which its key is in doubt may be anybody's.
    """
    first = func.min(Countersignature.head_size)
    doubted = select(KeyCompromise.key_id).where(
        KeyCompromise.key_id == Countersignature.key_id, KeyCompromise.since <= Countersignature.at
    )
    found = session.execute(
        select(Society.name, first, func.min(Countersignature.signed_at))
        .join(Countersignature.society)
        .where(Countersignature.head_size > position, ~doubted.exists())
        .group_by(Society.id, Society.name)
        .order_by(first, Society.id)
    )
    return [Countersigned(name, size, at) for name, size, at in found]


def _paths(session: Session, told: Sequence[Leaf], size: int) -> list[list[str]]:
    """From each leaf to the root of a head."""
    return built(
        session,
        lambda hashes: [_told(tree.inclusion(leaf.position, size, hashes)) for leaf in told],
    )


def _told(path: Iterable[bytes]) -> list[str]:
    return [step.hex() for step in path]


def _further_heads(session: Session, position: int, best: Head) -> Sequence[Head]:
    """The first heads over a position of those societies that have not countersigned the best.

    Whoever carries the proof away has no day but the one that a countersignature names itself: by
    a key that others may hold it counts for nothing, so that a later one is looked for.
    """
    there = select(Countersignature.society_id).where(
        Countersignature.head_size == best.size, _by_sound_key()
    )
    firsts = (
        select(func.min(Countersignature.head_size))
        .where(Countersignature.head_size > position, Countersignature.society_id.not_in(there))
        .where(_by_sound_key())
        .group_by(Countersignature.society_id)
    )
    found = Head.newest_first().where(Head.size.in_(firsts))
    return session.scalars(found.order_by(None).order_by(Head.size)).all()


def signed(found: Head) -> dict[str, Any]:
    """A head as machines read it: the signed note, and whose keys its signatures are by."""
    return {
        "origin": found.origin,
        "size": found.size,
        "root": found.root.hex(),
        "at": found.at.isoformat(),
        "head": note_of(found),
        "key": {"name": found.key.name, "public_key": public_key_of(found.key)},
        "countersignatures": [
            {
                "society": one.society.code,
                "name": one.society.name,
                "at": one.signed_at.isoformat(),
                "signer": signer_of(found.origin, one.society.code, one.key.name),
                "algorithm": str(one.key.algorithm),
                "public_key": public_key_of(one.key),
            }
            for one in found.countersignatures
        ],
    }


def statement(session: Session, old: Head, new: Head) -> dict[str, Any]:
    """That the newer head continues the older one, in one file, for archives."""
    path = consistency(session, old.size, new.size)
    return {"from": signed(old), "to": signed(new), "path": [step.hex() for step in path]}


def contents(found: Iterable[Leaf]) -> list[Mapping[str, Any]]:
    """Leaves as they are published."""
    return [
        {"position": leaf.position, "content": json.loads(leaf.content), "hash": leaf.hash.hex()}
        for leaf in found
    ]


def is_provable(session: Session, credential: Credential) -> bool:
    """Whether a head holds all that the log says about a credential, so that it can be proved."""
    last = select(func.max(Leaf.position)).where(Leaf.credential_id == credential.id)
    held = select(Head.size).where(Head.size > last.scalar_subquery()).limit(1)
    return session.scalars(held).first() is not None


def _best_head(session: Session, position: int, within: int | None = None) -> Head | None:
    signatures = (
        select(func.count())
        .where(Countersignature.head_size == Head.size, _by_sound_key())
        .correlate(Head)
        .scalar_subquery()
    )
    holding = Head.newest_first().where(Head.size > position)
    if within is not None:
        holding = holding.where(Head.size <= within)
    ordered = holding.order_by(None).order_by(signatures.desc(), Head.size.desc())
    return session.scalars(ordered.limit(1)).first()


def _by_sound_key() -> ColumnElement[bool]:
    """Whether a countersignature is by a key that was never reported as compromised."""
    return Countersignature.key_id.not_in(select(KeyCompromise.key_id))
