"""Time stamps of RFC 3161: requests and answers; an answer is checked before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.sealing import cms, der
from app.signing_keys import certificates

TST_INFO = der.oid("1.2.840.113549.1.9.16.1.4")
SHA256 = der.oid("2.16.840.1.101.3.4.2.1")
RSA_PSS = der.oid("1.2.840.113549.1.1.10")
HASHES: dict[bytes, hashes.HashAlgorithm] = {
    der.oid("2.16.840.1.101.3.4.2.1"): hashes.SHA256(),
    der.oid("2.16.840.1.101.3.4.2.2"): hashes.SHA384(),
    der.oid("2.16.840.1.101.3.4.2.3"): hashes.SHA512(),
}
GRANTED = {0, 1}
LONGEST_CHAIN = 8


class BadToken(Exception):
    """An answer that is no time stamp of what was asked; the message says what is wrong."""


@dataclass(frozen=True)
class Stamp:
    """A time stamp that was checked."""

    token: bytes
    at: datetime
    """The authority's time."""
    authority: str
    valid_until: datetime
    """Until when the authority's certificate holds."""


@dataclass(frozen=True)
class Request:
    """What an authority is asked to stamp."""

    digest: bytes
    nonce: int

    def encoded(self) -> bytes:
        return der.sequence(
            der.integer(1),
            imprint(self.digest),
            der.integer(self.nonce),
            b"\x01\x01\xff",  # its certificate, please
        )


@dataclass(frozen=True)
class Info:
    """What a token says."""

    digest: bytes
    """The SHA-256 that is stamped."""
    at: datetime
    nonce: int | None


def imprint(digest: bytes) -> bytes:
    return der.sequence(cms.SHA256, der.octets(digest))


def read_request(data: bytes) -> Request:
    """A request for a SHA-256 with a nonce, as ours are."""
    version, asked, *rest = der.read(data).parts(der.SEQUENCE)
    nonce = next((one.number for one in rest if one.tag == der.INTEGER), None)
    if version.number != 1 or nonce is None:
        raise der.Malformed("a request of another form")
    return Request(_imprinted(asked), nonce)


def _imprinted(imprint: der.Element) -> bytes:
    """The SHA-256 in an imprint; its algorithm may come with an empty parameter."""
    algorithm, digest = imprint.parts(der.SEQUENCE)
    if next(iter(algorithm)).whole != SHA256 or len(digest.content) != cms.DIGEST_BYTES:
        raise der.Malformed("an imprint of another algorithm")
    return digest.content


def read_info(content: bytes) -> Info:
    parts = der.read(content).parts(der.SEQUENCE)
    nonce = next((part.number for part in parts[5:] if part.tag == der.INTEGER), None)
    told = parts[4].content.decode("ascii")
    form = "%Y%m%d%H%M%S.%fZ" if "." in told else "%Y%m%d%H%M%SZ"
    return Info(_imprinted(parts[2]), datetime.strptime(told, form).replace(tzinfo=UTC), nonce)


def token_in(answer: bytes) -> bytes:
    """The token of an answer that grants it."""
    status, *rest = der.read(answer).parts(der.SEQUENCE)
    said = next(iter(status)).number
    if said not in GRANTED or not rest:
        raise BadToken(f"the authority refuses (status {said})")
    return rest[0].whole


def check(answer: bytes, asked: Request, *, roots: Sequence[x509.Certificate] = ()) -> Stamp:
    """The stamp that an answer brings, once everything about it was found in order."""
    try:
        token = token_in(answer)
    except (der.Malformed, StopIteration) as wrong:
        raise BadToken(f"the answer cannot be read: {wrong}") from None
    stamp, info = stamp_of(token, digest=asked.digest, roots=roots)
    if info.nonce != asked.nonce:
        raise BadToken("the answer belongs to another request")
    return stamp


def stamp_of(
    token: bytes, *, digest: bytes, roots: Sequence[x509.Certificate] = ()
) -> tuple[Stamp, Info]:
    """A token that stamps this digest, signed by a certificate that is there for it."""
    try:
        return _stamp_of(token, digest, roots)
    except (der.Malformed, ValueError, IndexError, StopIteration) as wrong:
        raise BadToken(f"the token cannot be read: {wrong}") from None


def _stamp_of(token: bytes, digest: bytes, roots: Sequence[x509.Certificate]) -> tuple[Stamp, Info]:
    signed = cms.read(token)
    info = read_info(signed.content)
    if signed.content_type != TST_INFO or info.digest != digest:
        raise BadToken("the token stamps something else")
    hashed = cms.DIGESTS.get(signed.digest_algorithm)
    if hashed is None or signed.digest != hashed(signed.content).digest():
        raise BadToken("the token was changed")
    if not signed.names_its_certificate():
        raise BadToken("the token names another certificate")
    certificate = x509.load_der_x509_certificate(signed.certificate)
    _check_signature(signed, certificate)
    _check_certificate(certificate, info.at)
    if roots:
        _check_chain(certificate, signed.certificates, roots, info.at)
    until = certificate.not_valid_after_utc
    return Stamp(token, info.at, certificates.common_name(certificate.subject), until), info


def _check_signature(signed: cms.Signed, certificate: x509.Certificate) -> None:
    key, hashed = certificate.public_key(), _hash_of(signed)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            pss = signed.algorithm.startswith(RSA_PSS, 2)
            filled = (
                padding.PSS(padding.MGF1(hashed), padding.PSS.AUTO) if pss else padding.PKCS1v15()
            )
            key.verify(signed.signature, signed.attributes, filled, hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signed.signature, signed.attributes, ec.ECDSA(hashed))
        else:
            raise BadToken("the authority signs in a way that is not read here")
    except InvalidSignature:
        raise BadToken("the authority's signature is wrong") from None


def _hash_of(signed: cms.Signed) -> hashes.HashAlgorithm:
    try:
        return HASHES[signed.digest_algorithm]
    except KeyError:
        raise BadToken("the authority uses a digest that is not read here") from None


def _check_certificate(certificate: x509.Certificate, at: datetime) -> None:
    """Made for time stamps and nothing else, and valid at the moment it states."""
    try:
        use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise BadToken("the certificate is not one for time stamps") from None
    if not use.critical or list(use.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise BadToken("the certificate is not one for time stamps alone")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise BadToken("the certificate is not valid at the time that is stated")


def _check_chain(
    leaf: x509.Certificate,
    others: Sequence[bytes],
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> None:
    """From the authority's certificate up to one that this deployment trusts."""
    known = [x509.load_der_x509_certificate(one) for one in others]
    current = leaf
    for _step in range(LONGEST_CHAIN):
        if current in roots:
            return
        above = next((one for one in (*roots, *known) if _issued(one, current, at)), None)
        if above is None or above == current:
            break
        current = above
    raise BadToken("the authority's certificate comes from nobody who is trusted here")


def _issued(issuer: x509.Certificate, one: x509.Certificate, at: datetime) -> bool:
    is_valid = issuer.not_valid_before_utc <= at <= issuer.not_valid_after_utc
    return is_valid and certificates.is_authority(issuer) and certificates.is_signed_by(one, issuer)
