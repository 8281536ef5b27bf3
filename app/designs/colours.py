"""The colours of a sheet: three are chosen, the others are mixed from them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

INK, PAPER, ORNAMENT, WARNING = "#17202e", "#fdfcf8", "#ae924a", "#9c3b1a"
LEAST_CONTRAST = 7.0
"""Of ink on paper: the enhanced contrast of WCAG 2.2, 1.4.6; quiet text keeps to 4.5."""
LEAST_OF_QUIET = 4.5


@dataclass(frozen=True)
class Colours:
    """Ink and quieter ink for text, the ornament in four strengths, and the paper."""

    ink: str
    quiet: str
    accent: str
    ornament: str
    pale: str
    paler: str
    palest: str
    paper: str
    warning: str


def of(choices: Mapping[str, Any]) -> Colours:
    chosen = choices.get("colours") or {}
    return _mixed(*(_colour(chosen.get(part)) for part in ("ornament", "ink", "paper")))


@lru_cache(maxsize=64)
def _mixed(ornament: str | None, ink: str | None, paper: str | None) -> Colours:
    """Ink that cannot be read on its paper gives way to ours, and so does a dark paper."""
    paper = paper if paper and contrast(INK, paper) >= LEAST_CONTRAST else PAPER
    ink = ink if ink and contrast(ink, paper) >= LEAST_CONTRAST else INK
    ornament = ornament or ORNAMENT
    return Colours(
        ink=ink,
        quiet=readable(mixed(ink, paper, 0.86), paper),
        accent=readable(ornament, paper),
        ornament=ornament,
        pale=mixed(ornament, paper, 0.55),
        paler=mixed(ornament, paper, 0.26),
        palest=mixed(ornament, paper, 0.13),
        paper=paper,
        warning=readable(WARNING, paper),
    )


def mixed(one: str, other: str, share: float) -> str:
    """So much of one colour in another."""
    return "#" + "".join(
        f"{round(a * share + b * (1 - share)):02x}"
        for a, b in zip(_parts(one), _parts(other), strict=True)
    )


def readable(colour: str, paper: str) -> str:
    """The colour, darkened until small text in it can be read."""
    share = 1.0
    while contrast(shade := mixed(colour, "#000000", share), paper) < LEAST_OF_QUIET:
        share -= 0.05
    return shade


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def operands(colour: str) -> str:
    """As page operators take it."""
    return " ".join(f"{part / 255:.3f}" for part in _parts(colour))


def _colour(text: Any) -> str | None:
    known = isinstance(text, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", text)
    return text.lower() if known else None


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    shares = [part / 255 for part in _parts(colour)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
