"""Canonical N-Quads of documents that differ only in some values, without a JSON-LD processor.

A document with marks in the place of those values is canonicalised once. For each holder the marks
are filled in and the blank nodes named anew, as RDFC-1.0 names them: by the hashes of what is said
about each. That takes a hundredth of the time, and a test holds it against the processor's answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.open_badges import pinned

MARK = "5e0c7f4d9a1b"
SLOT = re.compile(rf"slot:{MARK}-([a-z_0-9]+?)-")
NODE = re.compile(r"_:c14n\d+")
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Ambiguous(Exception):
    """Two blank nodes of a document are alike: only the whole algorithm tells them apart."""


def slot(name: str) -> str:
    """What stands in a document in the place of a value; it is an absolute IRI, too."""
    return f"slot:{MARK}-{name}-"


@dataclass(frozen=True)
class Mould:
    """The quads of a document, written as a text that `%` fills in."""

    lines: str
    nodes: Mapping[str, str]
    """For each blank node what is said about it, likewise, in the form in which it is hashed."""
    known: Mapping[str, str]
    """The hashes of the blank nodes of which nothing differs, and which nodes they are."""

    @classmethod
    def of(cls, document: dict[str, Any]) -> Mould:
        lines = pinned.canonical(document).splitlines(keepends=True)
        about: dict[str, list[str]] = {}
        for line in lines:
            for node in set(NODE.findall(_head(line))):
                about.setdefault(node, []).append(line)
        said = {node: _written(about[node], partial(_seen, node)) for node in about}
        same = [node for node in said if not any(SLOT.search(line) for line in about[node])]
        known = {_hash(said[node] % {}): node for node in same}
        if len(known) < len(same):
            raise Ambiguous
        differing = {node: text for node, text in said.items() if node not in same}
        return cls(_written(lines, lambda node: f"%({node})s"), differing, known)

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The canonical N-Quads of the document with these values."""
        escaped = {name: value.translate(ESCAPES) for name, value in values.items()}
        hashes = {_hash(about % escaped): node for node, about in self.nodes.items()}
        if len(hashes) < len(self.nodes) or hashes.keys() & self.known.keys():
            raise Ambiguous
        hashes |= self.known
        for n, digest in enumerate(sorted(hashes)):
            escaped[hashes[digest]] = f"_:c14n{n}"
        return "".join(sorted(set(_cut(self.lines % escaped)))).encode()


def _head(line: str) -> str:
    """A quad up to the text that it states, in which anything may stand."""
    return line.partition(' "')[0]


def _written(lines: Iterable[str], name: Callable[[str], str]) -> str:
    """Quads as a text to be filled in; blank nodes are named by `name`."""
    written = []
    for line in lines:
        head, quote, tail = line.replace("%", "%%").partition(' "')
        whole = NODE.sub(lambda found: name(found.group()), head) + quote + tail
        written.append(SLOT.sub(r"%(\1)s", whole))
    return "".join(written)


def _seen(own: str, node: str) -> str:
    """How a blank node is written while the hash of one is made (RDFC-1.0, 4.6)."""
    return "_:a" if node == own else "_:z"


def _cut(quads: str) -> list[str]:
    """One quad after the other; no text holds a line break that would cut it."""
    return [f"{line}\n" for line in quads.split("\n")[:-1]]


def _hash(quads: str) -> str:
    return hashlib.sha256("".join(sorted(_cut(quads))).encode()).hexdigest()
