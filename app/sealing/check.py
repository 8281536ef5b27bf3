"""Looking at a finished document as a stranger would, before anybody receives it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from app.sealing import cms, der, revision, tokens
from app.sealing.revision import Signature
from app.sealing.structure import Unreadable
from app.signing_keys.certificates import public_pem
from app.signing_keys.signing import is_signed


def faults(
    document: bytes, expected: Sequence[tuple[str, str]], stamps: Sequence[str] = ()
) -> list[str]:
    """What is wrong with a document that should carry these seals in this order, and no other.

    `expected` are fields, each with the public key (PEM) that seals in it; the fields of the time
    stamps follow them.
    """
    try:
        found = revision.signatures(document)
    except (Unreadable, KeyError, ValueError) as wrong:
        return [f"the document cannot be read: {wrong}"]
    order = sorted(found, key=lambda one: one.covers)
    names = [*(name for name, _key in expected), *stamps]
    if [one.field for one in order] != names:
        return [f"sealed are {[one.field for one in order]} instead of {names}"]
    if order and order[-1].covers != len(document):
        return ["something follows the last seal"]
    keys = dict(expected)
    looked_at = [(one.field, _wrong(one, keys.get(one.field))) for one in order]
    return [f"{field}: {says}" for field, says in looked_at if says]


def _wrong(one: Signature, key: str | None) -> str:
    try:
        if one.kind == "timestamp":
            tokens.stamp_of(der.read(one.container).whole, digest=one.digest)
            return ""
        signed = cms.read(one.container)
        if signed.digest != one.digest:
            return "it seals another document"
        public = _public_key(signed.certificate)
        if not signed.names_its_certificate() or public_pem(public) != key:
            return "it carries another certificate"
        is_theirs = is_signed(public, signed.attributes, signed.signature)
        return "" if is_theirs else "it is forged"
    except (der.Malformed, tokens.BadToken, ValueError, IndexError, StopIteration) as wrong:
        return f"it cannot be read: {wrong}"


@lru_cache(maxsize=256)
def _public_key(certificate: bytes) -> CertificatePublicKeyTypes:
    return x509.load_der_x509_certificate(certificate).public_key()
