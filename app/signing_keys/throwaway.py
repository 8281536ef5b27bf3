"""Keys for samples and tests: made in memory, gone with the process, under no society's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from app.clock import now
from app.signing_keys import certificates
from app.signing_keys.certificates import Named
from app.signing_keys.models import Algorithm
from app.signing_keys.signing import Private, Signer, new_private, signing_with

COUNTRY = "AT"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """An authority that nobody trusts, to stand above throw-away keys."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def certify(
        self, request: x509.CertificateSigningRequest, *, at: datetime | None = None,
        years: float = 3, usage: x509.KeyUsage = certificates.SEALS_ONLY,
        more: Sequence[x509.ExtensionType] = (),
    ) -> x509.Certificate:  # fmt: skip
        """Issue what a request asks for, from a day before the moment on."""
        subject, public = request.subject, request.public_key()
        builder = _issue(subject, public, self, at=at or now(), years=years, usage=usage)
        for one in more:
            builder = builder.add_extension(one, critical=False)
        return builder.sign(self.private, SHA256())


def authority(name: str = "Throw-away authority", *, at: datetime | None = None) -> Authority:
    """An authority whose certificate vouches for itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    begins = (at or now()).replace(microsecond=0) - A_DAY
    subject = Named(name, COUNTRY, name).subject
    public = private.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * 20))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_ISSUES_ONLY, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return Authority(builder.sign(private, SHA256()), private)


def signer(
    name: str, *, algorithm: Algorithm = Algorithm.ECDSA_P256, under: Authority | None = None,
    organisation: str | None = None, at: datetime | None = None,
) -> Signer:  # fmt: skip
    """A throw-away key for seals (or, with Ed25519, for proofs), vouched for by itself or `under`.

    Without a moment its certificate holds since yesterday.
    """
    private = new_private(algorithm)
    chain: tuple[bytes, ...] = ()
    if not isinstance(private, ed25519.Ed25519PrivateKey):
        named = Named(organisation or name, COUNTRY, f"{name} diploma seal")
        chain = _chain(private, named, under, at or now() - A_DAY)
    return Signer(
        algorithm=str(algorithm),
        certificates=chain,
        public_key=certificates.spki(private.public_key()),
        sign=signing_with(private),
    )


def _chain(
    private: Private, named: Named, under: Authority | None, at: datetime
) -> tuple[bytes, ...]:
    assert isinstance(private, certificates.Private)
    if under is None:
        own = certificates.self_signed(private, named, at=at)
        return (own.public_bytes(Encoding.DER),)
    asked = x509.load_pem_x509_csr(certificates.request(private, named).encode())
    return under.certify(asked, at=at + A_DAY).public_bytes(Encoding.DER), under.der


def _issue(
    subject: x509.Name, public: object, above: Authority, *, at: datetime, years: float,
    usage: x509.KeyUsage,
) -> x509.CertificateBuilder:  # fmt: skip
    assert isinstance(public, certificates.Asked)
    begins = at.astimezone(UTC).replace(microsecond=0) - A_DAY
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(above.private.public_key()),
            critical=False,
        )
    )


_ISSUES_ONLY = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
    encipher_only=False, decipher_only=False,
)  # fmt: skip
