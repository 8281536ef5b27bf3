"""A public key as DID documents write it (Multikey: multicodec prefix, base58btc; JWK for RSA)."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519, P256 = bytes.fromhex("ed01"), bytes.fromhex("8024")


def base58(content: bytes) -> str:
    number, text = int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return ALPHABET[0] * (len(content) - len(content.lstrip(b"\0"))) + text


def multibase(public: PublicKeyTypes) -> str | None:
    """`publicKeyMultibase`; nothing for RSA, which has no short form in use."""
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "z" + base58(ED25519 + public.public_bytes(Encoding.Raw, PublicFormat.Raw))
    if isinstance(public, ec.EllipticCurvePublicKey):
        point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return "z" + base58(P256 + point)
    return None


def method(public: PublicKeyTypes, name: str, controller: str) -> dict[str, Any]:
    """A verification method of a DID document."""
    shared = {"id": f"{controller}#{name}", "controller": controller}
    if (text := multibase(public)) is not None:
        return {**shared, "type": "Multikey", "publicKeyMultibase": text}
    assert isinstance(public, rsa.RSAPublicKey)
    return {**shared, "type": "JsonWebKey", "publicKeyJwk": _jwk(public)}


def is_shown(public: PublicKeyTypes, document: dict[str, Any]) -> bool:
    """Whether a DID document holds this very key, under whatever name."""
    methods = document.get("verificationMethod")
    found = [one for one in methods if isinstance(one, dict)] if isinstance(methods, list) else []
    if (text := multibase(public)) is not None:
        return any(one.get("publicKeyMultibase") == text for one in found)
    assert isinstance(public, rsa.RSAPublicKey)
    wanted = _jwk(public)
    shown = [one["publicKeyJwk"] for one in found if isinstance(one.get("publicKeyJwk"), dict)]
    return any(all(jwk.get(part) == wanted[part] for part in ("kty", "n", "e")) for jwk in shown)


def _jwk(public: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
