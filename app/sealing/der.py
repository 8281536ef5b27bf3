"""DER by hand: as much of ASN.1 as a seal needs, written and read without a schema.

A seal is two hundred bytes that change inside two thousand that do not; building objects for all
of them takes twenty times as long as the signature itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x02, 0x03, 0x04, 0x05, 0x06
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31


class Malformed(Exception):
    """These bytes are no DER, or not of the form that is read here."""


def tlv(tag: int, *parts: bytes) -> bytes:
    """A tag, the length of its parts, and the parts."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    return tlv(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """A SET OF: DER sorts its members by their encoding."""
    return tlv(SET, *sorted(parts))


def octets(content: bytes) -> bytes:
    return tlv(OCTET_STRING, content)


def integer(value: int) -> bytes:
    """A number that is not negative."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@lru_cache(maxsize=64)
def oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytearray((40 * first + second,))
    for part in rest:
        piece = [part & 0x7F]
        while part := part >> 7:
            piece.append(0x80 | part & 0x7F)
        content += bytes(reversed(piece))
    return tlv(OID, bytes(content))


def moment(at: datetime) -> bytes:
    """GeneralizedTime in UTC, to the second."""
    return tlv(GENERALIZED_TIME, at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


@dataclass(frozen=True)
class Element:
    """A value as it lies in a longer text."""

    tag: int
    content: bytes
    whole: bytes

    def __iter__(self) -> Iterator[Element]:
        """The parts of a value that is made of values."""
        rest = self.content
        while rest:
            part = read(rest)
            yield part
            rest = rest[len(part.whole) :]

    def parts(self, tag: int | None = None) -> list[Element]:
        if tag is not None and self.tag != tag:
            raise Malformed(f"tag {self.tag:#04x} instead of {tag:#04x}")
        return list(self)

    @property
    def number(self) -> int:
        return int.from_bytes(self.content, "big", signed=True)


def read(data: bytes) -> Element:
    """The first value of a text; whatever follows it is left alone."""
    if len(data) < 2:
        raise Malformed("the text ends within a value")
    tag, size, start = data[0], data[1], 2
    if size >= 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4:
            raise Malformed("a length that DER does not have")
        start += count
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        raise Malformed("the text ends within a value")
    return Element(tag, data[start : start + size], data[: start + size])
