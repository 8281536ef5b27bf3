"""Takes single glyphs out of a TrueType face, each under its own number.

Only for faces without instructions, as ours are: everything else the typesetter's own tools do.
A general subsetter plans, closes and rewrites every table, which takes longer than all the rest
of a sheet; here the six tables that a PDF needs are put together from slices.
"""

import struct
from array import array
from collections.abc import Iterable

NEEDED = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
BEYOND_US = {b"fvar", b"fpgm", b"cvt ", b"CBDT", b"COLR", b"SVG ", b"sbix", b"EBDT"}
WORDS, SCALE, MORE, TWO_SCALES, MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80


class Unknown(Exception):
    """This face is not of the simple kind."""


class Face:
    """A face opened once, from which glyphs are taken."""

    def __init__(self, content: bytes) -> None:
        if content[:4] != b"\0\1\0\0":
            raise Unknown
        (number,) = struct.unpack_from(">H", content, 4)
        entries = [struct.unpack_from(">4s4xII", content, 12 + 16 * n) for n in range(number)]
        tables = {tag: content[start : start + length] for tag, start, length in entries}
        if BEYOND_US & tables.keys() or not tables.keys() >= set(NEEDED):
            raise Unknown
        self._tables = tables
        (self._count,) = struct.unpack_from(">H", tables[b"maxp"], 4)
        (self._metrics,) = struct.unpack_from(">H", tables[b"hhea"], 34)
        long = tables[b"head"][51]
        layout = f">{self._count + 1}{'I' if long else 'H'}"
        places = struct.unpack_from(layout, tables[b"loca"])
        self._places = places if long else [2 * place for place in places]

    def take(self, glyphs: Iterable[int]) -> bytes:
        """A face that holds these glyphs and those they are made of; the rest is empty."""
        wanted = self._with_parts(glyph for glyph in glyphs if 0 < glyph < self._count)
        size = max(wanted, default=0) + 1
        outlines, places, metrics = bytearray(), bytearray(), bytearray(4 * size)
        for glyph in sorted(wanted):
            places += struct.pack(">I", len(outlines)) * (glyph + 1 - len(places) // 4)
            outlines += self._outline(glyph)
            outlines += bytes(-len(outlines) % 4)
            metrics[4 * glyph : 4 * glyph + 4] = self._metric(glyph)
        places += struct.pack(">I", len(outlines)) * (size + 1 - len(places) // 4)
        head, hhea, maxp = (bytearray(self._tables[tag]) for tag in (b"head", b"hhea", b"maxp"))
        head[8:12], head[50:52] = bytes(4), b"\0\1"
        hhea[34:36] = maxp[4:6] = struct.pack(">H", size)
        tables = zip(NEEDED, (outlines, head, hhea, metrics, places, maxp), strict=True)
        return _bound({tag: bytes(table) for tag, table in tables})

    def _with_parts(self, glyphs: Iterable[int]) -> set[int]:
        found: set[int] = set()
        waiting = list(glyphs)
        while waiting:
            if (glyph := waiting.pop()) not in found:
                found.add(glyph)
                waiting += self._parts(self._outline(glyph))
        return found

    def _parts(self, outline: bytes) -> list[int]:
        """The glyphs of which a composite glyph is made."""
        if len(outline) < 10 or outline[0] < 0x80:
            return []
        parts, place, flags = [], 10, MORE
        while flags & MORE:
            flags, part = struct.unpack_from(">HH", outline, place)
            parts.append(part)
            place += 8 if flags & WORDS else 6
            place += 2 * bool(flags & SCALE) + 4 * bool(flags & TWO_SCALES)
            place += 8 * bool(flags & MATRIX)
        return parts

    def _outline(self, glyph: int) -> bytes:
        return self._tables[b"glyf"][self._places[glyph] : self._places[glyph + 1]]

    def _metric(self, glyph: int) -> bytes:
        metrics, last = self._tables[b"hmtx"], self._metrics - 1
        if glyph <= last:
            return metrics[4 * glyph : 4 * glyph + 4]
        bearing = 4 * self._metrics + 2 * (glyph - self._metrics)
        return metrics[4 * last : 4 * last + 2] + metrics[bearing : bearing + 2]


def _bound(tables: dict[bytes, bytes]) -> bytes:
    """A font file of these tables."""
    power = len(tables).bit_length() - 1
    search = 16 << power
    head = struct.pack(
        ">4sHHHH", b"\0\1\0\0", len(tables), search, power, 16 * len(tables) - search
    )
    place, directory, body, total, entry = 12 + 16 * len(tables), b"", b"", 0, 0
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        checksum = _checksum(padded)
        total += checksum
        directory += struct.pack(">4sIII", tag, checksum, place + len(body), len(table))
        if tag == b"head":
            entry = place + len(body)
        body += padded
    total += _checksum(head + directory)
    whole = struct.pack(">I", (0xB1B0AFBA - total) & 0xFFFFFFFF)
    file = head + directory + body
    return file[: entry + 8] + whole + file[entry + 12 :]


def _checksum(padded: bytes) -> int:
    words = array("I", padded)
    words.byteswap()
    return sum(words) & 0xFFFFFFFF
