"""Looking at a finished document as a stranger would, before anybody receives it."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from app.sealing import cms, der, revision, tokens
from app.sealing.revision import Signature
from app.sealing.structure import Unreadable


def faults(
    document: bytes, expected: Sequence[tuple[str, bytes]], *, stamped_in: str | None = None
) -> list[str]:
    """What is wrong with a document that should carry these seals in this order, and no other.

    `expected` are fields with the certificate (DER) that seals in each.
    """
    try:
        found = revision.signatures(document)
    except (Unreadable, KeyError, ValueError) as wrong:
        return [f"the document cannot be read: {wrong}"]
    order = sorted(found, key=lambda one: one.covers)
    names = [name for name, _certificate in expected] + ([stamped_in] if stamped_in else [])
    if [one.field for one in order] != names:
        return [f"sealed are {[one.field for one in order]} instead of {names}"]
    if order and order[-1].covers != len(document):
        return ["something follows the last seal"]
    certificates = dict(expected)
    looked_at = [(one.field, _wrong(one, certificates.get(one.field))) for one in order]
    return [f"{field}: {says}" for field, says in looked_at if says]


def _wrong(one: Signature, certificate: bytes | None) -> str:
    try:
        if one.kind == "timestamp":
            token = der.read(one.container).whole
            tokens.stamp_of(token, digest=one.digest)
            return ""
        signed = cms.read(one.container)
        if signed.digest != one.digest:
            return "it seals another document"
        if signed.certificate != certificate or not signed.names_its_certificate():
            return "it carries another certificate"
        is_theirs = is_signed(signed.certificate, signed.attributes, signed.signature)
        return "" if is_theirs else "it is forged"
    except (der.Malformed, tokens.BadToken, ValueError, IndexError, StopIteration) as wrong:
        return f"it cannot be read: {wrong}"


def is_signed(certificate: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key of a certificate signed a message as seals are signed."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True
