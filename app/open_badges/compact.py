"""The compact form of a credential (VC-JWT): one signed text, for readers that know no proofs.

RS256 under the scheme's own key, which every verifier of Open Badges has to know. It speaks for the
joint issuer alone; the proofs of the societies are in the document with proofs.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.open_badges import did
from app.open_badges.multibase import base64url
from app.schemes.models import Scheme
from app.signing_keys.models import Purpose
from app.signing_keys.queries import in_force
from app.signing_keys.signing import signer

ALGORITHM = "RS256"


def signed(
    session: Session, scheme: Scheme, document: dict[str, Any], *, at: datetime
) -> str | None:
    """A document without its proofs as a signed text; nothing while the scheme has no such key."""
    key = in_force(session, Purpose.COMPACT, at=at, scheme_id=scheme.id)
    if key is None:
        return None
    head = {"alg": ALGORITHM, "kid": did.method(did.joint_id(scheme), key), "typ": "JWT"}
    claims = {name: value for name, value in document.items() if name != "proof"}
    body = f"{_part(head)}.{_part(_registered(claims) | claims)}"
    return f"{body}.{base64url(signer(key).sign(body.encode()))}"


def _registered(claims: dict[str, Any]) -> dict[str, Any]:
    """What a JWT says by names of its own, besides the members of the credential."""
    issuer = claims["issuer"]
    registered = {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": claims["id"],
        "nbf": _seconds(claims["validFrom"]),
        "sub": claims["credentialSubject"]["id"],
    }
    if "validUntil" in claims:
        registered["exp"] = _seconds(claims["validUntil"])
    return registered


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _part(content: dict[str, Any]) -> str:
    return base64url(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
