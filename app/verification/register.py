"""What the register holds that a verdict needs: keys, seals on record, digests, credentials."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, selectinload

from app.credentials import serial as serials
from app.credentials.models import Credential, CredentialKind, Suspension
from app.open_badges.did import method
from app.open_badges.models import OpenBadge
from app.sealing.models import DocumentTimestamp, Seal
from app.signing_keys import certificates
from app.signing_keys.models import Purpose, SigningKey
from app.societies.models import Society
from app.transparency.models import Head, Leaf
from app.transparency.queries import Countersigned, countersigned
from app.verification import logged as entered
from app.verification.keys import KnownKey, Party


@dataclass(frozen=True)
class OnRecord:
    """A credential with what was sealed, stamped and proved of it."""

    credential: Credential
    seals: Sequence[Seal] = ()
    stamps: Sequence[DocumentTimestamp] = ()
    badge: OpenBadge | None = None
    awarding: Sequence[Party] = ()
    """Of a diploma that is not finished: those who are to seal it."""
    leaves: Sequence[Leaf] = ()
    """What the transparency log tells of it."""

    @property
    def required(self) -> list[Party]:
        """The societies whose seals it bears or is to bear, in the agreed order."""
        return [party(seal.society) for seal in self.seals] or list(self.awarding)


@dataclass(frozen=True)
class Logged:
    """Where a credential stands in the transparency log."""

    position: int
    """Of its first entry."""
    entries: int
    head: int | None
    """The size of the newest head that covers all of them."""
    countersigned: tuple[Countersigned, ...] = ()
    """Whoever countersigned a head that covers all of them, be it an earlier one."""


@dataclass(frozen=True)
class Issued:
    """The files that were issued under a serial, by their digests."""

    digests: frozenset[str] = frozenset()
    differs: bool = False
    """Whether the register names another file than the transparency log does."""


@dataclass(frozen=True)
class Keys:
    """Signing keys on record, by their digest and by their name."""

    seals: dict[str, KnownKey] = field(default_factory=dict)
    proofs: dict[str, KnownKey] = field(default_factory=dict)


def party(society: Society) -> Party:
    return Party(society.code, society.short, society.name)


def keys(session: Session, society_ids: Collection[int] | None = None) -> Keys:
    """The keys of societies, former ones too; of all of them unless some are named."""
    found = (
        select(SigningKey)
        .join(SigningKey.society)
        .where(SigningKey.purpose.in_([Purpose.SEAL, Purpose.PROOF]))
        .options(
            contains_eager(SigningKey.society),
            joinedload(SigningKey.retirement),
            joinedload(SigningKey.compromise),
            selectinload(SigningKey.confirmations),
        )
        .order_by(SigningKey.id)
    )
    if society_ids is not None:
        found = found.where(SigningKey.society_id.in_(society_ids))
    both = Keys()
    for key in session.scalars(found).unique():
        one = known(key)
        if key.purpose is Purpose.SEAL:
            both.seals[one.key] = one
        else:
            both.proofs[one.name] = one
    return both


def compacts(session: Session) -> dict[str, str]:
    """The keys of schemes for the compact form of their credentials."""
    found = select(SigningKey).where(SigningKey.purpose == Purpose.COMPACT)
    return {method("", key)[1:]: key.public_key for key in session.scalars(found)}


def known(key: SigningKey) -> KnownKey:
    assert key.society is not None
    confirmed = key.confirmations[-1] if key.confirmations else None
    return KnownKey(
        key=certificates.digest(key.public_key),
        name=key.name,
        owner=party(key.society),
        algorithm=str(key.algorithm),
        in_force_at=key.in_force_at,
        certificates=certificates.der(key.certificates),
        public=key.public_key,
        retired_at=key.retirement.at if key.retirement else None,
        compromised_since=key.compromise.since if key.compromise else None,
        confirmed_at=confirmed.at if confirmed else None,
    )


def by_serial(session: Session, number: str) -> OnRecord | None:
    return _one(session, Credential.serial == number)


def by_digest(session: Session, digest: str) -> OnRecord | None:
    """The credential of which these were ever the bytes: of the document, or of its JSON."""
    stamped = select(DocumentTimestamp.credential_id).where(DocumentTimestamp.file_digest == digest)
    badges = select(OpenBadge.credential_id).where(OpenBadge.digest == digest)
    found = _one(session, Credential.file_digest == digest)
    return found or _one(session, or_(Credential.id.in_(stamped), Credential.id.in_(badges)))


def logged(session: Session, found: OnRecord) -> Logged | None:
    """Its entries in the transparency log and the best head over them; nothing before the first."""
    if not found.leaves:
        return None
    last = found.leaves[-1].position
    head = session.scalar(select(func.max(Head.size)).where(Head.size > last))
    return Logged(
        position=found.leaves[0].position,
        entries=len(found.leaves),
        head=head,
        countersigned=tuple(countersigned(session, last)) if head else (),
    )


def issued_files(found: OnRecord) -> Issued:
    """What was issued: by the log where it tells of it, for that changes nothing unseen; else by
    the register.

    A file that was stamped anew and not taken in yet is judged by what it goes on from.
    """
    told = entered.files(found.leaves)
    if f"issued/{found.credential.id}" not in told:
        kept = {found.credential.file_digest, *(stamp.file_digest for stamp in found.stamps)}
        return Issued(frozenset(filter(None, kept)))
    return Issued(frozenset(filter(None, told.values())), names_another_file(found))


def names_another_file(found: OnRecord) -> bool:
    """Whether the register names another file than the transparency log does."""
    return entered.names_another_file(found.credential, found.leaves, found.stamps)


def first_named(session: Session, texts: Sequence[str]) -> OnRecord | None:
    """The first credential that one of these serials names."""
    for text in dict.fromkeys(texts):
        number = serials.read(text)
        if number and (found := by_serial(session, number)):
            return found
    return None


def _one(session: Session, condition: Any) -> OnRecord | None:
    credential = session.scalars(
        Credential.whole()
        .where(condition)
        .options(
            selectinload(Credential.suspensions).joinedload(Suspension.reinstatement),
            load_only(
                *entered.COLUMNS,
                Credential.file_size,
                Credential.shows_name,
                Credential.held_for_id,
            ),
        )
    ).first()
    if credential is None:
        return None
    leaves = entered.entries(session, [credential.id])[credential.id]
    seals = session.scalars(
        select(Seal)
        .where(Seal.credential_id == credential.id)
        .options(joinedload(Seal.society))
        .order_by(Seal.position)
    ).all()
    if not seals:
        badge = session.get(OpenBadge, credential.id)
        awarding = _awarding(session, credential)
        return OnRecord(credential, badge=badge, awarding=awarding, leaves=leaves)
    stamps = session.scalars(
        select(DocumentTimestamp)
        .where(DocumentTimestamp.credential_id == credential.id)
        .order_by(DocumentTimestamp.id)
    ).all()
    badge = session.get(OpenBadge, credential.id)
    return OnRecord(credential, seals, stamps, badge, leaves=leaves)


def _awarding(session: Session, credential: Credential) -> list[Party]:
    """Those who are to seal a diploma on its way; nobody seals anything else."""
    if credential.kind is not CredentialKind.DIPLOMA or credential.is_ready:
        return []
    named = [one.get("code") or one["short"] for one in credential.snapshot["awarding"]]
    theirs = select(Society).where(or_(Society.code.in_(named), Society.short.in_(named)))
    places = {name: place for place, name in enumerate(named)}
    found = session.scalars(theirs).all()
    return [party(s) for s in sorted(found, key=lambda s: places.get(s.code, len(named)))]
