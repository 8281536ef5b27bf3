"""The joint credential of a diploma: its bytes, its proofs, and that it says what is on record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.open_badges import did, proofs
from app.open_badges.issuing import hashed
from app.open_badges.models import OpenBadge, StatusEntry
from app.open_badges.multibase import from_base58
from app.rechecks.found import Found
from app.rechecks.keys import Trusted
from app.schemes.models import Scheme
from app.signing_keys.signing import is_signed

TURNS = 7
"""In so many days every issuer's proof has its turn."""


class Proofs:
    """The keys behind the proofs of each scheme, loaded once in a batch."""

    def __init__(self, session: Session, trusted: Trusted) -> None:
        self.session, self.trusted = session, trusted
        self.known: dict[int, dict[str, Ed25519PublicKey]] = {}
        self.in_doubt: set[str] = set()
        self.owners: dict[str, str] = {}
        """The societies of the keys, by their codes."""

    def of(self, scheme: Scheme) -> dict[str, Ed25519PublicKey]:
        if scheme.id not in self.known:
            found = {}
            for key in did.keys_of(self.session, scheme):
                is_trusted = self.trusted(key)
                name = fragment(did.method("", key))
                if not is_trusted:
                    name = self.trusted.name(key) + name.removeprefix(key.name)
                if key.society is not None:
                    self.owners[name] = key.society.code
                if not is_trusted:
                    self.in_doubt.add(name)
                    continue
                public = load_pem_public_key(key.public_key.encode())
                if isinstance(public, Ed25519PublicKey):
                    found[name] = public
            self.known[scheme.id] = found
        return self.known[scheme.id]


def fragment(method: str) -> str:
    """The key that a method names; the address before it may have been another one then."""
    return method.partition("#")[2]


def look(
    credential: Credential, told: Mapping[str, Any], badge: OpenBadge | None,
    entries: Sequence[StatusEntry], keys: Proofs, *, is_whole: bool, at: datetime,
) -> Iterator[Found]:  # fmt: skip
    """`told` is what the log names; `is_whole` whether the record beside it is sound.

    The bytes and every society's proof are looked at each time. The issuer's own proof is over the
    graph, which takes four times as long as all the rest: it has its turn every seventh day.
    """
    serial = credential.serial
    if badge is None:
        if told["badge"] is not None:
            yield Found("badge", serial, "the joint credential is gone")
        elif credential.award is not None:
            yield Found("badge", serial, "it was finished without a joint credential")
        return
    digest = sha256(badge.document.encode()).hexdigest()
    if digest != badge.digest or told["badge"] not in {None, digest}:
        yield Found("badge", serial, "the joint credential is not what was issued")
        return
    document = json.loads(badge.document)
    assert credential.award is not None
    scheme = credential.award.award_list.edition.scheme
    has_turn = at.toordinal() % TURNS == credential.id % TURNS
    if reason := _against_proofs(document, scheme, keys, told["societies"], has_turn=has_turn):
        yield Found("badge", serial, reason)
    if is_whole and (reason := _against_claims(document, credential)):
        yield Found("badge", serial, reason)
    if _places(document) != {(str(one.purpose), str(one.position)) for one in entries}:
        yield Found("status entry", serial, "it names other places in the status lists")


def _against_proofs(
    document: dict[str, Any], scheme: Scheme, keys: Proofs, awarding: Sequence[str], *,
    has_turn: bool,
) -> str:  # fmt: skip
    """The issuer's proof and that of each awarding society must be there, and each must hold.

    Whose key is itself in doubt, of that nothing is said here.
    """
    known = keys.of(scheme)

    def resolve(method: str) -> Ed25519PublicKey | None:
        return known.get(fragment(method))

    verdicts = _jcs(document, resolve)
    if has_turn:
        verdicts |= proofs.verify_rdfc(document, resolve)
    named = {fragment(method): holds for method, holds in verdicts.items()}
    proven = {keys.owners.get(fragment(method)) for method in _methods(document, proofs.JCS)}
    if not set(awarding) <= proven or not _methods(document, proofs.RDFC):
        return "it does not carry the proofs of all who issued it"
    bad = [name for name, holds in named.items() if not holds and name not in keys.in_doubt]
    return f"the proof of {', '.join(bad)} does not hold" if bad else ""


def _methods(document: dict[str, Any], suite: str) -> list[str]:
    found = [proof for proof in proofs.of(document) if proof.get("cryptosuite") == suite]
    return [str(proof.get("verificationMethod")) for proof in found]


def _jcs(document: dict[str, Any], resolve: proofs.Resolve) -> dict[str, bool]:
    """Whether each society's proof holds; the document is made canonical once for all of them."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    digest = proofs.digest_of(unsecured)
    verdicts = {}
    for proof in proofs.of(document):
        if proof.get("cryptosuite") != proofs.JCS:
            continue
        config = {name: value for name, value in proof.items() if name != "proofValue"}
        method, key = str(proof["verificationMethod"]), resolve(str(proof["verificationMethod"]))
        signature = from_base58(str(proof["proofValue"]))
        signed = sha256(rfc8785.dumps(config)).digest() + digest
        is_same = config.get("@context") == unsecured["@context"]
        verdicts[method] = is_same and key is not None and is_signed(key, signed, signature)
    return verdicts


def _against_claims(document: dict[str, Any], credential: Credential) -> str:
    snapshot, subject = credential.snapshot, document["credentialSubject"]
    if subject["achievement"]["name"] != snapshot["title"]:
        return "it is for another achievement than the record"
    if document["validFrom"] != proofs.moment(credential.issued_at):
        return "it begins on another day than the record"
    identities = {one["identityType"]: one for one in subject["identifier"]}
    name = identities.get("name")
    if name and name["identityHash"] != hashed(credential.holder_name, name.get("salt", "")):
        return "it is another holder's than the record"
    return ""


def _places(document: dict[str, Any]) -> set[tuple[str, str]]:
    told = document.get("credentialStatus", [])
    told = told if isinstance(told, list) else [told]
    return {(one["statusPurpose"], one["statusListIndex"]) for one in told}
