"""A time-stamp authority of our own, for tests and the demonstration: not for production.

It speaks RFC 3161 as a real one does, but nobody outside has reason to believe its clock.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.sealed import CannotOpen, is_sealed_anew, seal, unseal
from app.sealing import cms, der, tokens

POLICY = der.oid("1.3.6.1.4.1.99999.3161.1")
GRANTED = der.sequence(der.integer(0))
REJECTED = der.sequence(der.sequence(der.integer(2)))
YEARS = 10
FILE = "time-stamp-authority.pem"
PURPOSE = "local time stamp authority"


@dataclass(frozen=True)
class Authority:
    """Stamps whatever it is asked to, with a key of its own."""

    signer: cms.Signs
    clock: Callable[[], datetime]

    def answer(self, request: bytes) -> bytes:
        """The answer to a request; to one it cannot read, a refusal."""
        try:
            asked = tokens.read_request(request)
        except (der.Malformed, ValueError, IndexError):
            return REJECTED
        info = der.sequence(
            der.integer(1),
            POLICY,
            tokens.imprint(asked.digest),
            der.integer(secrets.randbits(63)),
            der.moment(self.clock()),
            der.integer(asked.nonce),
        )
        digest = hashes.Hash(hashes.SHA256())
        digest.update(info)
        form = cms.form(self.signer)
        attributes = form.attributes(digest.finalize(), content_type=tokens.TST_INFO)
        token = form.container(
            attributes, self.signer.sign(attributes), content_type=tokens.TST_INFO, content=info
        )
        return der.sequence(GRANTED, token)


@dataclass(frozen=True)
class LocalSigner:
    """ECDSA on P-256 with a key that lies in the data folder."""

    certificates: tuple[bytes, ...]
    key: ec.EllipticCurvePrivateKey
    algorithm: str = "ecdsa-p256"

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))


@lru_cache(maxsize=4)
def local(folder: Path, clock: Callable[[], datetime]) -> Authority:
    """The authority of this data folder; its key is made at the first use."""
    path = folder / FILE
    if not path.exists():
        _make(path, clock())
    return Authority(_read(path), clock)


def certificate(folder: Path, clock: Callable[[], datetime]) -> bytes:
    """What vouches for the local authority's stamps, DER."""
    return local(folder, clock).signer.certificates[0]


def _read(path: Path) -> LocalSigner:
    certificate, closed = _parts(path)
    key = serialization.load_pem_private_key(unseal(closed, PURPOSE).encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own = x509.load_pem_x509_certificate(certificate.encode())
    return LocalSigner((own.public_bytes(serialization.Encoding.DER),), key)


def _parts(path: Path) -> tuple[str, str]:
    """The certificate, and below it the key, closed with the deployment's secret."""
    certificate, closed = path.read_text().rsplit("\n", 1)
    return certificate, closed


def sealed_texts(folder: Path) -> list[tuple[str, str]]:
    """What is kept sealed beside the database, for the doctor."""
    path = folder / FILE
    return [(_parts(path)[1], PURPOSE)] if path.exists() else []


def reseal(folder: Path) -> tuple[int, int]:
    """Seal the key with what seals today; how many were not, and how many stay shut."""
    path = folder / FILE
    if not path.exists() or is_sealed_anew(_parts(path)[1]):
        return 0, 0
    certificate, closed = _parts(path)
    try:
        anew = seal(unseal(closed, PURPOSE), PURPOSE)
    except CannotOpen:
        return 0, 1
    half = _written(path, f"{certificate}\n{anew}".encode())
    half.replace(path)
    return 1, 0


def _make(path: Path, at: datetime) -> None:
    """Written beside its place, then linked into it: of two made at once the first stays."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate = _certify(key, at).public_bytes(serialization.Encoding.PEM)
    half = _written(path, certificate.rstrip() + b"\n" + seal(pem.decode(), PURPOSE).encode())
    try:
        os.link(half, path)
    except FileExistsError:
        pass
    finally:
        half.unlink()


def _written(path: Path, content: bytes) -> Path:
    """A file beside a place, for the owner's eyes alone."""
    half = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return half


def _certify(key: ec.EllipticCurvePrivateKey, at: datetime) -> x509.Certificate:
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "Confer local time stamps, not for production")]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
