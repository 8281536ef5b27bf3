"""Making a trust bundle from the register, signed by the platform."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import site
from app.errors import Refusal
from app.open_badges import did
from app.open_badges.models import StatusList
from app.schemes.models import Scheme
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import ever, in_force
from app.signing_keys.signing import signer
from app.societies.models import Society
from app.texts import gettext as _
from app.transparency.models import Head
from app.verification.carried import TYPE, VERSION, signed

ABOUT = (
    "Societies' certificates and keys, former ones too, the keys under which they prove "
    "credentials, status lists and the head of the transparency log, as known at made_at. "
    "The signature is Ed25519 over the canonical JSON (RFC 8785) of everything but itself. Compare "
    "the fingerprint of the signer with one that reached you another way."
)


def bundle(session: Session, *, at: datetime, authorities: Sequence[bytes] = ()) -> dict[str, Any]:
    """A bundle of this moment; `authorities` are the certificates (DER) of trusted clocks."""
    return sign(session, content(session, at=at, authorities=authorities), at=at)


def sign(session: Session, plain: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Anything of the platform's, under its own key."""
    key = in_force(session, Purpose.LOG, at=at)
    if key is None:
        raise Refusal(_("The platform has no signing key yet; it is made within a minute."))
    return signed(plain, signer(key).sign, key.public_key)


def content(session: Session, *, at: datetime, authorities: Sequence[bytes] = ()) -> dict[str, Any]:
    schemes = session.scalars(Scheme.whole().order_by(Scheme.id)).unique().all()
    lists = session.scalars(
        select(StatusList.document).where(StatusList.document.is_not(None)).order_by(StatusList.id)
    )
    return {
        "type": TYPE,
        "version": VERSION,
        "about": ABOUT,
        "made_at": at.isoformat(timespec="seconds"),
        "platform": site.address(),
        "platform_keys": [_key(key) for key in ever(session, Purpose.LOG)],
        "societies": [_society(session, one) for one in session.scalars(Society.by_name()).all()],
        "schemes": [_scheme(session, one) for one in schemes],
        "status_lists": [json.loads(document) for document in lists if document],
        "time_stamp_authorities": [_pem(one) for one in authorities],
        "log": log_head(session),
    }


def _society(session: Session, one: Society) -> dict[str, Any]:
    keys = [
        key
        for purpose in (Purpose.SEAL, Purpose.PROOF)
        for key in ever(session, purpose, society_id=one.id)
    ]
    return {
        "code": one.code,
        "short": one.short,
        "name": one.name,
        "country": one.country,
        "website": one.website,
        "keys": [_key(key) for key in keys],
        "did_document": did.society(session, one),
    }


def _scheme(session: Session, one: Scheme) -> dict[str, Any]:
    compacts = ever(session, Purpose.COMPACT, scheme_id=one.id)
    return {
        "code": one.code,
        "title": one.title,
        "awarding": [society.code for society in one.awarding],
        "did_document": did.joint(session, one),
        "compact_keys": [
            {
                "method": did.method("", key)[1:],
                "public_key": key.public_key,
                "compromised_since": _since(key),
            }
            for key in compacts
        ],
    }


def _key(key: SigningKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "purpose": str(key.purpose),
        "algorithm": str(key.algorithm),
        "public_key": key.public_key,
        "certificates": key.certificates,
        "in_force_at": _moment(key.in_force_at),
        "retired_at": _moment(key.retirement.at if key.retirement else None),
        "compromised_since": _since(key),
    }


def _since(key: SigningKey) -> str | None:
    return _moment(key.compromise.since if key.compromise else None)


def log_head(session: Session) -> dict[str, Any] | None:
    """The latest head of the transparency log, with its signature."""
    head = session.scalars(select(Head).order_by(Head.size.desc()).limit(1)).first()
    if head is None:
        return None
    return {
        "size": head.size,
        "root": head.root.hex(),
        "at": _moment(head.at),
        "key": head.key.name,
        "signature": base64.b64encode(head.signature).decode(),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _pem(der: bytes) -> str:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()
