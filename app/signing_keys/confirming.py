"""Confirmation by the society's own website: trust in a key that does not hang on our host."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.calls import CallFailed, call
from app.errors import Refusal
from app.journal.models import record
from app.signing_keys import certificates, multikey
from app.signing_keys.life import concerned
from app.signing_keys.models import KeyConfirmation, SigningKey
from app.societies.models import Society
from app.texts import gettext as _

PATH = "/.well-known/did.json"
LARGEST = 256 * 1024


def address_of(society: Society) -> str | None:
    """Where a society's own DID document stands, when we know its website."""
    parts = urlsplit(society.website)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{PATH}" if host and parts.scheme in {"https", "http"} else None


def did_of(society: Society) -> str | None:
    """The society's own name in did:web."""
    address = address_of(society)
    return f"did:web:{urlsplit(address).netloc.replace(':', '%3A')}" if address else None


def to_publish(society: Society, keys: list[SigningKey]) -> str:
    """The document that the society may put on its website."""
    did = did_of(society) or f"did:web:{society.code}.example"
    methods = [
        multikey.method(
            certificates.public_key(key.public_key), f"{key.name}-{key.purpose.value}", did
        )
        for key in keys
    ]
    document = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [one["id"] for one in methods],
    }
    return json.dumps(document, indent=2)


def fetch(address: str, *, anywhere: bool = False) -> dict[str, Any]:
    """The DID document at an address; asked for outside any transaction."""
    try:
        answer = call("GET", address, headers={"Accept": "application/did+json, application/json"},
                      anywhere=anywhere, tries=1)  # fmt: skip
    except CallFailed as failed:
        raise Refusal(failed.says) from None
    if not answer.is_good:
        raise Refusal(_("%(address)s answered %(status)s. Is the document there?",
                        address=address, status=answer.status))  # fmt: skip
    if len(answer.body) > LARGEST or not answer.json:
        raise Refusal(_("%(address)s is not a DID document.", address=address))
    return answer.json


def confirm(
    session: Session, key: SigningKey, document: dict[str, Any], address: str, *,
    by: Person | None, at: datetime,
) -> None:  # fmt: skip
    """Note that the society shows this key on its own website."""
    if not multikey.is_shown(certificates.public_key(key.public_key), document):
        raise Refusal(
            _("%(address)s is there, but does not show the key %(name)s. Copy the document anew "
              "and try again.", address=address, name=key.name)
        )  # fmt: skip
    session.add(KeyConfirmation(key=key, at=at, by=by, address=address))
    record(session, "signing_key.confirmed", by=by, at=at, on=key, societies=concerned(key),
           address=address)  # fmt: skip
