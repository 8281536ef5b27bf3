"""A credential in JSON against the one on record and the proofs of the awarding societies.

Documents of strangers are parsed with care and compared as canonical JSON (RFC 8785); nothing is
ever expanded as JSON-LD.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.open_badges import compact, proofs
from app.open_badges.multibase import from_base64url
from app.signing_keys.signing import is_signed
from app.verification.judgement import File, JudgedProof, Judgement, Reason
from app.verification.keys import KnownKey, Party

LONGEST = 300_000
DEEPEST = 60
REGISTERED = frozenset({"iss", "jti", "nbf", "sub", "exp"})
"""What a compact JWT says once more by names of its own."""


class Unreadable(Exception):
    """This is no credential that anyone could have issued."""


def parsed(text: str) -> dict[str, Any]:
    """The JSON object of a text, or of the payload of a compact JWT."""
    if len(text) > LONGEST:
        raise Unreadable
    body = text.strip()
    if not body.startswith("{"):
        body = _payload(body)
    if _depth(body) > DEEPEST:
        raise Unreadable
    try:
        found = json.loads(body, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(found, dict):
        raise Unreadable
    return found


def _payload(token: str) -> str:
    try:
        return from_base64url(token.split(".")[1]).decode()
    except (IndexError, ValueError):
        raise Unreadable from None


def _depth(text: str) -> int:
    deep = most = 0
    for symbol in text:
        if symbol in "[{":
            deep += 1
            most = max(most, deep)
        elif symbol in "]}":
            deep -= 1
    return most


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two members of one name mean different things to different readers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("not a number")


def canonical(document: Mapping[str, Any]) -> bytes:
    try:
        return rfc8785.dumps(dict(document))
    except (ValueError, TypeError, RecursionError):
        raise Unreadable from None


def judge(
    text: str,
    *,
    stored: str | None,
    keys: Mapping[str, KnownKey],
    issuer: str | None,
    required: Sequence[Party],
    compacts: Mapping[str, str] | None = None,
    is_on_record: bool = True,
) -> Judgement:
    """A credential against the one on record, if there is one, and against the proofs it bears.

    `keys` are the proof keys of societies by their names, `issuer` is the joint DID under which
    they stand; `required` are the societies each of which must have proved it. `compacts` are the
    keys (PEM) of the compact form by their names.
    """
    try:
        document = parsed(text)
        original = json.loads(stored) if stored else None
        if not text.lstrip().startswith("{"):
            return _compact(text.strip(), document, original, issuer, compacts or {}, is_on_record)
        if original is not None and canonical(document) == canonical(original):
            return _identical(original, keys, issuer, required)
        return _compared(document, original, keys, issuer, required, is_on_record)
    except Unreadable:
        file = File.ALTERED if is_on_record else File.UNKNOWN
        return Judgement(file, (Reason.UNREADABLE,))


def _identical(
    document: dict[str, Any],
    keys: Mapping[str, KnownKey],
    issuer: str | None,
    required: Sequence[Party],
) -> Judgement:
    judged = judge_proofs(document, keys, issuer, required)
    return Judgement(File.IDENTICAL, (Reason.SAME_BYTES,), proofs=judged)


def _compared(
    document: dict[str, Any],
    original: dict[str, Any] | None,
    keys: Mapping[str, KnownKey],
    issuer: str | None,
    required: Sequence[Party],
    is_on_record: bool,
) -> Judgement:
    judged = judge_proofs(document, keys, issuer, required)
    lacking = tuple(one.party for one in judged if one.holds is None)
    reasons: list[Reason] = []
    if original is not None and canonical(_bare(document)) != canonical(_bare(original)):
        reasons.append(Reason.CONTENT_DIFFERS)
    if any(one.holds is False for one in judged) or _has_foreign_proof(
        document, original, keys, issuer
    ):
        reasons.append(Reason.PROOF_FORGED)
    if reasons or not any(one.holds for one in judged):
        reasons += [Reason.PROOFS_MISSING] if lacking else []
        file = File.ALTERED if is_on_record else File.UNKNOWN
        return Judgement(file, tuple(reasons), missing=lacking, proofs=judged)
    if lacking:
        return Judgement(File.INCOMPLETE, (Reason.PROOFS_MISSING,), missing=lacking, proofs=judged)
    if not is_on_record:
        return Judgement(File.UNKNOWN, (Reason.NOT_ON_RECORD, Reason.PROOFS_HOLD), proofs=judged)
    if original is None and _in_doubt(document, keys, issuer):
        return Judgement(File.DOUBTFUL, (Reason.PROOF_DOUBTFUL,), proofs=judged)
    others = () if original is None else (Reason.OTHER_BYTES,)
    return Judgement(File.GENUINE, (Reason.PROOFS_HOLD, *others), proofs=judged)


def _compact(
    token: str,
    claims: dict[str, Any],
    original: dict[str, Any] | None,
    issuer: str | None,
    compacts: Mapping[str, str],
    is_on_record: bool,
) -> Judgement:
    """A compact JWT: the joint issuer alone signs it, so its content must be the one on record."""
    file = File.ALTERED if is_on_record else File.UNKNOWN
    if not _is_signed(token, issuer, compacts):
        return Judgement(file, (Reason.PROOF_FORGED,))
    said = {name: value for name, value in claims.items() if name not in REGISTERED}
    if not is_on_record:
        return Judgement(file, (Reason.NOT_ON_RECORD,))
    if original is None:
        return Judgement(File.UNKNOWN, (Reason.ISSUER_ALONE,))
    if canonical(said) != canonical(_bare(original)):
        return Judgement(file, (Reason.CONTENT_DIFFERS,))
    return Judgement(File.GENUINE, (Reason.ISSUER_SIGNED,))


def _is_signed(token: str, issuer: str | None, compacts: Mapping[str, str]) -> bool:
    """RS256 alone, by a key that stands under the joint issuer."""
    try:
        head, body, signature = token.split(".")
        said = json.loads(from_base64url(head))
        did, _hash, name = str(said["kid"]).partition("#")
        if said["alg"] != compact.ALGORITHM or did != issuer or "crit" in said:
            return False
        public = load_pem_public_key(compacts[name].encode())
        signed = f"{head}.{body}".encode()
        return isinstance(public, RSAPublicKey) and is_signed(
            public, signed, from_base64url(signature)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _bare(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


def _has_foreign_proof(
    document: dict[str, Any],
    original: dict[str, Any] | None,
    keys: Mapping[str, KnownKey],
    issuer: str | None,
) -> bool:
    """Whether it bears a proof by a key on nobody's record, or another one of the issuer than ours.

    The issuer's own proof is over RDF: it is compared, for to compute it means to expand a graph.
    """
    ours = [canonical(proof) for proof in proofs.of(original or {})]
    for proof in proofs.of(document):
        if proof.get("cryptosuite") == proofs.JCS:
            method = proof.get("verificationMethod")
            if not isinstance(method, str) or _key_of(method, keys, issuer) is None:
                return True
        elif original is not None and canonical(proof) not in ours:
            return True
    return False


def _in_doubt(document: dict[str, Any], keys: Mapping[str, KnownKey], issuer: str | None) -> bool:
    """Whether others may have had the key of a proof: only the proof itself says how old it is."""
    named = [str(proof.get("verificationMethod", "")) for proof in proofs.of(document)]
    found = [_key_of(method, keys, issuer) for method in named]
    return any(key.compromised_since is not None for key in found if key)


def judge_joint(document: dict[str, Any], joints: Mapping[str, Ed25519PublicKey]) -> bool | None:
    """Whether the joint issuer's own proof holds by one of its keys; None when there is none.

    Only of a document that every society has proved: it is expanded as a graph.
    """
    try:
        verdicts = proofs.verify_rdfc(document, joints.get)
    except Exception:  # whatever a broken document does to a reader, it is broken
        return False
    return all(verdicts.values()) if verdicts else None


def judge_proofs(
    document: dict[str, Any],
    keys: Mapping[str, KnownKey],
    issuer: str | None,
    required: Sequence[Party],
) -> tuple[JudgedProof, ...]:
    """For each society that must have proved it: whether its proof holds, fails, or is missing."""

    def resolve(method: str) -> Ed25519PublicKey | None:
        known = _key_of(method, keys, issuer)
        found = load_pem_public_key(known.public.encode()) if known else None
        return found if isinstance(found, Ed25519PublicKey) else None

    by_society: dict[str, bool] = {}
    doubted: dict[str, datetime | None] = {}
    for method, holds in proofs.verify_jcs(document, resolve).items():
        known = _key_of(method, keys, issuer)
        if known is not None:
            code = known.owner.code
            by_society[code] = by_society.get(code, False) or holds
            doubted[code] = doubted.get(code) or known.compromised_since
    return tuple(
        JudgedProof(party, by_society.get(party.code), doubted.get(party.code))
        for party in required
    )


def _key_of(method: str, keys: Mapping[str, KnownKey], issuer: str | None) -> KnownKey | None:
    """The key that a verification method names, if it stands under the joint issuer."""
    did, _hash, name = method.partition("#")
    return keys.get(name) if issuer is not None and did == issuer else None


def provers(document: Mapping[str, Any], keys: Mapping[str, KnownKey]) -> tuple[Party, ...]:
    """The societies whose proofs a credential on record bears."""
    found = [
        keys.get(str(proof.get("verificationMethod", "")).partition("#")[2])
        for proof in proofs.of(dict(document))
        if proof.get("cryptosuite") == proofs.JCS
    ]
    return tuple(dict.fromkeys(key.owner for key in found if key))


def issuer_of(document: Mapping[str, Any]) -> str:
    """The DID of a credential's issuer."""
    issuer = document.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else ""
