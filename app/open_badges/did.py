"""DID documents: which keys speak for a scheme and for a society, at addresses of this site.

A key that has signed is never taken out, so that what it signed can be checked for ever; only one
that somebody else may hold leaves `assertionMethod`. did:web keeps no history: every diploma
carries the document of its day, under the seals.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from app import site
from app.open_badges.multibase import jwk, multikey
from app.schemes.models import Scheme
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import ever, whole
from app.societies.models import Society

CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]
Document = dict[str, Any]


def joint_id(scheme: Scheme) -> str:
    """The DID of the societies of a scheme together."""
    return f"{_host()}:schemes:{scheme.code}"


def society_id(society: Society) -> str:
    """The DID of a society on this site."""
    return of_society(society.code)


def of_society(code: str) -> str:
    return f"{_host()}:societies:{code}"


def _host() -> str:
    return "did:web:" + site.host().replace(":", "%3A")


def method(did: str, key: SigningKey) -> str:
    """How a proof names a key."""
    return f"{did}#{key.name}{'-rsa' if key.purpose is Purpose.COMPACT else ''}"


def joint(session: Session, scheme: Scheme) -> Document:
    """The joint key of a scheme, then every society's, each as a method of the joint issuer."""
    keys = keys_of(session, scheme)
    document = _document(joint_id(scheme), keys)
    document["alsoKnownAs"] = [f"{site.address()}/certificates/{scheme.code}"]
    return document


def keys_of(session: Session, scheme: Scheme) -> list[SigningKey]:
    """Every key that ever spoke for the societies of a scheme, the joint ones first."""
    order = [None, *(society.id for society in scheme.awarding)]
    theirs = and_(SigningKey.society_id.in_(order[1:]), SigningKey.purpose == Purpose.PROOF)
    found = whole().where(
        or_(SigningKey.scheme_id == scheme.id, theirs), SigningKey.in_force_at.is_not(None)
    )
    keys = session.scalars(found.order_by(SigningKey.id)).unique()
    return sorted(keys, key=lambda key: (order.index(key.society_id), str(key.purpose) != "proof"))


def society(session: Session, one: Society) -> Document:
    """A society's own keys, under its own name."""
    keys = ever(session, Purpose.PROOF, society_id=one.id)
    document = _document(society_id(one), [key for key in keys if key.in_force_at is not None])
    document["alsoKnownAs"] = list(filter(None, [one.website])) or [
        f"{site.address()}/societies/{one.code}"
    ]
    return document


def _document(did: str, keys: Iterable[SigningKey]) -> Document:
    keys = list(keys)
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": [
            {"id": method(did, key), "controller": did, **_public(key)} for key in keys
        ],
        "assertionMethod": [method(did, key) for key in keys if key.compromise is None],
    }


def _public(key: SigningKey) -> dict[str, Any]:
    public = load_pem_public_key(key.public_key.encode())
    if isinstance(public, RSAPublicKey):
        return {"type": "JsonWebKey", "publicKeyJwk": jwk(public)}
    return {"type": "Multikey", "publicKeyMultibase": multikey(public)}
