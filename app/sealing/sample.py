"""A sealed diploma of nobody: made as real ones are, with keys that are thrown away at once."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_public_key

from app.open_badges import proofs
from app.open_badges.document import Common, Party, criteria
from app.open_badges.issuing import hashed, written
from app.open_badges.multibase import multikey
from app.pdf import Attachment, Press
from app.sealing import cms
from app.sealing.orders import Made, Order, Sealer
from app.sealing.pipeline import Works
from app.sealing.timestamps import LOCAL, Authorities
from app.signing_keys import certificates, throwaway
from app.signing_keys.models import Algorithm
from app.signing_keys.signing import Signer

HOST = "did:web:confer.example"
SITE = "https://confer.example"
ISSUER = f"{HOST}:schemes:sample"
CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


class Failed(Exception):
    """The sample could not be made; the message says why."""


def sealed(facts: Mapping[str, Any], press: Press, *, at: datetime) -> bytes:
    """The document of a snapshot with a seal of every society and a time stamp."""
    above = throwaway.authority("Sample authority, vouches for nobody", at=at)
    order = Order(
        id=0,
        serial=facts["serial"],
        snapshot=facts,
        until=at,
        sealers=tuple(_sealer(society, above, at) for society in facts["awarding"]),
        attachments=_attachments(facts, at) if facts["kind"] == "diploma" else (),
    )
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        made = Works(press, Authorities([LOCAL], Path(folder))).make(order, at=at)
    if not isinstance(made, Made):
        raise Failed(made.reason if hasattr(made, "reason") else "it waits")
    return made.content


def _sealer(society: Mapping[str, Any], above: throwaway.Authority, at: datetime) -> Sealer:
    made = throwaway.signer(f"{society['short']} SAMPLE", under=above, at=at)
    public = load_der_public_key(made.public_key)
    return Sealer(
        society_id=0,
        place=society["short"].lower(),
        name=society["name"],
        key_id=0,
        public_key=certificates.public_pem(public),
        form=cms.form(made),
        sign=made.sign,
    )


def _attachments(facts: Mapping[str, Any], at: datetime) -> tuple[Attachment, ...]:
    joint = throwaway.signer("joint", algorithm=Algorithm.ED25519)
    own = {
        society["short"].lower(): throwaway.signer(society["short"], algorithm=Algorithm.ED25519)
        for society in facts["awarding"]
    }
    document, quads = written(_common(facts), _own(facts, at))
    signed = {"contexts": document["@context"], "created": proofs.moment(at)}
    issued = [proofs.rdfc(quads, method=f"{ISSUER}#sample", sign=joint.sign, **signed)]
    digest = proofs.digest_of(document)
    issued += [
        proofs.jcs(digest, method=f"{ISSUER}#{code}", sign=one.sign, **signed)
        for code, one in own.items()
    ]
    proven = {**document, "proof": issued}
    return (
        Attachment("credential.json", _json(proven), "The joint credential"),
        Attachment("did.json", _json(_did({"sample": joint, **own})), "The keys of its issuers"),
    )


def _common(facts: Mapping[str, Any]) -> Common:
    scheme = f"{SITE}/certificates/sample"
    return Common(
        issuer=ISSUER,
        scheme_url=scheme,
        picture=f"{SITE}/schemes/sample/badge.png",
        achievement=f"{scheme}#edition-1",
        title=facts["title"],
        edition=facts["edition"] or "",
        is_certification=facts["nature"] == "certification",
        body=facts["certification_body"],
        awarding=tuple(
            Party(f"{HOST}:societies:{one['short'].lower()}", one["short"], one["name"])
            for one in facts["awarding"]
        ),
        criteria=criteria(facts["requirements"], {}),
        language=facts["language"],
        lists=tuple(
            (purpose, f"{SITE}/schemes/sample/status/{purpose}/1")
            for purpose in ("revocation", "suspension")
        ),
        has_end=facts["valid_until"] is not None,
        has_address=False,
        is_sample=True,
    )


def _own(facts: Mapping[str, Any], at: datetime) -> dict[str, str]:
    own = {
        "serial": facts["serial"],
        "url": facts["verify_url"],
        "subject": "urn:uuid:00000000-0000-4000-8000-000000000000",
        "salt": "sample",
        "name_hash": hashed(facts["holder"]["name"], "sample"),
        "valid_from": proofs.moment(at),
        "awarded": f"{facts['decided_on']}T00:00:00Z",
        "index_revocation": "0",
        "index_suspension": "0",
    }
    if facts["valid_until"] is not None:
        own["valid_until"] = f"{facts['valid_until']}T23:59:59Z"
    return own


def _did(keys: Mapping[str, Signer]) -> dict[str, Any]:
    methods = [
        {
            "id": f"{ISSUER}#{name}",
            "type": "Multikey",
            "controller": ISSUER,
            "publicKeyMultibase": multikey(load_der_public_key(key.public_key)),
        }
        for name, key in keys.items()
    ]
    names = [one["id"] for one in methods]
    return {"@context": CONTEXTS, "id": ISSUER, "verificationMethod": methods,
            "assertionMethod": names}  # fmt: skip


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
