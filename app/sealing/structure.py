"""The few facts of a PDF's structure that a seal needs, read from its end without parsing the rest.

It reads what our own press writes, and the revisions that are laid onto it: classic cross-reference
tables, and the objects of the form uncompressed. Anything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

TOKEN = re.compile(
    rb"<<|>>|\[|\]|\((?:[^()\\]|\\.)*\)|\(|<[0-9A-Fa-f\s]*>"
    rb"|/[^\s()<>\[\]{}/%]*|[^\s()<>\[\]{}/%]+",
    re.S,
)
EDGE = re.compile(rb"<<|>>|\(|<[0-9A-Fa-f\s]*>")
"""What tells where a dictionary ends: its brackets, and the texts that may hold such signs."""
BRACKET = re.compile(rb"\\.|[()]", re.S)
SECTION = re.compile(rb"\s*(\d+) (\d+)\s*?\r?\n")
TRAILER = re.compile(rb"\s*trailer\s*")
REFERENCE = re.compile(rb"(\d+)\s+(\d+)\s+R")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
ENTRY = 20


class Unreadable(Exception):
    """This file is no document of ours."""


@dataclass(frozen=True)
class Document:
    """A PDF whose latest revision is looked at."""

    content: bytes

    @cached_property
    def tables(self) -> list[Table]:
        """The cross-reference tables, the latest first."""
        found: list[Table] = []
        place: int | None = self.last_table
        while place is not None and len(found) < 200:
            found.append(Table.at(self.content, place))
            before = found[-1].trailer.get(b"/Prev")
            place = None if before is None else int(before)
        return found

    @cached_property
    def last_table(self) -> int:
        tail = self.content[-64:]
        found = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", tail)
        if found is None:
            raise Unreadable("the end of the document is missing")
        return int(found[1])

    @property
    def trailer(self) -> Mapping[bytes, bytes]:
        return self.tables[0].trailer

    @property
    def size(self) -> int:
        return int(self.trailer[b"/Size"])

    @cached_property
    def catalog(self) -> tuple[int, bytes]:
        """The number and the text of the catalogue."""
        number = reference(self.trailer[b"/Root"])
        return number, self.dictionary(number)

    def dictionary(self, number: int) -> bytes:
        """The text of an object that is a dictionary, from << to >>."""
        place = next((p for t in self.tables if (p := t.place(self.content, number))), None)
        head = b"%d 0 obj" % number
        if place is None or not self.content.startswith(head, place):
            raise Unreadable(f"object {number} is not where it should be")
        return dictionary_at(self.content, place + len(head))

    @cached_property
    def form(self) -> Mapping[bytes, bytes]:
        """The interactive form, wherever the catalogue keeps it."""
        return self._resolved(entries(self.catalog[1]).get(b"/AcroForm", b""))

    @cached_property
    def fields(self) -> dict[str, int]:
        """The form's fields by their names."""
        numbers = [int(n) for n, _ in REFERENCE.findall(self.form.get(b"/Fields", b""))]
        return {text(entries(self.dictionary(n)).get(b"/T", b"()")): n for n in numbers}

    def _resolved(self, value: bytes) -> Mapping[bytes, bytes]:
        if value.startswith(b"<<"):
            return entries(value)
        if REFERENCE.fullmatch(value):
            return entries(self.dictionary(reference(value)))
        return {}


@dataclass(frozen=True)
class Table:
    """One cross-reference table and its trailer."""

    sections: list[tuple[int, int, int]]
    """(first object, how many, where its entries begin)"""
    trailer: Mapping[bytes, bytes]

    @classmethod
    def at(cls, content: bytes, place: int) -> Table:
        if not content.startswith(b"xref", place):
            raise Unreadable("its objects are not listed in a table")
        place += 4
        sections = []
        while head := SECTION.match(content, place):
            first, count = int(head[1]), int(head[2])
            sections.append((first, count, head.end()))
            place = head.end() + count * ENTRY
        start = TRAILER.match(content, place)
        if start is None:
            raise Unreadable("the list of its objects has no end")
        return cls(sections, entries(dictionary_at(content, start.end())))

    def place(self, content: bytes, number: int) -> int | None:
        for first, count, start in self.sections:
            if first <= number < first + count:
                entry = content[start + (number - first) * ENTRY :][:ENTRY]
                return int(entry[:10]) if entry[17:18] == b"n" else None
        return None


def reference(value: bytes) -> int:
    """The number of the object that a value refers to."""
    found = REFERENCE.fullmatch(value.strip())
    if found is None or found[2] != b"0":
        raise Unreadable("a reference is expected")
    return int(found[1])


def dictionary_at(content: bytes, place: int) -> bytes:
    """The dictionary that begins here (after white space)."""
    start = content.index(b"<<", place)
    if content[place:start].strip():
        raise Unreadable("a dictionary is expected")
    depth = 0
    for token, end in _tokens(content, start, EDGE):
        depth += (token == b"<<") - (token == b">>")
        if not depth:
            return content[start:end]
    raise Unreadable("a dictionary does not end")


@lru_cache(maxsize=1024)
def entries(dictionary: bytes) -> Mapping[bytes, bytes]:
    """The entries of a dictionary; each value as it is written.

    Kept, for the form and the catalogue are the same in many documents.
    """
    found: dict[bytes, bytes] = {}
    key: bytes | None = None
    begin, depth, last = 0, 0, 2
    for token, end in _tokens(dictionary, 2):
        opens, closes = token in {b"<<", b"["}, token in {b">>", b"]"}
        at_name = depth == 0 and token.startswith(b"/") and (key is None or begin < last)
        over = depth == 0 and token == b">>"
        if key is not None and (at_name or over):
            found[key] = dictionary[begin:last].strip()
            key = None
        if over:
            return found
        if at_name:
            key, begin = token, end
            last = end
            continue
        depth += opens - closes
        last = end
    raise Unreadable("a dictionary does not end")


def with_entry(dictionary: bytes, key: bytes, value: bytes) -> bytes:
    """The dictionary with one entry more."""
    if key in entries(dictionary):
        raise Unreadable(f"{key.decode()} is there already")
    return dictionary[:-2].rstrip() + b" " + key + b" " + value + b" >>"


def _tokens(
    content: bytes, place: int, pattern: re.Pattern[bytes] = TOKEN
) -> Iterator[tuple[bytes, int]]:
    """Tokens with the places where they end; a text is one token."""
    while token := pattern.search(content, place):
        place = token.end()
        if token[0] == b"(":  # brackets within it
            place = _end_of_string(content, place)
        yield token[0], place


def _end_of_string(content: bytes, place: int) -> int:
    depth = 1
    while depth:
        found = BRACKET.search(content, place)
        if found is None:
            raise Unreadable("a text does not end")
        depth += (found[0] == b"(") - (found[0] == b")")
        place = found.end()
    return place


def text(value: bytes) -> str:
    """A text string as people read it."""
    if value.startswith(b"<"):
        digits = re.sub(rb"\s", b"", value[1:-1]).decode()
        raw = bytes.fromhex(digits + "0" * (len(digits) % 2))
    else:
        raw = re.sub(
            rb"\\([0-7]{1,3}|\r\n|.)", lambda found: _unescaped(found[1]), value[1:-1], flags=re.S
        )
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("latin-1")


def _unescaped(code: bytes) -> bytes:
    if code.isdigit():
        return bytes((int(code, 8) & 0xFF,))
    return b"" if code in {b"\r\n", b"\n"} else ESCAPES.get(code, code)


def written(words: str) -> bytes:
    """A text string as it stands in a file."""
    if words.isascii() and words.isprintable():
        return b"(" + re.sub(rb"([\\()])", rb"\\\1", words.encode()) + b")"
    return b"<feff" + words.encode("utf-16-be").hex().encode() + b">"
