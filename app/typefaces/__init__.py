"""The typefaces that every sheet is set in, and which characters they hold."""

import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock

FOLDER = Path(__file__).parent
DRAWING = RLock()
"""For whoever draws outlines: fontTools unpacks a glyph when it is first drawn, and no two threads
may do that at once."""


@cache
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    starts, ends = [], []
    for line in (FOLDER / "coverage.txt").read_text().split():
        start, _, end = line.partition("-")
        starts.append(int(start, 16))
        ends.append(int(end or start, 16))
    return tuple(starts), tuple(ends)


def hold(character: str) -> bool:
    """Whether some face here has a glyph for this character."""
    starts, ends = _ranges()
    place = bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]


@lru_cache(maxsize=4096)
def lacking(text: str) -> tuple[str, ...]:
    """The characters of a text that no face here can print, each once, in order of appearance."""
    letters = dict.fromkeys(unicodedata.normalize("NFC", text))
    return tuple(one for one in letters if not _is_silent(one) and not hold(one))


def _is_silent(character: str) -> bool:
    """Joiners, directional marks and variation selectors shape their neighbours, unseen."""
    point = ord(character)
    return (
        unicodedata.category(character) == "Cf"
        or 0xFE00 <= point <= 0xFE0F
        or 0xE0100 <= point <= 0xE01EF
    )
