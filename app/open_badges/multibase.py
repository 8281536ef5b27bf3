"""Bytes as text that names its own encoding, and public keys that name their own kind."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"
P256 = b"\x80\x24"
LONGEST = 128
"""Characters of a text that is still read: a signature has 89."""


def base58(content: bytes) -> str:
    number, text = int.from_bytes(content, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + "1" * zeros + text


def from_base58(text: str) -> bytes:
    """The bytes of a base58 text; ValueError when it is none, or too long to be one of ours."""
    if not text.startswith("z") or len(text) > LONGEST:
        raise ValueError("not a multibase text in base58")
    number = 0
    for symbol in text[1:]:
        number = number * 58 + BASE58.index(symbol)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def multikey(public: object) -> str:
    """A public key as `publicKeyMultibase` names it."""
    if isinstance(public, Ed25519PublicKey):
        return base58(ED25519 + public.public_bytes(Encoding.Raw, PublicFormat.Raw))
    if isinstance(public, EllipticCurvePublicKey) and public.curve.name == "secp256r1":
        point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return base58(P256 + point)
    raise ValueError("a key of a kind that has no multikey here")


def from_multikey(text: str) -> Ed25519PublicKey:
    """The Ed25519 key of a `publicKeyMultibase`; ValueError when it is another or none."""
    content = from_base58(text)
    if len(content) != 34 or content[:2] != ED25519:
        raise ValueError("not an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(content[2:])


def jwk(public: RSAPublicKey) -> dict[str, str]:
    """An RSA key as JSON Web Keys name it."""
    numbers = public.public_numbers()
    return {
        "kty": "RSA",
        "n": base64url(numbers.n.to_bytes(public.key_size // 8, "big")),
        "e": base64url(numbers.e.to_bytes(3, "big")),
        "alg": "RS256",
    }
