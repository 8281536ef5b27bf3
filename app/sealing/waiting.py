"""Societies that sign elsewhere: what they are asked to sign, and what they hand in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.credentials import typesetting
from app.credentials.models import Credential
from app.errors import Refusal
from app.jobs import hand_over
from app.journal.models import record
from app.sealing import cms
from app.sealing.afresh import spoilt
from app.sealing.models import SigningRequest
from app.sealing.orders import Awaits, Resumed
from app.signing_keys import certificates
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import in_force_of, signs
from app.signing_keys.signing import verify
from app.texts import gettext as _


def ask(
    session: Session, credential: Credential, awaits: Awaits, *, digest: str, at: datetime
) -> SigningRequest:
    """Ask a society for its signature; the diploma waits for it, visibly."""
    asked = session.scalars(
        select(SigningRequest).where(
            SigningRequest.credential_id == credential.id,
            SigningRequest.purpose == Purpose.SEAL,
            SigningRequest.key_id == awaits.sealer.key_id,
        )
    ).first()
    if asked is None:
        asked = SigningRequest(
            credential=credential,
            purpose=Purpose.SEAL,
            key_id=awaits.sealer.key_id,
            society_id=awaits.sealer.society_id,
        )
        session.add(asked)
    asked.position, asked.asked_at = awaits.position, at
    asked.file_digest, asked.to_sign = digest, awaits.to_sign
    before = awaits.order.sealers[: awaits.position - 1]
    asked.sealed_by = [one.key_id for one in before]
    asked.signature = asked.answered_at = asked.answered_by = None
    typesetting.hold_for(
        session, credential, awaits.sealer.society_id, at=at, waits_for="signature"
    )
    return asked


def answer(
    session: Session, asked: SigningRequest, signature: bytes, *, by: Person, at: datetime
) -> None:
    """Take in a signature that the society's key bears out; the diploma goes on."""
    if asked.signature is not None:
        raise Refusal(_("The signature for %(serial)s is here already.",
                        serial=asked.credential.serial))  # fmt: skip
    if not asked.key.is_in_force(at=at):
        raise Refusal(_("%(name)s signs no longer. What waits is asked for anew, under the key "
                        "in force.", name=asked.key.name))  # fmt: skip
    if not verify(asked.key, asked.to_sign, signature):
        raise Refusal(_("This is not a signature of %(name)s over %(serial)s.tbs.",
                        name=asked.key.name, serial=asked.credential.serial))  # fmt: skip
    asked.signature, asked.answered_at, asked.answered_by = signature, at, by
    credential = asked.credential
    record(session, "seal.handed_in", by=by, at=at, on=credential, society_id=asked.society_id,
           key=asked.key.name, sha256=hashlib.sha256(asked.to_sign).hexdigest())  # fmt: skip
    typesetting.release(session, [credential.id], at=at)
    hand_over(session, "credentials.typeset", credential)


def resumed(session: Session, credential_ids: Iterable[int]) -> dict[int, Resumed]:
    """Where documents go on that had to wait for a society, once that one has signed."""
    answered = (
        select(SigningRequest)
        .where(
            SigningRequest.credential_id.in_(list(credential_ids)),
            SigningRequest.signature.is_not(None),
        )
        .order_by(SigningRequest.position, SigningRequest.answered_at)
        .options(joinedload(SigningRequest.key))
    )
    latest = {asked.credential_id: asked for asked in session.scalars(answered)}
    found = {key: _taken_up(asked) for key, asked in latest.items()}
    return {key: one for key, one in found.items() if one is not None}


def _taken_up(asked: SigningRequest) -> Resumed | None:
    form = _form_of(asked.key, asked.to_sign)
    if form is None or asked.signature is None:
        return None
    return Resumed(
        digest=asked.file_digest,
        form=form,
        to_sign=asked.to_sign,
        signature=asked.signature,
        key_ids=(*asked.sealed_by, asked.key_id),
    )


def _form_of(key: SigningKey, to_sign: bytes) -> cms.Form | None:
    """The key under the certificate that the signed attributes name: it may have another by now."""
    texts = [key.certificates, *(one.certificates for one in key.certifications)]
    for chain in map(certificates.der, texts):
        if chain and hashlib.sha256(chain[0]).digest() in to_sign:
            return cms.Form(str(key.algorithm), chain)
    return None


def releasable(session: Session, *, at: datetime) -> list[int]:
    """Credentials that wait for nothing any more: their society has its keys, and is not asked.

    What bears a mark of a compromised key waits in vain: it is released to be made anew.
    """
    waiting = typesetting.held()
    held = session.execute(select(Credential.id, Credential.held_for_id).where(waiting)).all()
    if not held:
        return []
    societies = {society for _id, society in held if society is not None}
    keyed = [
        set(in_force_of(session, purpose, societies, at=at))
        for purpose in (Purpose.SEAL, Purpose.PROOF)
    ]
    asked = _asked(session, at=at)
    lost = spoilt(session, select(Credential.id).where(waiting))
    return [
        key for key, society in held
        if key in lost or ((key, society) not in asked and all(society in one for one in keyed))
    ]  # fmt: skip


def _asked(session: Session, *, at: datetime) -> set[tuple[int, int]]:
    """Credentials with the societies whose signature they await, of keys in force."""
    unanswered = (
        select(SigningRequest.credential_id, SigningRequest.society_id)
        .join(Credential)
        .join(SigningKey, SigningKey.id == SigningRequest.key_id)
        .where(SigningRequest.signature.is_(None), typesetting.held(), signs(at=at))
    )
    return {(credential, society) for credential, society in session.execute(unanswered)}
