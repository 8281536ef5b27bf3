"""A list of bits as Bitstring Status List writes it (W3C, 2025)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable

from app.open_badges.multibase import base64url, from_base64url

SIZE = 131_072
"""The least a list may hold, so that nobody learns whose bit is asked for."""


def encode(positions: Iterable[int]) -> str:
    """A list in which these bits are set; the same bits give the same text on every machine."""
    content = bytearray(SIZE // 8)
    for position in positions:
        content[position // 8] |= 0x80 >> position % 8  # bit 0 is the left-most of the first byte
    return "u" + base64url(_zipped(bytes(content)))


def is_set(encoded: str, position: int) -> bool:
    """Whether a bit is set; ValueError when the text is no list of the least size."""
    return bit(unpacked(encoded), position)


def unpacked(encoded: str) -> bytes:
    """The bits of a list, to look at many of them."""
    unzip = zlib.decompressobj(wbits=31)
    content = unzip.decompress(from_base64url(encoded.removeprefix("u")), 8 * SIZE)
    if len(content) * 8 < SIZE:
        raise ValueError("not a status list of the least size")
    return content


def bit(content: bytes, position: int) -> bool:
    if not 0 <= position < len(content) * 8:
        raise ValueError("not a status list that holds this bit")
    return bool(content[position // 8] & 0x80 >> position % 8)


def _zipped(content: bytes) -> bytes:
    """GZIP without a date; the byte that names the machine's system says "unknown"."""
    packed = bytearray(gzip.compress(content, mtime=0))
    packed[9] = 255
    return bytes(packed)
