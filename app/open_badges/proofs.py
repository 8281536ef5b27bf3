"""Data integrity proofs: made with our keys, and checked on documents from anywhere.

The issuer's proof is eddsa-rdfc-2022, which every verifier of Open Badges knows. Each awarding
society adds one eddsa-jcs-2022 proof. Verifiers elsewhere are content with any one proof; ours asks
for every society's, and never runs a JSON-LD processor on what a stranger sends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.open_badges import pinned
from app.open_badges.mould import Mould, slot
from app.open_badges.multibase import base58, from_base58

RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"
MOST_PROOFS = 32
"""Proofs of a document that are looked at."""
Document = dict[str, Any]
Sign = Callable[[bytes], bytes]
Resolve = Callable[[str], Ed25519PublicKey | None]
"""From a verification method to its key, if it is one that we trust."""


def moment(at: datetime) -> str:
    """A moment as credentials write it: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(document: Document) -> bytes:
    """Canonical JSON (RFC 8785) of a document of ours, thirty times faster than that of any.

    Its names are ASCII and its numbers whole or plain decimals: `document` sees to that.
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest_of(document: Document) -> bytes:
    """SHA-256 of a document of ours: what all its eddsa-jcs-2022 proofs sign."""
    return hashlib.sha256(canonical(document)).digest()


def rdfc(
    quads: bytes, contexts: list[str], *, method: str, sign: Sign, created: str
) -> dict[str, str]:
    """The eddsa-rdfc-2022 proof of a document of which these are the canonical N-Quads."""
    config = _config(tuple(contexts)).fill({"method": method, "created": created})
    signature = sign(hashlib.sha256(config).digest() + hashlib.sha256(quads).digest())
    return {**_proof(RDFC, method, created), "proofValue": base58(signature)}


def jcs(
    digest: bytes, contexts: list[str], *, method: str, sign: Sign, created: str
) -> dict[str, Any]:
    """The eddsa-jcs-2022 proof of a document with this digest."""
    proof = {"@context": contexts, **_proof(JCS, method, created)}
    signature = sign(hashlib.sha256(canonical(proof)).digest() + digest)
    return {**proof, "proofValue": base58(signature)}


def with_rdfc(document: Document, *, method: str, sign: Sign, created: str) -> Document:
    """A document of ours with an eddsa-rdfc-2022 proof; for the few, not for each diploma."""
    quads = pinned.canonical(document).encode()
    proof = rdfc(quads, document["@context"], method=method, sign=sign, created=created)
    return {**document, "proof": proof}


@cache
def _config(contexts: tuple[str, ...]) -> Mould:
    """What a proof says of itself, which it signs along with the document."""
    proof = _proof(RDFC, slot("method"), slot("created"))
    return Mould.of({"@context": list(contexts), **proof})


def _proof(suite: str, method: str, created: str) -> dict[str, str]:
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }


def of(document: Document) -> list[dict[str, Any]]:
    """The proofs of a document, as far as they are any."""
    found = document.get("proof", [])
    found = found if isinstance(found, list) else [found]
    return [proof for proof in found[:MOST_PROOFS] if isinstance(proof, dict)]


def verify_jcs(document: Document, resolve: Resolve) -> dict[str, bool]:
    """Whether the eddsa-jcs-2022 proofs of a document hold, by their verification methods.

    Safe on what strangers send, if it was read as JSON. A method that is not ours does not hold.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    verdicts: dict[str, bool] = {}
    for proof in of(document):
        method = proof.get("verificationMethod")
        if proof.get("cryptosuite") == JCS and isinstance(method, str):
            holds = _holds(proof, unsecured, resolve(method))
            verdicts[method] = verdicts.get(method, False) or holds
    return verdicts


def _holds(proof: Document, unsecured: Document, key: Ed25519PublicKey | None) -> bool:
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    is_ours = config.get("@context") == unsecured.get("@context") and _is_assertion(config)
    if key is None or not is_ours:
        return False
    try:
        signed = [hashlib.sha256(rfc8785.dumps(part)).digest() for part in (config, unsecured)]
        key.verify(from_base58(str(proof.get("proofValue"))), b"".join(signed))
    except (InvalidSignature, ValueError, RecursionError):
        return False
    return True


def _is_assertion(config: Document) -> bool:
    purpose, kind = config.get("proofPurpose"), config.get("type")
    return purpose == "assertionMethod" and kind == "DataIntegrityProof"


def verify_rdfc(document: Document, resolve: Resolve) -> Mapping[str, bool]:
    """The same for eddsa-rdfc-2022. Only of documents that we issued: see `pinned.canonical`."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    quads = hashlib.sha256(pinned.canonical(unsecured).encode()).digest()
    verdicts = {}
    for proof in of(document):
        if proof.get("cryptosuite") != RDFC or not _is_assertion(proof):
            continue
        method, created = str(proof["verificationMethod"]), str(proof["created"])
        config = _config(tuple(document["@context"])).fill({"method": method, "created": created})
        key = resolve(method)
        try:
            assert key is not None
            key.verify(from_base58(proof["proofValue"]), hashlib.sha256(config).digest() + quads)
            verdicts[method] = True
        except (InvalidSignature, ValueError, AssertionError):
            verdicts[method] = False
    return verdicts
