"""Keys of societies as a verifier needs them: whose, since when, until when, and who vouches."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID


class Voucher(StrEnum):
    """Who says that a key belongs to the society."""

    REGISTER = "register"
    """The society made its own certificate; this register says that it is its own."""
    AUTHORITY = "authority"
    """A certification authority, through a chain that was checked."""


@dataclass(frozen=True)
class Party:
    """A society as a verdict names it."""

    code: str
    short: str
    name: str


@dataclass(frozen=True)
class KnownKey:
    """A signing key on record."""

    key: str
    """SHA-256 of its SubjectPublicKeyInfo."""
    name: str
    owner: Party
    algorithm: str
    in_force_at: datetime | None
    certificates: tuple[bytes, ...] = ()
    """DER, its own first."""
    public: str = ""
    """SubjectPublicKeyInfo, PEM."""
    confirmed_at: datetime | None = None
    """When the same key was last found on the society's own site."""
    retired_at: datetime | None = None
    compromised_since: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its certificate, as other programs show it; nothing without one."""
        return hashlib.sha256(self.certificates[0]).hexdigest() if self.certificates else ""

    @property
    def pem(self) -> str:
        """Its certificate and those above it, PEM."""
        loaded = (x509.load_der_x509_certificate(one) for one in self.certificates)
        return "".join(one.public_bytes(Encoding.PEM).decode() for one in loaded)

    @property
    def voucher(self) -> tuple[Voucher, str]:
        return vouched(self.certificates)


@lru_cache(maxsize=512)
def vouched(certificates: tuple[bytes, ...]) -> tuple[Voucher, str]:
    """Who vouches for a chain of certificates, and the name at its end.

    Each certificate must have issued the one before it, and have been allowed to.
    """
    path = issuing_path(certificates[0], certificates[1:]) if certificates else ()
    if len(path) < 2:
        return Voucher.REGISTER, ""
    return Voucher.AUTHORITY, named(x509.load_der_x509_certificate(path[-1]).subject)


def issuing_path(certificate: bytes, others: Sequence[bytes]) -> tuple[bytes, ...]:
    """A certificate, the one that issued it, and so on upwards among the others given."""
    path, left = [certificate], list(others)
    try:
        current = x509.load_der_x509_certificate(certificate)
        while found := next((one for one in left if _issued(current, _loaded(one))), None):
            left.remove(found)
            path.append(found)
            current = _loaded(found)
    except ValueError:
        return tuple(path)
    return tuple(path)


@lru_cache(maxsize=512)
def _loaded(certificate: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate)


def _issued(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
        constraints = by.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return constraints.ca and certificate.subject != by.subject


def named(name: x509.Name) -> str:
    """The common name, else the organisation."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(oid):
            return str(found[0].value)
    return name.rfc4514_string()


@lru_cache(maxsize=512)
def digest_of_key(pem: str) -> str:
    """SHA-256 of a public key, as seals name it."""
    key = load_pem_public_key(pem.encode())
    return hashlib.sha256(
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).hexdigest()


@lru_cache(maxsize=512)
def ders_of(pem: str) -> tuple[bytes, ...]:
    """The certificates of a PEM text in DER."""
    if not pem.strip():
        return ()
    return tuple(
        one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem.encode())
    )


def moment(text: str) -> datetime | None:
    """A moment that a file states, if it states one."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
