"""A trust bundle: all that a verifier needs to know, in one signed file that can be carried away.

It is made from the register (`bundle.py`) and read here without one. It says who signed it; whoever
uses it compares that key's fingerprint with one that came another way.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.open_badges.multibase import from_multikey
from app.signing_keys import certificates
from app.signing_keys.signing import is_signed
from app.verification.keys import KnownKey, Party, moment
from app.verification.proofs import Unreadable, canonical

TYPE = "ConferTrustBundle"
VERSION = "1"
LARGEST = 64 << 20


class Untrusted(Exception):
    """This bundle is damaged, forged, or of a form that this version does not know."""


@dataclass(frozen=True)
class Carried:
    """A trust bundle whose signature holds."""

    made_at: datetime
    platform: str
    signer: str
    """SHA-256 of the public key that signed it."""
    seals: dict[str, KnownKey] = field(default_factory=dict)
    """By the digest of the key."""
    proofs: dict[str, KnownKey] = field(default_factory=dict)
    """By their names."""
    compacts: dict[str, str] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    """Societies by their DIDs and by their codes."""
    issuers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """From joint DIDs to the codes of the societies that award under them today."""
    joints: dict[str, dict[str, Ed25519PublicKey]] = field(default_factory=dict)
    """From joint DIDs to their own keys, by verification methods."""
    doubted: set[str] = field(default_factory=set)
    """Methods of these that were reported as compromised."""
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Status lists by their addresses."""
    authorities: Collection[bytes] = ()
    """Certificates (DER) of trusted clocks."""
    log: dict[str, Any] | None = None
    platform_keys: tuple[str, ...] = ()
    """Those of the platform, former ones too, PEM; none that others may hold."""

    def public_keys(self, *, sound: bool = False) -> dict[str, list[str]]:
        """Every key of each society by its code, PEM; only those that nobody else may hold."""
        found: dict[str, list[str]] = {}
        for key in (*self.seals.values(), *self.proofs.values()):
            if not sound or key.compromised_since is None:
                found.setdefault(key.owner.code, []).append(key.public)
        return found


def signed(content: dict[str, Any], sign: Any, public: str) -> dict[str, Any]:
    """The content with who signs it, and the signature over its canonical JSON (RFC 8785)."""
    whole = {**content, "signer": {"algorithm": "ed25519", "public_key": public}}
    signature = base64.b64encode(sign(canonical(whole))).decode()
    return {**whole, "signature": signature}


def opened(text: str, *, kind: str = TYPE) -> dict[str, Any]:
    """Signed content after its signature was checked; `Untrusted` says what is wrong."""
    if len(text) > LARGEST:
        raise Untrusted("it is far too large")
    try:
        whole = json.loads(text)
        signature = base64.b64decode(whole.pop("signature"))
        if whole["type"] != kind or whole["version"] != VERSION:
            raise Untrusted(f"it is no {kind} of version {VERSION}")
        public = load_pem_public_key(whole["signer"]["public_key"].encode())
        content = canonical(whole)
    except (ValueError, KeyError, TypeError, AttributeError, Unreadable, RecursionError):
        raise Untrusted("it cannot be read") from None
    if not isinstance(public, Ed25519PublicKey) or not is_signed(public, content, signature):
        raise Untrusted("its signature does not fit: it was changed, or somebody else made it")
    return dict(whole)


def signer_of(whole: dict[str, Any]) -> str:
    return certificates.digest(whole["signer"]["public_key"])


def read(text: str, *, key: str | None = None) -> Carried:
    """A bundle; `key` is the fingerprint that its signer must have, if one is known."""
    whole = opened(text)
    signer = signer_of(whole)
    if key is not None and "".join(key.split()).replace(":", "").lower() != signer:
        raise Untrusted(f"another key signed it: {signer}")
    made_at = moment(str(whole.get("made_at", "")))
    if made_at is None:
        raise Untrusted("it bears no date")
    try:
        found = Carried(
            made_at,
            str(whole.get("platform", "")),
            signer,
            authorities=_authorities(whole),
            log=whole.get("log"),
            platform_keys=tuple(
                str(one["public_key"])
                for one in whole["platform_keys"]
                if not one.get("compromised_since")
            ),
        )
        _societies(found, whole)
        _schemes(found, whole)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Untrusted("a part of it cannot be read") from None
    return found


def _societies(found: Carried, whole: dict[str, Any]) -> None:
    for one in whole["societies"]:
        party = Party(one["code"], one["short"], one["name"])
        found.parties[party.code] = party
        found.parties[one["did_document"]["id"]] = party
        for key in one["keys"]:
            known = _key(key, party)
            if key["purpose"] == "seal":
                found.seals[known.key] = known
            else:
                found.proofs[known.name] = known


def _schemes(found: Carried, whole: dict[str, Any]) -> None:
    for one in whole["schemes"]:
        found.issuers[one["did_document"]["id"]] = tuple(one["awarding"])
        _joint(found, one["did_document"])
        found.compacts.update(
            {
                key["method"]: key["public_key"]
                for key in one["compact_keys"]
                if not key.get("compromised_since")
            }
        )
    for document in whole["status_lists"]:
        found.lists[document["id"]] = document


def _joint(found: Carried, document: dict[str, Any]) -> None:
    """The keys of the joint issuer itself, not those of the societies under its name."""
    own = {
        str(one["id"]): from_multikey(one["publicKeyMultibase"])
        for one in document["verificationMethod"]
        if one["type"] == "Multikey" and one["id"].partition("#")[2] not in found.proofs
    }
    found.joints[document["id"]] = own
    found.doubted.update(own.keys() - set(document["assertionMethod"]))


def _key(one: dict[str, Any], owner: Party) -> KnownKey:
    return KnownKey(
        key=certificates.digest(one["public_key"]),
        name=one["name"],
        owner=owner,
        algorithm=one["algorithm"],
        in_force_at=moment(one["in_force_at"] or ""),
        certificates=certificates.der(one["certificates"]),
        public=one["public_key"],
        retired_at=moment(one["retired_at"] or ""),
        compromised_since=moment(one["compromised_since"] or ""),
    )


def _authorities(whole: dict[str, Any]) -> tuple[bytes, ...]:
    texts = whole.get("time_stamp_authorities", [])
    return tuple(der for text in texts for der in certificates.der(text))
