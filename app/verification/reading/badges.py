"""Credentials by themselves: JSON, a compact JWT, or baked into a picture (Open Badges 3.0, 5.3).

A picture is never decoded, and no JSON-LD is ever expanded: a stranger's graph can take minutes.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from .facts import MOST_CREDENTIAL, MOST_SERIALS, SERIAL, Facts

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
ELEMENT = "credential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
MOST_CHUNKS = 5_000
DEEPEST = 60
JWT = re.compile(rb"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\Z")


class Broken(Exception):
    """It is not what it says it is."""


class TooMuch(Exception):
    """More than a credential of ours could ever hold."""


def read(form: str, content: bytes) -> Facts:
    """The facts of a picture or of a credential by itself."""
    takers = {"png": from_png, "svg": from_svg, "json": _as_text, "jwt": _as_text}
    try:
        text = takers[form](content)
    except TooMuch:
        return Facts(form=form, fault="excessive")
    except Broken:
        return Facts(form=form, fault="broken")
    found = dict.fromkeys(match.decode() for match in SERIAL.findall(text.encode()))
    return Facts(form=form, credential=text, serials=tuple(found)[:MOST_SERIALS])


def from_png(content: bytes) -> str:
    """The credential in a PNG's iTXt chunk; pixels are not looked at."""
    for kind, body in _chunks(content):
        if kind != b"iTXt":
            continue
        keyword, _null, rest = body.partition(b"\0")
        if keyword != KEYWORD or len(rest) < 2:
            continue
        is_packed = rest[0] == 1
        _language, _null, rest = rest[2:].partition(b"\0")
        _translated, _null, text = rest.partition(b"\0")
        if is_packed:
            try:
                text = zlib.decompressobj().decompress(text, MOST_CREDENTIAL + 1)
            except zlib.error:
                raise Broken from None
        return _as_text(text)
    return ""


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG)
    for _count in range(MOST_CHUNKS):
        if place + 12 > len(content):
            return
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        end = place + 8 + length
        if end + 4 > len(content):
            raise Broken
        yield kind, content[place + 8 : end]
        if kind == b"IEND":
            return
        place = end + 4
    raise TooMuch


def from_svg(content: bytes) -> str:
    """The credential in an SVG's `openbadges:credential` element; entities are refused."""
    reader = _Svg()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError:
        raise Broken from None
    return reader.verify or "".join(reader.parts).strip()


class _Svg:
    """Listens for one element of an SVG."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.depth = self.inside = self.length = 0
        self.parts: list[str] = []
        self.verify = ""

    def _refuse(self, *_arguments: object) -> None:
        raise TooMuch

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooMuch
        if name == f"{NAMESPACE} {ELEMENT}" and not self.parts:
            self.inside = self.depth
            self.verify = attributes.get("verify", "")[: MOST_CREDENTIAL + 1]
            if len(self.verify) > MOST_CREDENTIAL:
                raise TooMuch

    def _end(self, _name: str) -> None:
        if self.depth == self.inside:
            self.inside = 0
        self.depth -= 1

    def _text(self, text: str) -> None:
        if self.inside:
            self.length += len(text)
            if self.length > MOST_CREDENTIAL:
                raise TooMuch
            self.parts.append(text)


def _as_text(content: bytes) -> str:
    if len(content) > MOST_CREDENTIAL:
        raise TooMuch
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Broken from None


def is_jwt(content: bytes) -> bool:
    return len(content) <= MOST_CREDENTIAL and JWT.fullmatch(content.strip()) is not None
