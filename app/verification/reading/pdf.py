"""A PDF: its signatures, the credential attached to it, and the serials it names."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.generic import Dereferenceable
from pyhanko.pdf_utils.reader import PdfFileReader

from .facts import MOST_CREDENTIAL, MOST_SERIALS, SERIAL, Facts
from .seals import Excessive, signatures

MOST_STREAMS = 200
MOST_INFLATED = 2_000_000
"""Bytes of one stream; all together may hold ten times as many."""
MOST_ATTACHMENTS = 60
DEEPEST_TREE = 6
ATTACHED = "credential.json"


def read(content: bytes) -> Facts:
    """The facts of a PDF; one that cannot be read to its end says why."""
    serials = tuple(_serials_in(content))
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=True)
        if reader.encrypted:
            return Facts(form="pdf", fault="encrypted", serials=serials)
        seals, stamps, empty, is_covered, ends = signatures(reader)
        attached = _attached(reader)
        has_archive = "/DSS" in reader.root
    except (Excessive, RecursionError, MemoryError):
        return Facts(form="pdf", fault="excessive", serials=serials)
    except Exception:
        return Facts(form="pdf", fault="broken", serials=serials)
    return Facts(
        form="pdf",
        serials=serials,
        seals=tuple(seals),
        stamps=tuple(stamps),
        empty_fields=tuple(empty),
        credential=attached,
        has_archive=has_archive,
        is_covered=is_covered,
        revisions=tuple(_digests(content, ends)),
    )


def _digests(content: bytes, ends: list[int]) -> Iterator[str]:
    """SHA-256 of the file up to each of these places."""
    so_far, begin = hashlib.sha256(), 0
    for end in ends:
        so_far.update(content[begin:end])
        begin = end
        yield so_far.hexdigest()


def _attached(reader: PdfFileReader) -> str:
    """The credential that the document carries with it."""
    try:
        tree = reader.root["/Names"]["/EmbeddedFiles"]
    except KeyError:
        return ""
    for count, (name, entry) in enumerate(_names(tree, 0)):
        if count >= MOST_ATTACHMENTS:
            raise Excessive
        if str(name) != ATTACHED:
            continue
        stream = _plain(entry)["/EF"]["/F"]
        if len(stream.encoded_data) > MOST_CREDENTIAL:
            raise Excessive
        if str(stream.get("/Filter", "")) not in {"", "/FlateDecode", "['/FlateDecode']"}:
            return ""
        raw = stream.encoded_data
        if "/Filter" in stream:
            raw = zlib.decompressobj().decompress(raw, MOST_CREDENTIAL + 1)
        if len(raw) > MOST_CREDENTIAL:
            raise Excessive
        return bytes(raw).decode("utf-8", "replace")
    return ""


def _names(node: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    """The pairs of a name tree, which a hostile file may have bent into a ring."""
    if depth > DEEPEST_TREE:
        raise Excessive
    node = _plain(node)
    pairs = node.get("/Names", [])
    for index in range(0, len(pairs) - 1, 2):
        yield pairs[index], pairs[index + 1]
    for child in list(node.get("/Kids", []))[:MOST_ATTACHMENTS]:
        yield from _names(child, depth + 1)


def _plain(value: Any) -> Any:
    return value.get_object() if isinstance(value, Dereferenceable) else value


def _serials_in(content: bytes) -> Iterator[str]:
    """Serials that a PDF names: in the clear, or in streams that inflate to a reasonable size."""
    seen: set[bytes] = set()
    for text in (content, *_inflated(content)):
        for match in SERIAL.finditer(text):
            if match.group() not in seen:
                seen.add(match.group())
                yield match.group().decode()
            if len(seen) >= MOST_SERIALS:
                return


def _inflated(content: bytes) -> Iterator[bytes]:
    left = 10 * MOST_INFLATED
    for count, match in enumerate(re.finditer(rb"stream\r?\n", content)):
        if count == MOST_STREAMS or left <= 0:
            return
        try:
            text = zlib.decompressobj().decompress(
                content[match.end() : match.end() + 500_000], min(left, MOST_INFLATED)
            )
        except zlib.error:
            continue
        left -= len(text)
        yield text
