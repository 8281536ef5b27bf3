"""Whether a callback comes from the platform it says it comes from.

Everything is computed over the bytes as they came, and compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import warnings
from datetime import datetime

import jwt
from jwt.warnings import InsecureKeyLengthWarning

WINDOW_SECONDS = 300
"""How old, or how far ahead, a callback of Zoom may be."""
ALGORITHMS = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
"""The algorithm of BigBlueButton by the length of its checksum."""


def zoom_signed(secret: str, timestamp: str, raw: bytes, signature: str, *, at: datetime) -> bool:
    """`x-zm-signature` over the time stamp and the body, not older than five minutes."""
    if not (secret and timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(at.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        return False
    signed = b"v0:" + timestamp.encode() + b":" + raw
    good = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(good.encode(), signature.encode("utf-8", "replace"))


def zoom_answer(secret: str, plain: str) -> dict[str, str]:
    """What Zoom wants to hear when it asks whether this address is ours."""
    encrypted = hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest()
    return {"plainToken": plain, "encryptedToken": encrypted}


def bigbluebutton_signed(secret: str, callback: str, raw: bytes, checksum: str) -> bool:
    """The checksum of a webhook: over the address as it was registered and the body."""
    algorithm = ALGORITHMS.get(len(checksum))
    if not secret or algorithm is None:
        return False
    signed = callback.encode() + raw + secret.encode()
    good = hashlib.new(algorithm, signed, usedforsecurity=algorithm != "sha1").hexdigest()
    return hmac.compare_digest(good.encode(), checksum.encode("utf-8", "replace"))


def bigbluebutton_bearer(secret: str, bearer: str, *, at: datetime) -> bool:
    """The token of the analytics callback: HS512 under the shared secret, and not yet expired.

    It says nothing of the body; the unguessable address does.
    """
    if not secret:
        return False
    try:
        with warnings.catch_warnings():  # the length of their secret is BigBlueButton's affair
            warnings.simplefilter("ignore", InsecureKeyLengthWarning)
            claims = jwt.decode(
                bearer, secret, algorithms=["HS512"],
                options={"require": ["exp"], "verify_exp": False},
            )  # fmt: skip
    except jwt.PyJWTError:
        return False
    expires = claims.get("exp")
    return isinstance(expires, int | float) and at.timestamp() < expires
