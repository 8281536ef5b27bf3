"""Which size a text takes so that it stands in its place in one, two or three balanced lines."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

from fontTools.ttLib import TTFont

from app import typefaces

POINT = 25.4 / 72
MOST_CHARACTERS = 400
UNKNOWN_ADVANCE = 0.62


@dataclass(frozen=True)
class Setting:
    """A size in points and the lines of a text."""

    size: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """Sizes tried in order, largest first, for so many lines."""

    lines: int
    sizes: tuple[float, ...]
    at_hyphens: bool = False


def fit(
    text: str, rules: tuple[Rule, ...], *, measure: float, scale: float = 1.0
) -> Setting | None:
    """The first rule and size at which the text keeps to `measure` millimetres; else None."""
    if len(text) > MOST_CHARACTERS:
        return None
    for rule in rules:
        lines = _balanced(_words(text, rule.at_hyphens), rule.lines)
        widest = max(map(advance, lines))
        for size in rule.sizes:
            if widest * size * scale * POINT <= measure:
                return Setting(size * scale, lines)
    return None


def advance(text: str) -> float:
    """The length of a line in ems, before kerning; never shorter than what is printed."""
    return sum(map(_advance, text))


def _words(text: str, at_hyphens: bool) -> list[str]:
    """Pieces between which a line may end, each with the space that follows it."""
    ends = " -־–" if at_hyphens else " "
    pieces, word = [], ""
    for character in text:
        word += character
        wide = unicodedata.east_asian_width(character) in "WF"
        if character in ends or (wide and not _is_hangul(character)):
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces or [""]


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣"


def _balanced(words: list[str], lines: int) -> tuple[str, ...]:
    """The division into at most so many lines whose widest line is narrowest."""
    lines = min(lines, len(words))
    if lines > 2 and len(words) > 40:  # there are too many divisions to try them all
        words = ["".join(words[i : i + 3]) for i in range(0, len(words), 3)]
    best: tuple[str, ...] = ()
    width = float("inf")
    for cuts in combinations(range(1, len(words)), lines - 1):
        edges = (0, *cuts, len(words))
        tried = tuple("".join(words[a:b]).strip() for a, b in pairwise(edges))
        widest = max(map(advance, tried))
        if widest < width:
            best, width = tried, widest
    return best


@cache
def _advance(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    cmap, widths, per_em = _medium()
    glyph = cmap.get(ord(character))
    return widths[glyph][0] / per_em if glyph else UNKNOWN_ADVANCE


@cache
def _medium() -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    font = TTFont(typefaces.FOLDER / "EBGaramond-Medium.ttf", lazy=True)
    return font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
