"""A public key as DID documents write it (Multikey: multicodec prefix, base58btc; JWK for RSA)."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519, P256 = bytes.fromhex("ed01"), bytes.fromhex("8024")


def base58(content: bytes) -> str:
    number, text = int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + BASE58[0] * zeros + text


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def multikey(public: object) -> str:
    """A public key as `publicKeyMultibase` names it."""
    if isinstance(public, Ed25519PublicKey):
        return base58(ED25519 + public.public_bytes(Encoding.Raw, PublicFormat.Raw))
    if isinstance(public, EllipticCurvePublicKey) and public.curve.name == "secp256r1":
        point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return base58(P256 + point)
    raise ValueError("a key of a kind that has no multikey here")


def jwk(public: RSAPublicKey) -> dict[str, str]:
    """An RSA key as JSON Web Keys name it."""
    numbers = public.public_numbers()
    return {
        "kty": "RSA",
        "n": base64url(numbers.n.to_bytes(public.key_size // 8)),
        "e": base64url(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8)),
        "alg": "RS256",
    }


def method(public: object, name: str, controller: str) -> dict[str, Any]:
    """A verification method of a DID document."""
    shared = {"id": f"{controller}#{name}", "controller": controller}
    if isinstance(public, RSAPublicKey):
        return {**shared, "type": "JsonWebKey", "publicKeyJwk": jwk(public)}
    return {**shared, "type": "Multikey", "publicKeyMultibase": multikey(public)}


def is_shown(public: object, document: dict[str, Any]) -> bool:
    """Whether a DID document holds this very key, under whatever name."""
    methods = document.get("verificationMethod")
    found = [one for one in methods if isinstance(one, dict)] if isinstance(methods, list) else []
    if not isinstance(public, RSAPublicKey):
        return any(one.get("publicKeyMultibase") == multikey(public) for one in found)
    wanted = jwk(public)
    shown = [one["publicKeyJwk"] for one in found if isinstance(one.get("publicKeyJwk"), dict)]
    return any(all(one.get(part) == wanted[part] for part in ("kty", "n", "e")) for one in shown)
