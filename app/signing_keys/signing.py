"""Signing with a key, wherever it is kept, and checking what a key has signed.

A private part is unsealed once in a process and then held in its memory; nothing else holds it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app import hardware, sealed
from app.errors import Refusal
from app.signing_keys import certificates
from app.signing_keys.models import Algorithm, Keeping, SigningKey
from app.texts import gettext as _

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


class SignsElsewhere(Refusal):
    """The private part is with the society; it signs elsewhere and hands the signature in."""


class CannotSign(Refusal):
    """The key signs nothing: it was ended, or its private part does not open.

    A token that cannot be asked raises `hardware.OutOfReach`, as late as when it shall sign.
    """


@dataclass(frozen=True)
class Signer:
    """Something that signs: ECDSA as DER over SHA-256, RSA by PKCS#1 v1.5, Ed25519 raw."""

    algorithm: str
    certificates: tuple[bytes, ...] = field(repr=False)
    """DER, the signer's own first."""
    public_key: bytes = field(repr=False)
    """SubjectPublicKeyInfo, DER."""
    sign: Callable[[bytes], bytes] = field(repr=False)


def signer(key: SigningKey) -> Signer:
    """What signs with this key, unless it was ended."""
    if key.has_ended:
        raise CannotSign(_("The signing key %(name)s signs no longer.", name=key.name))
    return Signer(
        algorithm=str(key.algorithm),
        certificates=certificates.der(key.certificates),
        public_key=certificates.spki(certificates.public_key(key.public_key)),
        sign=signing_with(private(key)),
    )


def private(key: SigningKey) -> Private:
    """The private part: itself, or a stand-in that asks the token."""
    if key.keeping is Keeping.DEFERRED:
        raise SignsElsewhere(_("The society signs with the key %(name)s itself.", name=key.name))
    if key.token is not None:
        public = certificates.public_key(key.public_key)
        return hardware.private(key.token, public)
    assert key.secret is not None
    try:
        return _opened(key.secret, key.sealed_for)
    except sealed.CannotOpen:
        raise CannotSign(
            _("The signing key %(name)s does not open with the keys of this deployment. The "
              "administrators of the platform have to see to it.", name=key.name)
        ) from None  # fmt: skip


@lru_cache(maxsize=128)
def _opened(secret: str, purpose: str) -> Private:
    """We made it ourselves, so its numbers need not be tried again (for RSA a quarter second)."""
    pem = sealed.unseal(secret, purpose).encode()
    found = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(found, Private)
    return found


def signing_with(key: Private) -> Callable[[bytes], bytes]:
    """How this private key signs a message."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda message: key.sign(message, PKCS1v15(), SHA256())
    return lambda message: key.sign(message, ec.ECDSA(SHA256()))


def verify(key: SigningKey, message: bytes, signature: bytes) -> bool:
    """Whether this key signed the message; what the key may do today plays no part."""
    return is_signed(certificates.public_key(key.public_key), message, signature)


def is_signed(public: object, message: bytes, signature: bytes) -> bool:
    """Whether a public key of one of our algorithms bears the signature out."""
    try:
        match public:
            case ed25519.Ed25519PublicKey():
                public.verify(signature, message)
            case rsa.RSAPublicKey():
                public.verify(signature, message, PKCS1v15(), SHA256())
            case ec.EllipticCurvePublicKey():
                public.verify(signature, message, ec.ECDSA(SHA256()))
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def new_private(algorithm: Algorithm) -> Private:
    """A new private key. RSA takes up to a second: make it before a transaction is open."""
    if algorithm is Algorithm.ECDSA_P256:
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 4096 if algorithm is Algorithm.RSA_4096 else 3072)
