"""Certificates of seal keys: making one's own, asking an authority for one, reading what it gave.

X.509 by RFC 5280; a certificate of ours is made out to a legal person and serves for seals alone
(digital signature and content commitment), as eIDAS, Article 36, has it for advanced seals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificatePublicKeyTypes,
    PublicKeyTypes,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
    pkcs7,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

from app.errors import Refusal
from app.texts import gettext as _

YEARS = 10
LONGEST_NAME = 64
"""Of an organisation's or a common name (RFC 5280, appendix A.1), counted in bytes of UTF-8."""
LARGEST_CHAIN = 10
QC_STATEMENTS = ObjectIdentifier("1.3.6.1.5.5.7.1.3")
QC_COMPLIANCE = bytes.fromhex("06060400 8e460101")
"""The statement that a certificate is a qualified one (ETSI EN 319 412-5, 4.2.1), as DER."""

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Asked = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
"""What certificates are asked for: private and public halves of seal keys."""


@dataclass(frozen=True)
class Named:
    """Whom a certificate is made out to."""

    organisation: str
    country: str
    common: str

    @property
    def subject(self) -> x509.Name:
        country = self.country.upper() if len(self.country) == 2 else ""
        told = [
            (NameOID.COUNTRY_NAME, country),
            (NameOID.ORGANIZATION_NAME, _fitted(self.organisation)),
            (NameOID.COMMON_NAME, _fitted(self.common)),
        ]
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in told if text])


def self_signed(
    private: Private, named: Named, *, at: datetime, years: int = YEARS
) -> x509.Certificate:
    """A certificate in which the key vouches for itself, from the moment on."""
    public, begins = private.public_key(), at.replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named.subject)
        .issuer_name(named.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=round(365.25 * years)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(SEALS_ONLY, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    return builder.sign(private, SHA256())


def request(private: Private, named: Named) -> str:
    """What an authority is sent to certify the key (PKCS#10, PEM)."""
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(named.subject)
        .add_extension(SEALS_ONLY, critical=True)
    )
    return builder.sign(private, SHA256()).public_bytes(Encoding.PEM).decode()


SEALS_ONLY = x509.KeyUsage(
    digital_signature=True, content_commitment=True, key_encipherment=False,
    data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
    encipher_only=False, decipher_only=False,
)  # fmt: skip


def read(content: bytes) -> list[x509.Certificate]:
    """The certificates in a file: PEM, DER, or PKCS#7 in either form."""
    readers = (
        x509.load_pem_x509_certificates,
        lambda data: [x509.load_der_x509_certificate(data)],
        pkcs7.load_pem_pkcs7_certificates,
        pkcs7.load_der_pkcs7_certificates,
    )
    for reader in readers:
        try:
            found = reader(content)
        except Exception:  # each says in its own way that this is not its form
            continue
        if found:
            return list(found)
    raise Refusal(_("There is no certificate in this file. It takes PEM, DER or PKCS#7 (.p7b)."))


def chain(
    found: Sequence[x509.Certificate], public: PublicKeyTypes | None, *, at: datetime
) -> list[x509.Certificate]:
    """These certificates in order, the key's own first; or a `Refusal` that says what is wrong.

    Without a key the one that issued none of the others is taken for the key's own.
    """
    if len(found) > LARGEST_CHAIN:
        raise Refusal(_("These are too many certificates for one chain."))
    own = _own(found, public)
    ordered, left = [own], [one for one in found if one != own]
    while ordered[-1].issuer != ordered[-1].subject and (above := _issuer(ordered[-1], left)):
        ordered.append(above)
        left.remove(above)
    faults = [*_faults_of(own, at), *_faults_above(ordered, at)]
    if left:
        names = ", ".join(sorted({common_name(one.subject) for one in left}))
        faults.append(_("The chain does not lead to: %(names)s. Leave these out, or add what is "
                        "missing between.", names=names))  # fmt: skip
    if faults:
        raise Refusal(*faults)
    return ordered


def _own(found: Sequence[x509.Certificate], public: PublicKeyTypes | None) -> x509.Certificate:
    if public is not None:
        mine = [one for one in found if spki(one.public_key()) == spki(public)]
        if not mine:
            raise Refusal(_("None of these certificates is for this key. Was it issued for the "
                            "certificate request of another key?"))  # fmt: skip
        return max(mine, key=lambda one: one.not_valid_before_utc)
    issuers = {one.issuer for one in found if one.issuer != one.subject}
    last = [one for one in found if one.subject not in issuers] or list(found)
    if len(last) > 1:
        raise Refusal(_("It is not clear which of these certificates is the society's own."))
    return last[0]


def _issuer(below: x509.Certificate, among: Sequence[x509.Certificate]) -> x509.Certificate | None:
    return next((one for one in among if one.subject == below.issuer), None)


def _faults_of(own: x509.Certificate, at: datetime) -> list[str]:
    """What keeps the key's own certificate from being one for seals."""
    faults = []
    if own.not_valid_after_utc <= at:
        faults.append(_("The certificate ended on %(day)s.", day=own.not_valid_after_utc.date()))
    if own.not_valid_before_utc > at + timedelta(minutes=5):
        faults.append(_("The certificate begins only on %(day)s.",
                        day=own.not_valid_before_utc.date()))  # fmt: skip
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            faults.append(_("The certificate is not for signatures or seals (its key usage)."))
    except x509.ExtensionNotFound:
        faults.append(_("The certificate does not say what it is for (its key usage)."))
    except ValueError:
        faults.append(_("The certificate cannot be read in full."))
    if is_authority(own):
        faults.append(_("This is the certificate of an authority, not of a seal."))
    return faults


def _faults_above(ordered: Sequence[x509.Certificate], at: datetime) -> list[str]:
    faults = []
    for below, above in pairwise(ordered):
        name = common_name(above.subject)
        if not is_authority(above):
            faults.append(_("%(name)s is not the certificate of an authority.", name=name))
        if not above.not_valid_before_utc <= at < above.not_valid_after_utc:
            faults.append(_("The certificate of %(name)s does not hold today.", name=name))
        if not is_signed_by(below, above):
            faults.append(_("%(below)s was not signed by %(above)s, whatever it says.",
                            below=common_name(below.subject), above=name))  # fmt: skip
    last = ordered[-1]
    if len(ordered) == 1 and last.issuer != last.subject:
        faults.append(_("The certificate of %(name)s, which issued it, is missing.",
                        name=common_name(last.issuer)))  # fmt: skip
    elif last.issuer == last.subject and not is_signed_by(last, last):
        faults.append(_("%(name)s did not sign its own certificate, whatever it says.",
                        name=common_name(last.subject)))  # fmt: skip
    return faults


def is_signed_by(below: x509.Certificate, above: x509.Certificate) -> bool:
    """Whether a certificate names the other as its issuer and bears its signature."""
    try:
        below.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def is_authority(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return found.value.ca


def says_qualified(certificate: x509.Certificate) -> bool:
    """Whether a certificate itself states that it is a qualified one."""
    try:
        extension = certificate.extensions.get_extension_for_oid(QC_STATEMENTS).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return QC_COMPLIANCE in extension.public_bytes()


def common_name(name: x509.Name) -> str:
    """What people call it: its common name, else its organisation, else all of it."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(oid):
            return str(found[0].value)
    return name.rfc4514_string()


def pem(certificates: Sequence[x509.Certificate]) -> str:
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in certificates)


@lru_cache(maxsize=256)
def der(text: str) -> tuple[bytes, ...]:
    """The certificates of a PEM text as DER, in its order."""
    return tuple(one.public_bytes(Encoding.DER) for one in parsed(text))


@lru_cache(maxsize=256)
def parsed(text: str) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(text.encode())) if text.strip() else ()


@lru_cache(maxsize=256)
def public_key(text: str) -> PublicKeyTypes:
    return load_pem_public_key(text.encode())


def spki(public: PublicKeyTypes | CertificatePublicKeyTypes) -> bytes:
    """A public key as SubjectPublicKeyInfo, DER."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_pem(public: PublicKeyTypes | CertificatePublicKeyTypes) -> str:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def algorithm(public: PublicKeyTypes | CertificatePublicKeyTypes) -> str | None:
    """What we call its algorithm; nothing when we do not seal with it."""
    if isinstance(public, ec.EllipticCurvePublicKey):
        return "ecdsa-p256" if isinstance(public.curve, ec.SECP256R1) else None
    if isinstance(public, rsa.RSAPublicKey):
        return f"rsa-{public.key_size}" if public.key_size in {3072, 4096} else None
    return "ed25519" if isinstance(public, ed25519.Ed25519PublicKey) else None


@lru_cache(maxsize=512)
def digest(public: str) -> str:
    """The SHA-256 of a public key (PEM), by which seals and the log name it."""
    return hashlib.sha256(spki(public_key(public))).hexdigest()


def grouped(content: bytes) -> str:
    """The SHA-256 of something, in groups that people can compare aloud."""
    digest = hashlib.sha256(content).hexdigest().upper()
    return " ".join(digest[at : at + 4] for at in range(0, 64, 4))


def _fitted(name: str) -> str:
    """As much of a name as fits, cut between words."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return _cut(_cut(name, LONGEST_NAME + 1).rsplit(" ", 1)[0], LONGEST_NAME)


def _cut(name: str, most: int) -> str:
    """As many whole letters as are no more than so many bytes."""
    return name.encode()[:most].decode(errors="ignore")
