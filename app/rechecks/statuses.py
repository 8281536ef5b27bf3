"""Status lists and DID documents: signed as they stand, and saying what is so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.credentials.models import Reinstatement, Revocation, Supersession, Suspension
from app.open_badges import bits, did, multibase, proofs
from app.open_badges.models import StatusEntry, StatusList, StatusPurpose
from app.rechecks import documents
from app.rechecks.badges import fragment
from app.rechecks.found import Found
from app.rechecks.keys import Trusted
from app.schemes.models import Scheme
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import ever, whole
from app.signing_keys.signing import is_signed

LATE = timedelta(hours=1)
"""So long a list may say what was so before."""


def lists(session: Session, after: int, limit: int) -> Sequence[int]:
    found = select(StatusList.id).where(StatusList.id > after).order_by(StatusList.id)
    return session.scalars(found.limit(limit)).all()


def look_at_lists(session: Session, ids: Sequence[int], at: datetime) -> Iterator[Found]:
    trusted = Trusted(session)
    found = select(StatusList).where(StatusList.id.in_(ids)).options(joinedload(StatusList.scheme))
    for one in session.scalars(found).unique():
        if one.document is None:
            continue
        name = f"{one.scheme.code}/{one.purpose}/{one.number}"
        keys = ever(session, scheme_id=one.scheme_id)
        reason = _against_signatures(one, keys, trusted)
        if not reason and all(map(trusted, keys)):
            reason = _against_bits(session, one, at)
        if reason:
            yield Found("status list", name, reason)


def _against_signatures(
    one: StatusList, keys: Sequence[SigningKey], trusted: Callable[[SigningKey], bool]
) -> str:
    sound = [key for key in keys if trusted(key)]
    if not sound:
        return ""
    public = {
        fragment(did.method("", key)): load_pem_public_key(key.public_key.encode()) for key in sound
    }
    try:
        document = json.loads(one.document or "")
        method = document["proof"]["verificationMethod"]
        key = public.get(fragment(method))
        if key is None and len(sound) < len(keys):
            return ""
        verdicts = proofs.verify_rdfc(
            document, lambda _method: key if isinstance(key, Ed25519PublicKey) else None
        )
        if not verdicts or not all(verdicts.values()):
            return "the list is not what was signed"
        if one.signed_at is None or document["validFrom"] != proofs.moment(one.signed_at):
            return "it was signed at another moment than the record says"
        purpose = document["credentialSubject"]["statusPurpose"]
        if purpose != str(one.purpose) or not document["id"].endswith(f"/{purpose}/{one.number}"):
            return "it is another list than the record says"
        return _against_compact(one, document, public)
    except Exception:  # whatever a broken document does to a reader, it is broken
        return "the list cannot be read"


def _against_compact(
    one: StatusList, document: Mapping[str, Any], public: Mapping[str, object]
) -> str:
    if one.compact is None:
        return ""
    body, _dot, signature = one.compact.rpartition(".")
    head, claims = (json.loads(multibase.from_base64url(part)) for part in body.split("."))
    key = public.get(fragment(head["kid"]))
    raw = multibase.from_base64url(signature)
    if multibase.base64url(raw) != signature:
        return "the compact list is not as it was written"
    if key is not None and not is_signed(key, body.encode(), raw):
        return "the compact list is not what was signed"
    same = claims["credentialSubject"] == document["credentialSubject"]
    return "" if same else "the compact list says something else"


def _against_bits(session: Session, one: StatusList, at: datetime) -> str:
    """The bits must be those of now, or, where something just happened, those of an hour ago."""
    content = bits.unpacked(json.loads(one.document or "")["credentialSubject"]["encodedList"])
    now, then = (_stopped(session, one, moment) for moment in (at, at - LATE))
    entries = select(StatusEntry.credential_id, StatusEntry.position)
    wrong = [
        credential_id
        for credential_id, position in session.execute(entries.where(StatusEntry.list_id == one.id))
        if bits.bit(content, position) not in {credential_id in now, credential_id in then}
    ]
    if all(_is_named_itself(session, key, at) for key in wrong):
        return ""
    return "it does not say what became of the credentials on it"


def _is_named_itself(session: Session, credential_id: int, at: datetime) -> bool:
    """Whether the acts or the place of a credential are wrong, and not the list."""
    return any(True for _one in documents.look(session, [credential_id], at))


def _stopped(session: Session, one: StatusList, at: datetime) -> set[int]:
    """The credentials whose bit is set, by the acts until a moment."""
    on = at.date()
    if one.purpose is StatusPurpose.REVOCATION:
        revoked = select(Revocation.credential_id).where(Revocation.on <= on, Revocation.at <= at)
        replaced = select(Supersession.old_id).where(Supersession.on <= on, Supersession.at <= at)
        return {*session.scalars(revoked), *session.scalars(replaced)}
    suspended = (
        select(Suspension.credential_id)
        .outerjoin(Reinstatement, Reinstatement.suspension_id == Suspension.id)
        .where(Suspension.on <= on, Suspension.at <= at)
        .where(
            or_(
                Reinstatement.suspension_id.is_(None),
                Reinstatement.on > on,
                Reinstatement.at > at,
            )
        )
    )
    return set(session.scalars(suspended))


def schemes(session: Session, after: int, limit: int) -> Sequence[int]:
    found = select(Scheme.id).where(Scheme.id > after).order_by(Scheme.id)
    return session.scalars(found.limit(limit)).all()


def look_at_dids(session: Session, ids: Sequence[int], at: datetime) -> Iterator[Found]:
    """Each key that speaks for a scheme must stand in the document of its joint issuer."""
    trusted = Trusted(session)
    for scheme in session.scalars(Scheme.whole().where(Scheme.id.in_(ids))).unique():
        try:
            document = did.joint(session, scheme)
        except (ValueError, UnsupportedAlgorithm):
            continue  # a key that cannot be read is named itself
        told = {
            fragment(one["id"]): one.get("publicKeyMultibase")
            for one in document["verificationMethod"]
        }
        owners = [scheme.id], [society.id for society in scheme.awarding]
        speaking = whole().where(
            SigningKey.purpose == Purpose.PROOF,
            SigningKey.in_force_at.is_not(None),
            or_(SigningKey.scheme_id.in_(owners[0]), SigningKey.society_id.in_(owners[1])),
        )
        for key in session.scalars(speaking).unique():
            if not trusted(key):
                continue
            public = load_pem_public_key(key.public_key.encode())
            if told.get(key.name) != multibase.multikey(public):
                yield Found("DID document", scheme.code, f"the key {key.name} is not in it")
