"""Which time stamp authorities this deployment trusts: those that it asks, by their roots."""

from __future__ import annotations

from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.sealing.timestamps import LOCAL, authorities
from config import Settings


def certificates(settings: Settings) -> tuple[bytes, ...]:
    """Theirs (DER): the roots that are set, and our own where it stamps (tests, demonstrations)."""
    ours = authorities(settings)
    roots = tuple(one.public_bytes(Encoding.DER) for one in ours.roots)
    path = ours.folder / "time-stamp-authority.pem"
    if LOCAL not in ours.addresses or not path.exists():
        return roots
    return (*roots, _of_file(path.read_bytes()))


@lru_cache(maxsize=4)
def _of_file(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
