"""Baking: a credential put into the picture of its badge (Open Badges 3.0)."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


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
