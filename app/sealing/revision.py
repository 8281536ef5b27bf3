"""Sealing without touching a byte of what is there: each seal is a revision laid onto the file.

A revision holds the signature, the field that points to it, and a table of the two. Its place for
the signature is filled with zeros first; the digest covers every byte of the file but that place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.sealing.structure import Document, Unreadable, entries, reference, with_entry, written

RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) +(\d+) +(\d+) +(\d+) *\]")
CERTIFIES = (
    b" /Reference [<< /Type /SigRef /TransformMethod /DocMDP"
    b" /TransformParams << /Type /TransformParams /V /1.2 /P 2 >> >>]"
)
"""From the first seal on only further seals may be added: anything else breaks it."""
SEAL = b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
TIMESTAMP = b"/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /V 0"


class Taken(Exception):
    """The field is sealed already."""


@dataclass(frozen=True)
class Prepared:
    """A document with a revision whose signature is still to come."""

    content: bytes
    start: int
    """Where the place of the signature begins, with its bracket."""
    end: int

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything but the place of the signature."""
        seen = memoryview(self.content)
        covered = hashlib.sha256(seen[: self.start])
        covered.update(seen[self.end :])
        return covered.digest()

    def filled(self, container: bytes) -> bytes:
        """The document with its signature in place."""
        room = self.end - self.start - 2
        digits = container.hex().encode()
        if len(digits) > room:
            raise ValueError("the signature is longer than its place")
        place = b"<" + digits.ljust(room, b"0") + b">"
        return self.content[: self.start] + place + self.content[self.end :]


@dataclass(frozen=True)
class Signature:
    """A signature as it lies in a document."""

    field: str
    kind: str
    """"seal" or "timestamp"."""
    container: bytes
    digest: bytes
    """SHA-256 over the byte range that it names."""
    covers: int
    """Up to which byte of the file."""


def seal(
    document: bytes,
    field: str,
    *,
    name: str,
    reason: str,
    at: datetime,
    room: int,
    certifies: bool = False,
) -> Prepared:
    """Prepare the seal of one society in its empty field; the first one certifies the document."""
    facts = b" /M %b /Name %b /Reason %b" % (_moment(at), written(name), written(reason))
    return _revision(
        document, field, SEAL, facts + (CERTIFIES if certifies else b""), room, certifies
    )


def timestamp(document: bytes, field: str, *, room: int) -> Prepared:
    """Prepare a time stamp over the whole document."""
    return _revision(document, field, TIMESTAMP, b"", room, False)


def unfinished(document: bytes) -> Prepared:
    """A document that was prepared before: its last signature is still to come."""
    *_, last = [None, *RANGE.finditer(document)]
    if last is None:
        raise Unreadable("there is no seal in this document")
    _zero, start, end, rest = map(int, last.groups())
    empty = document[start + 1 : end - 1]
    if end + rest != len(document) or empty.strip(b"0"):
        raise Unreadable("no signature is missing at the end of this document")
    return Prepared(document, start, end)


def empty_fields(document: bytes) -> list[str]:
    """The names of the fields that nobody has sealed, in their order."""
    pdf = Document(document)
    return [
        name for name, number in pdf.fields.items()
        if b"/V" not in (facts := entries(pdf.dictionary(number))) and facts.get(b"/FT") == b"/Sig"
    ]  # fmt: skip


def signatures(document: bytes) -> list[Signature]:
    """Every signature of a document in the order of its fields; none is checked here."""
    pdf = Document(document)
    found = []
    for name, number in pdf.fields.items():
        value = entries(pdf.dictionary(number)).get(b"/V")
        if value is not None:
            found.append(_signature(document, name, pdf.dictionary(reference(value))))
    return found


def _signature(document: bytes, field: str, dictionary: bytes) -> Signature:
    facts = entries(dictionary)
    first, start, end, rest = (int(n) for n in facts[b"/ByteRange"].strip(b"[]").split())
    if first or not 0 < start < end <= end + rest <= len(document):
        raise Unreadable("a seal covers a range that does not exist")
    seen = memoryview(document)
    covered = hashlib.sha256(seen[:start])
    covered.update(seen[end : end + rest])
    if document[start:end] != facts[b"/Contents"]:
        raise Unreadable("a seal leaves out more than its own place")
    return Signature(
        field=field,
        kind="timestamp" if facts.get(b"/Type") == b"/DocTimeStamp" else "seal",
        container=bytes.fromhex(facts[b"/Contents"][1:-1].decode()),
        digest=covered.digest(),
        covers=end + rest,
    )


def _revision(
    document: bytes, field: str, kind: bytes, facts: bytes, room: int, certifies: bool
) -> Prepared:
    pdf = Document(document)
    if field not in pdf.fields:
        raise Unreadable(f"there is no field {field}")
    number, holder = pdf.size, pdf.fields[field]
    dictionary = pdf.dictionary(holder)
    if b"/V" in entries(dictionary):
        raise Taken(field)
    objects = {holder: with_entry(dictionary, b"/V", b"%d 0 R" % number)}
    if certifies:
        root, catalog = pdf.catalog
        objects[root] = with_entry(catalog, b"/Perms", b"<< /DocMDP %d 0 R >>" % number)

    body = bytearray(b"" if document.endswith((b"\n", b"\r")) else b"\n")
    base, places = len(document), {}
    places[number] = base + len(body)
    body += b"%d 0 obj\n<< %b /Contents " % (number, kind)
    start = base + len(body)
    end = start + 2 * room + 2
    body += b"<" + b"0" * (2 * room) + b">"
    # The range is as long as the file will be, so its number has a fixed width.
    body += b" /ByteRange [0 %d %d " % (start, end)
    rest_at = len(body)
    body += b"0000000000]" + facts + b" >>\nendobj\n"
    for one, text in objects.items():
        places[one] = base + len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (one, text)
    body += _table(pdf, places, base + len(body))
    body[rest_at : rest_at + 10] = b"%-10d" % (base + len(body) - end)
    return Prepared(document + body, start, end)


def _table(pdf: Document, places: Mapping[int, int], at: int) -> bytes:
    """The table of a revision's objects and its trailer."""
    lines = [b"xref\n"]
    for number in sorted(places):
        lines.append(b"%d 1\n%010d 00000 n \n" % (number, places[number]))
    old = pdf.trailer
    lines.append(b"trailer\n<< /Size %d /Root %b" % (max(pdf.size, *places) + 1, old[b"/Root"]))
    lines += [b" %b %b" % (key, old[key]) for key in (b"/Info", b"/ID") if key in old]
    lines.append(b" /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (pdf.last_table, at))
    return b"".join(lines)


def _moment(at: datetime) -> bytes:
    return at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%S+00'00')").encode()
