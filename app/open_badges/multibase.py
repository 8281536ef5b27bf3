"""Bytes as text that names its own encoding, and public keys that name their own kind."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.signing_keys.multikey import BASE58, ED25519, base58, base64url, jwk, multikey

__all__ = [
    "base58",
    "base64url",
    "from_base58",
    "from_base64url",
    "from_multikey",
    "jwk",
    "multikey",
]


LONGEST = 128
"""Characters of a text that is still read: a signature has 89."""


def from_base58(text: str) -> bytes:
    """The bytes of a base58 text; ValueError when it is none, or too long to be one of ours."""
    if not text.startswith("z") or len(text) > LONGEST:
        raise ValueError("not a multibase text in base58")
    number = 0
    for symbol in text[1:]:
        number = number * 58 + BASE58.index(symbol)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def from_multikey(text: str) -> Ed25519PublicKey:
    """The Ed25519 key of a `publicKeyMultibase`; ValueError when it is another or none."""
    content = from_base58(text)
    if len(content) != 34 or content[:2] != ED25519:
        raise ValueError("not an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(content[2:])
