"""Signing keys against what the log says of them since they came into force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rechecks.found import Found
from app.rechecks.logged import Logged, logged
from app.signing_keys import certificates
from app.signing_keys.models import SigningKey
from app.signing_keys.queries import whole
from app.transparency import leaves
from app.transparency.models import Leaf

LATE = timedelta(hours=1)
"""The log takes in what happens within minutes; so long at most it looks for nothing new."""


def keys(session: Session, after: int, limit: int) -> Sequence[int]:
    in_force = select(SigningKey.id).where(SigningKey.id > after)
    return session.scalars(in_force.order_by(SigningKey.id).limit(limit)).all()


def look(session: Session, ids: Sequence[int], at: datetime) -> Iterator[Found]:
    sources = [f"{word}/{id}" for id in ids for word in ("key", "retired", "compromised")]
    known = logged(session, sources)
    for key in session.scalars(whole().where(SigningKey.id.in_(ids))).unique():
        reason = against(key, known) or _kept_out(session, key, known, at)
        if reason:
            yield Found("signing key", f"{key.name} ({key.purpose})", reason)


def against(key: SigningKey, known: Logged) -> str:
    """Why a key is not the one that the log names; nothing when it is."""
    if not _is_readable(key):
        return "the key cannot be read"
    acts = {
        "key": leaves.key_in_force(key) if key.in_force_at else None,
        "retired": leaves.key_retired(key.retirement) if key.retirement else None,
        "compromised": leaves.key_compromised(key.compromise) if key.compromise else None,
    }
    for word, act in acts.items():
        told = known.content(f"{word}/{key.id}")
        if told is not None and act is None:
            return "the log tells of an act on it that is no longer on record"
        if told is not None and told != act:
            return "the key is not what the log says of it"
    given = key.certifications[-1].certificates if key.certifications else ""
    if given != key.certificates:
        return "its certificates are not those that it was given"
    return ""


def _kept_out(session: Session, key: SigningKey, known: Logged, at: datetime) -> str:
    """What happened to a key long enough ago and does not stand in the log.

    An entry that lost the name of its row stands there still, and is named itself.
    """
    acts = (
        ("key", "key in force", key.in_force_at),
        ("retired", "key retired", key.retirement.at if key.retirement else None),
        ("compromised", "key compromised", key.compromise.at if key.compromise else None),
    )
    for word, act, since in acts:
        if since is None or at - since <= LATE or f"{word}/{key.id}" in known:
            continue
        told = select(Leaf.position).where(
            Leaf.content.contains(f'"act":"{act}"'),
            Leaf.content.contains(certificates.digest(key.public_key)),
        )
        if session.scalars(told.limit(1)).first() is None:
            return f"it does not stand in the log ({act})"
    return ""


def _is_readable(key: SigningKey) -> bool:
    try:
        certificates.digest(key.public_key)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


class Trusted:
    """Keys that are what the log says of them; others are named once, as themselves."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.known: dict[int, bool] = {}

    def __call__(self, key: SigningKey) -> bool:
        if key.id not in self.known:
            sources = [f"{word}/{key.id}" for word in ("key", "retired", "compromised")]
            self.known[key.id] = not against(key, logged(self.session, sources))
        return self.known[key.id]
