"""A seal's signature: CMS with the signed attributes that PAdES asks for (EN 319 122, 319 142).

Everything but the digest and the signature is the same for each document a key seals, so it is
encoded once for a key and kept. The same writer makes the tokens of the local time-stamp authority.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from app.sealing import der

DATA, SIGNED_DATA = der.oid("1.2.840.113549.1.7.1"), der.oid("1.2.840.113549.1.7.2")
CONTENT_TYPE, MESSAGE_DIGEST = (
    der.oid("1.2.840.113549.1.9.3"),
    der.oid("1.2.840.113549.1.9.4"),
)
SIGNING_CERTIFICATE_V1 = der.oid("1.2.840.113549.1.9.16.2.12")
SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
TIMESTAMP_TOKEN = der.oid("1.2.840.113549.1.9.16.2.14")
SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
RSA = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.tlv(der.NULL))
ALGORITHMS = {
    "ecdsa-p256": der.sequence(der.oid("1.2.840.10045.4.3.2")),
    "rsa-3072": RSA,
    "rsa-4096": RSA,
}
LONGEST_SIGNATURE = {"ecdsa-p256": 72, "rsa-3072": 384, "rsa-4096": 512}
DIGEST_BYTES = 32


DIGESTS = {
    der.oid("2.16.840.1.101.3.4.2.1"): hashlib.sha256,
    der.oid("2.16.840.1.101.3.4.2.2"): hashlib.sha384,
    der.oid("2.16.840.1.101.3.4.2.3"): hashlib.sha512,
}


class Signs(Protocol):
    """Whoever signs: `app.signing_keys.signing.Signer` and the local time-stamp authority."""

    @property
    def algorithm(self) -> str: ...
    @property
    def certificates(self) -> Sequence[bytes]: ...
    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True)
class Form:
    """What stays the same in every signature of a key."""

    algorithm: str
    certificates: tuple[bytes, ...]
    """DER, the signer's own first, then its chain."""

    def attributes(self, digest: bytes, *, content_type: bytes = DATA) -> bytes:
        """The signed attributes as they are signed: a SET OF three."""
        before, after = _attributes(self.certificates[0], content_type)
        return before + digest + after

    def container(
        self,
        attributes: bytes,
        signature: bytes,
        *,
        timestamp: bytes = b"",
        content_type: bytes = DATA,
        content: bytes = b"",
    ) -> bytes:
        """The whole CMS; without content it is detached."""
        head, signer, algorithm = _frame(self.algorithm, self.certificates[0], content_type)
        carried = der.sequence(content_type, der.tlv(0xA0, der.octets(content)) if content else b"")
        unsigned = b""
        if timestamp:
            unsigned = der.tlv(0xA1, der.sequence(TIMESTAMP_TOKEN, der.tlv(der.SET, timestamp)))
        # Inside the signer's part the same attributes carry another tag; the signature does not.
        signer_info = der.sequence(
            signer, b"\xa0" + attributes[1:], algorithm, der.octets(signature), unsigned
        )
        signed = der.sequence(
            head, carried, _certificates(self.certificates), der.tlv(der.SET, signer_info)
        )
        return der.sequence(SIGNED_DATA, der.tlv(0xA0, signed))

    @property
    def longest(self) -> int:
        """How many bytes a container without a time stamp takes at most."""
        return _longest(self)


def form(signer: Signs) -> Form:
    return Form(signer.algorithm, tuple(signer.certificates))


def sign(signer: Signs, digest: bytes) -> bytes:
    """A detached CAdES signature over a document of this SHA-256."""
    its = form(signer)
    attributes = its.attributes(digest)
    return its.container(attributes, signer.sign(attributes))


@lru_cache(maxsize=256)
def _attributes(certificate: bytes, content_type: bytes) -> tuple[bytes, bytes]:
    """The signed attributes before and after the digest: it stands in the middle of them."""
    hidden = b"\x00" * DIGEST_BYTES
    named = der.sequence(der.octets(hashlib.sha256(certificate).digest()))
    whole = der.set_of(
        der.sequence(CONTENT_TYPE, der.tlv(der.SET, content_type)),
        der.sequence(MESSAGE_DIGEST, der.tlv(der.SET, der.octets(hidden))),
        der.sequence(SIGNING_CERTIFICATE_V2, der.tlv(der.SET, der.sequence(der.sequence(named)))),
    )
    mark = MESSAGE_DIGEST + der.tlv(der.SET, der.octets(hidden))
    place = whole.index(mark) + len(mark) - DIGEST_BYTES
    return whole[:place], whole[place + DIGEST_BYTES :]


@lru_cache(maxsize=256)
def _frame(algorithm: str, certificate: bytes, content_type: bytes) -> tuple[bytes, bytes, bytes]:
    """Version and digest algorithm; the signer's name and digest algorithm; how it signs."""
    version = der.integer(1 if content_type == DATA else 3)
    issuer, serial = issuer_and_serial(certificate)
    signer = der.integer(1) + der.sequence(issuer, serial) + SHA256
    return version + der.tlv(der.SET, SHA256), signer, ALGORITHMS[algorithm]


@lru_cache(maxsize=256)
def _certificates(certificates: tuple[bytes, ...]) -> bytes:
    return der.tlv(0xA0, *sorted(set(certificates)))


@lru_cache(maxsize=256)
def _longest(its: Form) -> int:
    attributes = its.attributes(b"\x00" * DIGEST_BYTES)
    return len(its.container(attributes, b"\x00" * LONGEST_SIGNATURE[its.algorithm]))


def issuer_and_serial(certificate: bytes) -> tuple[bytes, bytes]:
    """Who issued a certificate and under which number, both as they are encoded in it."""
    fields = der.read(certificate).parts(der.SEQUENCE)[0].parts(der.SEQUENCE)
    numbered = fields[1:] if fields[0].tag == 0xA0 else fields
    return numbered[2].whole, numbered[0].whole


# ------------------------------------------------------------------ reading what was written


@dataclass(frozen=True)
class Signed:
    """What a container of one signer says; nothing is believed yet."""

    certificates: tuple[bytes, ...]
    """In the order of the container."""
    issuer: bytes
    serial: bytes
    attributes: bytes
    """As they were signed."""
    digest_algorithm: bytes
    """Its object identifier, as it is encoded."""
    algorithm: bytes
    """The algorithm of the signature with its parameters, as it is encoded."""
    signature: bytes
    content_type: bytes
    content: bytes

    def attribute(self, kind: bytes) -> der.Element | None:
        """The one value of an attribute of this kind."""
        for attribute in der.read(self.attributes):
            name, values = attribute.parts(der.SEQUENCE)
            if name.whole == kind:
                (value,) = values.parts(der.SET)
                return value
        return None

    @property
    def digest(self) -> bytes:
        """The digest of what was signed, as the signer wrote it down."""
        value = self.attribute(MESSAGE_DIGEST)
        return value.content if value else b""

    @property
    def certificate(self) -> bytes:
        """The certificate whose issuer and number the signer names."""
        for one in self.certificates:
            if issuer_and_serial(one) == (self.issuer, self.serial):
                return one
        raise der.Malformed("the signer's certificate is not there")

    def names_its_certificate(self) -> bool:
        """Whether the signed attributes name this very certificate by its digest."""
        digest = hashlib.sha256
        value = self.attribute(SIGNING_CERTIFICATE_V2)
        if value is None:
            value, digest = self.attribute(SIGNING_CERTIFICATE_V1), hashlib.sha1
        if value is None:
            return False
        parts = next(iter(next(iter(value)))).parts(der.SEQUENCE)
        if parts[0].tag == der.SEQUENCE:
            named = DIGESTS.get(next(iter(parts.pop(0))).whole)
            if named is None:
                return False
            digest = named
        return parts[0].content == digest(self.certificate).digest()


def read(container: bytes) -> Signed:
    """Take a container of one signer apart; padding after it is left alone."""
    kind, wrapped = der.read(container).parts(der.SEQUENCE)
    if kind.whole != SIGNED_DATA:
        raise der.Malformed("no signed data")
    (signed,) = wrapped.parts(0xA0)
    parts = signed.parts(der.SEQUENCE)
    carried = parts[2].parts(der.SEQUENCE)
    content = next(iter(carried[1])).content if len(carried) > 1 else b""
    certificates = next((part for part in parts[3:] if part.tag == 0xA0), None)
    (info,) = parts[-1].parts(der.SET)
    signer = info.parts(der.SEQUENCE)
    issuer, serial = signer[1].parts(der.SEQUENCE)
    if signer[3].tag != 0xA0:
        raise der.Malformed("no signed attributes")
    return Signed(
        certificates=tuple(one.whole for one in certificates or ()),
        issuer=issuer.whole,
        serial=serial.whole,
        attributes=b"\x31" + signer[3].whole[1:],
        digest_algorithm=next(iter(signer[2])).whole,
        algorithm=signer[4].whole,
        signature=signer[5].content,
        content_type=carried[0].whole,
        content=content,
    )
