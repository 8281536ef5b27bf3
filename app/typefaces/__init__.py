"""The typefaces that every sheet is set in, and which characters they hold."""

from bisect import bisect_right
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


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
