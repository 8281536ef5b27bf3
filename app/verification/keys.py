"""Keys of societies as a verifier needs them: whose, since when, until when, and who vouches."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from cryptography import x509

from app.signing_keys import certificates


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
    def ended_at(self) -> datetime | None:
        """From when on it sealed nothing more: its retirement, or the end of its certificate."""
        own = self.certificates[:1]
        ends = [self.retired_at, *(_loaded(one).not_valid_after_utc for one in own)]
        return min((one for one in ends if one is not None), default=None)

    @property
    def pem(self) -> str:
        """Its certificate and those above it, PEM."""
        return certificates.pem([_loaded(one) for one in self.certificates])

    @property
    def voucher(self) -> tuple[Voucher, str]:
        return vouched(self.certificates)


@lru_cache(maxsize=512)
def vouched(chain: tuple[bytes, ...]) -> tuple[Voucher, str]:
    """Who vouches for a chain of certificates, and the name at its end.

    Each certificate must have issued the one before it, and have been allowed to.
    """
    path = issuing_path(chain[0], chain[1:]) if chain else ()
    if len(path) < 2:
        return Voucher.REGISTER, ""
    return Voucher.AUTHORITY, certificates.common_name(_loaded(path[-1]).subject)


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
    is_signed = certificates.is_signed_by(certificate, by) and certificates.is_authority(by)
    return is_signed and certificate.subject != by.subject


def moment(text: str) -> datetime | None:
    """A moment that a file states, if it states one."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
