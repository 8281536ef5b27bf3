"""Baking: a credential put into the picture of its badge, and taken out again (Open Badges 3.0)."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
MOST_CHUNKS = 4096
LONGEST = 1_000_000
"""Characters of a credential that is still taken out of a picture."""


class NotBaked(Exception):
    """A picture in which no credential is found."""


def bake_png(picture: bytes, document: str) -> bytes:
    """Put the credential behind the head of a PNG, uncompressed."""
    content = KEYWORD + b"\0\0\0\0\0" + document.encode()
    chunk = b"iTXt" + content
    baked = struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    end = len(SIGNATURE) + 12 + struct.unpack(">I", picture[8:12])[0]
    return picture[:end] + baked + picture[end:]


def bake_svg(picture: str, document: str) -> str:
    """Put the credential behind the opening tag of an SVG."""
    head, sign, tail = picture.partition(">")
    inside = document.replace("]]>", "]]]]><![CDATA[>")
    return (
        f'{head} xmlns:openbadges="{NAMESPACE}"{sign}<openbadges:credential><![CDATA[{inside}]]>'
        f"</openbadges:credential>{tail}"
    )


def unbake(picture: bytes) -> str:
    """The credential in a picture that somebody sends; `NotBaked` when there is none.

    Nothing is inflated and no XML is parsed: a stranger's picture costs no more than its length.
    """
    if picture.startswith(SIGNATURE):
        return _from_png(picture)
    return _from_svg(picture)


def _from_png(picture: bytes) -> str:
    for kind, content in _chunks(picture):
        if kind == b"iTXt" and content.startswith(KEYWORD + b"\0"):
            parts = content[len(KEYWORD) + 1 :].split(b"\0", 3)
            is_plain = len(parts) == 4 and parts[0] == b"" and content[len(KEYWORD) + 1] == 0
            if is_plain:
                return _text(parts[-1].removeprefix(b"\0"))
    raise NotBaked


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    for _n in range(MOST_CHUNKS):
        if place + 12 > len(picture):
            return
        (length,) = struct.unpack(">I", picture[place : place + 4])
        yield picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        place += 12 + length


TAG = re.compile(
    rb"<([A-Za-z][\w.-]{0,60}):credential\s*>\s*((?:<!\[CDATA\[.*?\]\]>\s*)+)</\1:credential>",
    re.DOTALL,
)


def _from_svg(picture: bytes) -> str:
    found = TAG.search(picture)
    if found is None or NAMESPACE.encode() not in picture[: found.start()]:
        raise NotBaked
    return _text(b"".join(re.findall(rb"<!\[CDATA\[(.*?)\]\]>", found.group(2), re.DOTALL)))


def _text(content: bytes) -> str:
    if len(content) > LONGEST:
        raise NotBaked
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise NotBaked from None
