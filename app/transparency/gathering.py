"""Finding acts that the log does not tell of yet, and taking them in, each once."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, String, cast, insert, literal, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.agenda.models import Activity, Organiser
from app.awards.models import Award, AwardList, Release
from app.completions.models import Completion
from app.credentials.models import (
    Credential,
    Reinstatement,
    Revocation,
    Supersession,
    Suspension,
)
from app.journal.models import Link
from app.open_badges.models import OpenBadge
from app.schemes.models import Edition, Scheme, SchemePart
from app.sealing.models import DocumentTimestamp, Seal
from app.signing_keys.models import KeyCompromise, KeyRetirement, SigningKey
from app.societies.models import Society
from app.transparency import leaves, tree
from app.transparency.leaves import Told
from app.transparency.models import Countersignature, Leaf, Node
from app.transparency.queries import fetched, size_of

JOURNAL_EVERY = timedelta(hours=1)
LOOKED_AGAIN = timedelta(hours=1)
"""So long at most nothing is looked for while the journal stands still."""
SALT = 16
_quiet: dict[bytes, datetime] = {}
"""The end of the journal (its digest) at which nothing was left, and when this process found it."""


def take_in(session: Session, *, at: datetime, limit: int = 500) -> int:
    """Append what is new, in the order in which it happened; answer how many leaves.

    Two workers may try at once: the position and the source are keys, so one of them fails, and
    what it wanted to do is done.
    """
    told: list[Told] = []
    for gather in GATHER:
        told += gather(session, limit - len(told))
    told.sort(key=lambda one: (one.at, one.source))
    told += _journal(session, at, is_busy=bool(told))
    append(session, told)
    return len(told)


def append(session: Session, told: Sequence[Told]) -> None:
    """Give each its position, and the tree the subtrees that they complete."""
    if not told:
        return
    size = size_of(session)
    texts = [one.text for one in told]
    hashes = [tree.leaf_hash(text.encode()) for text in texts]
    rows: list[dict[str, Any]] = [
        {"position": position, "source": one.source, "credential_id": one.credential_id,
         "content": text, "salt": one.salt, "hash": digest}
        for position, (one, text, digest) in enumerate(zip(told, texts, hashes, strict=True), size)
    ]  # fmt: skip
    edge = fetched(session, tree.subtrees(0, size))
    nodes = [
        {"level": level, "number": number, "hash": digest}
        for (level, number), digest in tree.grown(size, hashes, edge)
    ]
    session.execute(insert(Leaf), rows)
    if nodes:
        session.execute(insert(Node), nodes)


def is_any_new(session: Session, *, at: datetime) -> bool:
    """Whether something waits to be taken in; read without queueing as a writer.

    Every act leaves an entry, so where the journal has stood still since nothing was left there is
    nothing to look for among all that was ever issued.
    """
    newest = select(Link.digest).order_by(Link.position.desc()).limit(1)
    stands = session.scalars(newest).first() or b""
    since = _quiet.get(stands)
    if since is not None and since <= at < since + LOOKED_AGAIN:
        return bool(list(_journal(session, at, is_busy=False)))
    found = any(list(gather(session, 1)) for gather in GATHER)
    _quiet.clear()
    if not found and stands:
        _quiet[stands] = at
    return found or bool(list(_journal(session, at, is_busy=False)))


def _issued(session: Session, limit: int) -> list[Told]:
    logged = select(Leaf.position).where(Leaf.source == _source("issued", Credential.id))
    new = (
        select(Credential)
        .where(Credential.file_digest.is_not(None), ~logged.exists())
        .order_by(Credential.id)
        .limit(limit)
        .options(*with_origin())
    )
    credentials = session.scalars(new).unique().all()
    if not credentials:
        return []
    ids = [credential.id for credential in credentials]
    badges = badge_digests(session, ids)
    seals = seals_of(session, ids)
    told = []
    for credential in credentials:
        salt = secrets.token_bytes(SALT)
        content = leaves.issued(
            credential, societies=[s.code for s in societies_of(credential)],
            badge=badges.get(credential.id), seals=seals[credential.id], salt=salt,
        )  # fmt: skip
        assert credential.typeset_at is not None
        told.append(Told(f"issued/{credential.id}", credential.typeset_at, content, salt,
                         credential.id))  # fmt: skip
    return told


def with_origin() -> tuple[ORMOption, ...]:
    """Options that load what a credential rests on, and who issued it."""
    scheme = (
        joinedload(Credential.award)
        .joinedload(Award.award_list)
        .joinedload(AwardList.edition)
        .joinedload(Edition.scheme)
    )
    return (
        scheme.selectinload(Scheme.parts).joinedload(SchemePart.society),
        joinedload(Credential.completion)
        .joinedload(Completion.activity)
        .selectinload(Activity.organisers)
        .joinedload(Organiser.society),
    )


def societies_of(credential: Credential) -> Sequence[Society]:
    """Those who issued it, in agreed order."""
    if credential.award is not None:
        return credential.award.award_list.scheme.awarding
    assert credential.completion is not None
    return [organiser.society for organiser in credential.completion.activity.organisers]


def badge_digests(session: Session, ids: Sequence[int]) -> dict[int, str]:
    found = select(OpenBadge.credential_id, OpenBadge.digest).where(
        OpenBadge.credential_id.in_(ids)
    )
    return {row.credential_id: row.digest for row in session.execute(found)}


def seals_of(session: Session, ids: Sequence[int]) -> defaultdict[int, list[Seal]]:
    found: defaultdict[int, list[Seal]] = defaultdict(list)
    for seal in session.scalars(select(Seal).where(Seal.credential_id.in_(ids))):
        found[seal.credential_id].append(seal)
    return found


def _released(session: Session, limit: int) -> Iterator[Told]:
    approved = joinedload(Release.award_list)
    scheme = approved.joinedload(AwardList.edition).joinedload(Edition.scheme)
    new = select(Release).options(
        approved.selectinload(AwardList.approvals),
        scheme.selectinload(Scheme.parts).joinedload(SchemePart.society),
    )
    for release in _new(session, new, "released", Release.list_id, limit):
        salt = secrets.token_bytes(SALT)
        content = leaves.released(release, salt=salt)
        yield Told(f"released/{release.list_id}", release.at, content, salt)


def _acts(session: Session, limit: int) -> Iterator[Told]:
    """Withdrawals, suspensions, reinstatements and supersessions."""
    for act in _new(session, select(Revocation), "withdrawn", Revocation.credential_id, limit):
        salt, serial, society = _facts(session, act, act.credential_id)
        content = leaves.withdrawn(act, serial=serial, society=society, salt=salt)
        yield Told(f"withdrawn/{act.credential_id}", act.at, content, salt, act.credential_id)
    for act in _new(session, select(Suspension), "suspended", Suspension.id, limit):
        salt, serial, society = _facts(session, act, act.credential_id)
        content = leaves.suspended(act, serial=serial, society=society, salt=salt)
        yield Told(f"suspended/{act.id}", act.at, content, salt, act.credential_id)
    ends = select(Reinstatement).options(joinedload(Reinstatement.suspension))
    for act in _new(session, ends, "reinstated", Reinstatement.suspension_id, limit):
        salt, serial, society = _facts(session, act, act.suspension.credential_id)
        content = leaves.reinstated(act, serial=serial, society=society, salt=salt)
        yield Told(f"reinstated/{act.suspension_id}", act.at, content, salt,
                   act.suspension.credential_id)  # fmt: skip
    both = select(Supersession).options(joinedload(Supersession.old), joinedload(Supersession.new))
    for act in _new(session, both, "superseded", Supersession.old_id, limit):
        salt = secrets.token_bytes(SALT)
        content = leaves.superseded(act, serial=act.old.serial, new=act.new.serial, salt=salt)
        yield Told(f"superseded/{act.old_id}", act.at, content, salt, act.old_id)


def _timestamps(session: Session, limit: int) -> Iterator[Told]:
    new = select(DocumentTimestamp)
    for stamp in _new(session, new, "timestamped", DocumentTimestamp.id, limit):
        salt = secrets.token_bytes(SALT)
        serial = session.get_one(Credential, stamp.credential_id).serial
        content = leaves.timestamped(stamp, serial=serial, salt=salt)
        yield Told(f"timestamped/{stamp.id}", stamp.at, content, salt, stamp.credential_id)


def _countersignatures(session: Session, limit: int) -> Iterator[Told]:
    new = select(Countersignature).options(joinedload(Countersignature.society))
    for one in _new(session, new, "countersigned", Countersignature.id, limit):
        salt = secrets.token_bytes(SALT)
        content = leaves.countersigned(one, salt=salt)
        yield Told(f"countersigned/{one.id}", one.at, content, salt)


def _keys(session: Session, limit: int) -> Iterator[Told]:
    """Keys come before what they sign."""
    owners = (joinedload(SigningKey.society), joinedload(SigningKey.scheme))
    in_force = select(SigningKey).where(SigningKey.in_force_at.is_not(None)).options(*owners)
    for key in _new(session, in_force, "key", SigningKey.id, limit):
        yield _plain(f"key/{key.id}", key.in_force_at, leaves.key_in_force(key))
    ends = select(KeyRetirement).options(joinedload(KeyRetirement.key).options(*owners))
    for act in _new(session, ends, "retired", KeyRetirement.key_id, limit):
        yield _plain(f"retired/{act.key_id}", act.at, leaves.key_retired(act))
    doubts = select(KeyCompromise).options(joinedload(KeyCompromise.key).options(*owners))
    for act in _new(session, doubts, "compromised", KeyCompromise.key_id, limit):
        yield _plain(f"compromised/{act.key_id}", act.at, leaves.key_compromised(act))


def _journal(session: Session, at: datetime, *, is_busy: bool) -> Iterator[Told]:
    """How far the journal is: each day, and each hour in which something else is told."""
    link = session.scalars(select(Link).order_by(Link.position.desc()).limit(1)).first()
    last = session.execute(
        select(Leaf.source, Leaf.content)
        .where(Leaf.source.startswith("journal/"), Leaf.credential_id.is_(None))
        .order_by(Leaf.position.desc())
        .limit(1)
    ).first()
    if link is None or (last and last.source == f"journal/{link.position}"):
        return
    if last is None or is_due(last.content, at, is_busy=is_busy):
        yield _plain(f"journal/{link.position}", at, leaves.journal(link, at))


def is_due(content: str, at: datetime, *, is_busy: bool) -> bool:
    told_at = leaves.when(content)
    return told_at.date() < at.date() or (is_busy and at - told_at >= JOURNAL_EVERY)


def _plain(source: str, at: datetime | None, content: leaves.Content) -> Told:
    assert at is not None
    return Told(source, at, content, secrets.token_bytes(SALT))


def _facts(session: Session, act: Any, credential_id: int) -> tuple[bytes, str, str | None]:
    serial = session.get_one(Credential, credential_id).serial
    society = session.get_one(Society, act.society_id).code if act.society_id else None
    return secrets.token_bytes(SALT), serial, society


def _new(session: Session, acts: Select[Any], word: str, key: Any, limit: int) -> Sequence[Any]:
    """The rows of an act that no leaf tells of."""
    logged = select(Leaf.position).where(Leaf.source == _source(word, key))
    new = acts.where(~logged.exists()).order_by(key).limit(max(limit, 0))
    return session.scalars(new).unique().all()


def _source(word: str, key: Any) -> Any:
    return literal(f"{word}/") + cast(cast(key, Integer), String)


GATHER: tuple[Callable[[Session, int], Iterable[Told]], ...] = (
    _keys, _released, _issued, _acts, _timestamps, _countersignatures,
)  # fmt: skip
