"""Which size a text takes so that it stands in its place in a few balanced lines."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from fontTools.ttLib import TTFont

from app import typefaces

POINT = 25.4 / 72
MOST_CHARACTERS = 400
UNKNOWN_ADVANCE = 0.7
OWN = {
    "regular": "EBGaramond-Regular.ttf",
    "italic": "EBGaramond-Italic.ttf",
    "medium": "EBGaramond-Medium.ttf",
    "bold": "EBGaramond-SemiBold.ttf",
}
OTHERS = (
    "NotoSerif-Regular.ttf",
    "NotoNaskhArabic-Medium.ttf",
    "NotoSerifHebrew-Medium.ttf",
    "NotoSerifDevanagari-Medium.ttf",
    "NotoSerifThai-Medium.ttf",
)


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
    text: str, rules: tuple[Rule, ...], *, measure: float, scale: float = 1.0, face: str = "medium"
) -> Setting | None:
    """The first rule and size at which the text keeps to `measure` millimetres; else None."""
    if len(text) > MOST_CHARACTERS:
        return None
    for rule in rules:
        lines = balanced(text, rule.lines, face, at_hyphens=rule.at_hyphens)
        widest = max(advance(line, face) for line in lines)
        for size in rule.sizes:
            if widest * size * scale * POINT <= measure:
                return Setting(size * scale, lines)
    return None


def wrapped(text: str, measure: float, face: str = "regular") -> tuple[str, ...]:
    """As few lines as keep to `measure` ems, made alike in length."""
    pieces = _measured(text, face, False)
    return balanced(text, _count(pieces, measure), face)


@lru_cache(maxsize=2048)
def balanced(text: str, most: int, face: str, *, at_hyphens: bool = False) -> tuple[str, ...]:
    """The division into at most so many lines whose widest line is narrowest."""
    pieces = _measured(text, face, at_hyphens)
    low = max(width for _, width, _ in pieces)
    high = sum(width + space for _, width, space in pieces)
    if most > 1:
        while high - low > 0.02:
            middle = (low + high) / 2
            if _count(pieces, middle) <= most:
                high = middle
            else:
                low = middle
    return tuple(_lines(pieces, high + 0.01))


def advance(text: str, face: str = "medium") -> float:
    """The length of a line in ems, before kerning; never shorter than what is printed."""
    return sum(_advance(character, face) for character in text)


def caps(text: str) -> float:
    """The length in ems of small capitals, spaced."""
    return sum(_advance(character.upper(), "regular") * 0.8 + 0.06 for character in text)


Piece = tuple[str, float, float]


def _measured(text: str, face: str, at_hyphens: bool) -> list[Piece]:
    """Pieces between which a line may end: text, its width, and the width of the space after."""
    pieces = []
    for word in _words(text, at_hyphens):
        bare = word.rstrip(" ")
        width = advance(bare, face)
        pieces.append((word, width, advance(word, face) - width))
    return pieces


def _lines(pieces: list[Piece], measure: float) -> Iterator[str]:
    line, width = "", 0.0
    for word, wide, space in pieces:
        if line and width + wide > measure:
            yield line.strip()
            line, width = "", 0.0
        line, width = line + word, width + wide + space
    yield line.strip()


def _count(pieces: list[Piece], measure: float) -> int:
    return sum(1 for _ in _lines(pieces, measure))


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


@cache
def _advance(character: str, face: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    for name in (OWN[face], *OTHERS):
        cmap, widths, per_em = _font(name)
        if glyph := cmap.get(ord(character)):
            return widths[glyph][0] / per_em
    return UNKNOWN_ADVANCE


@cache
def _font(name: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    font = TTFont(typefaces.FOLDER / name, lazy=True)
    return font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
