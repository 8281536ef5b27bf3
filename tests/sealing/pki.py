"""A certificate authority of the tests, and those who sign under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
DAY = timedelta(days=1)


@dataclass(frozen=True)
class TestSigner:
    """Signs as `app.signing_keys.signing.Signer` does, with a key in memory."""

    __test__ = False
    algorithm: str
    certificates: tuple[bytes, ...]
    key: Private

    def sign(self, message: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))


class Authority:
    """Certifies societies, time-stamp authorities, and says what it has withdrawn."""

    def __init__(
        self, name: str = "Test authority", told_at: str = "http://ca.invalid/list.crl"
    ) -> None:
        self.key, self.told_at = ec.generate_private_key(ec.SECP256R1()), told_at
        self.name = _name(name)
        self.withdrawn: list[x509.RevokedCertificate] = []
        self.certificate = self._certify(self.name, self.key.public_key(), is_authority=True)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def signer(
        self,
        name: str,
        algorithm: str = "ecdsa-p256",
        key: Private | None = None,
        **facts: object,
    ) -> TestSigner:
        """Someone with a certificate of ours, for a new key or for one that is there."""
        key = key or (
            rsa.generate_private_key(65537, 3072)
            if algorithm == "rsa-3072"
            else ec.generate_private_key(ec.SECP256R1())
        )
        own = self._certify(_name(name), key.public_key(), **facts)  # type: ignore[arg-type]
        der = own.public_bytes(serialization.Encoding.DER)
        return TestSigner(algorithm, (der, self.der), key)

    def timestamping(self, algorithm: str = "rsa-3072", **facts: object) -> TestSigner:
        return self.signer("Test time stamps", algorithm, stamps=True, **facts)

    def withdraw(self, certificate: bytes, at: datetime) -> None:
        one = x509.load_der_x509_certificate(certificate)
        builder = x509.RevokedCertificateBuilder().serial_number(one.serial_number)
        self.withdrawn.append(builder.revocation_date(at).build())

    def crl(self, at: datetime | None = None) -> bytes:
        at = at or datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(at)
            .next_update(at + 30 * DAY)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for one in self.withdrawn:
            builder = builder.add_revoked_certificate(one)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _certify(
        self,
        name: x509.Name,
        public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        *,
        is_authority: bool = False,
        stamps: bool = False,
        days: int = 3650,
        since: datetime | None = None,
    ) -> x509.Certificate:
        since = since or datetime.now(UTC) - DAY
        usage = {
            "digital_signature": not is_authority,
            "content_commitment": not is_authority and not stamps,
            "key_cert_sign": is_authority,
            "crl_sign": is_authority,
        }
        rest = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
                "decipher_only")  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + days * DAY)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.KeyUsage(**usage, **dict.fromkeys(rest, False)), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        if stamps:
            only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(only, critical=True)
        if not is_authority:
            place = x509.UniformResourceIdentifier(self.told_at)
            point = x509.DistributionPoint([place], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "AT"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name} (seal)"),
        ]
    )
