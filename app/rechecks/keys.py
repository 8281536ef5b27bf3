"""Signing keys against what the log says of them since they came into force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.journal.models import Entry
from app.rechecks.found import Found
from app.rechecks.journalled import Journalled, journalled
from app.rechecks.logged import Logged, logged
from app.signing_keys import certificates
from app.signing_keys.models import SigningKey
from app.signing_keys.queries import whole
from app.transparency import leaves
from app.transparency.models import Leaf

CERTIFIED, CONFIRMED = "signing_key.certified", "signing_key.confirmed"
LATE = timedelta(hours=1)
"""The log takes in what happens within minutes; so long at most it looks for nothing new."""


def keys(session: Session, after: int, limit: int) -> Sequence[int]:
    in_force = select(SigningKey.id).where(SigningKey.id > after)
    return session.scalars(in_force.order_by(SigningKey.id).limit(limit)).all()


def look(session: Session, ids: Sequence[int], at: datetime) -> Iterator[Found]:
    sources = [f"{word}/{id}" for id in ids for word in ("key", "retired", "compromised")]
    known = logged(session, sources)
    told = journalled(
        session, (CERTIFIED, CONFIRMED), _subject,
        and_(Entry.subject_kind == SigningKey.__name__, Entry.subject_id.in_(ids)),
    )  # fmt: skip
    for key in session.scalars(whole().where(SigningKey.id.in_(ids))).unique():
        reason = (
            against(key, known)
            or _kept_out(session, key, known, at)
            or _against_certificate(key, told)
            or _against_confirmations(key, told)
        )
        if reason:
            yield Found("signing key", f"{key.name} ({key.purpose})", reason)


def against(key: SigningKey, known: Logged) -> str:
    """Why a key is not the one that the log names; nothing when it is."""
    if not _is_as_written(key):
        return "the key is not as it was written"
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


def _subject(entry: Entry) -> int | None:
    return entry.subject_id


def _against_certificate(key: SigningKey, told: Journalled) -> str:
    """Why a key's certificate is not the one it was given, or says something else than the key."""
    given = key.certifications[-1] if key.certifications else None
    if given is None:
        is_bare = key.expires_at is None and not key.is_qualified
        return "" if is_bare else "it has no certificate, and yet says something of it"
    own = certificates.parsed(given.certificates)[0]
    if (key.expires_at, key.is_qualified) != (own.not_valid_after_utc, given.is_qualified):
        return "it is not what its certificate says"
    fingerprint = certificates.grouped(certificates.der(given.certificates)[0])
    is_told = told.bears_out(CERTIFIED, key.id, given.at, fingerprint=fingerprint,
                             qualified=given.is_qualified)  # fmt: skip
    return "" if is_told else "the journal tells of another certificate"


def _against_confirmations(key: SigningKey, told: Journalled) -> str:
    """Why it was not confirmed as the register says, by the society's own website."""
    for one in key.confirmations:
        if not told.bears_out(CONFIRMED, key.id, one.at, address=one.address):
            return "the journal tells nothing of its confirmation"
    there = {one.at for one in key.confirmations}
    gone = [e for id, e in told.of(CONFIRMED) if id == key.id and e.at not in there]
    return "its confirmation is gone" if any(map(told.holds, gone)) else ""


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


def _is_as_written(key: SigningKey) -> bool:
    try:
        public = certificates.public_key(key.public_key)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return certificates.public_pem(public) == key.public_key


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

    def name(self, key: SigningKey) -> str:
        """What the log calls it: so do proofs, whatever it is called now."""
        told = logged(self.session, [f"key/{key.id}"]).content(f"key/{key.id}")
        return str(told["key"]) if told else key.name
