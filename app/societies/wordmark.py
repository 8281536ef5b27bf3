"""Plain wordmarks for societies that have not given us their own mark.

The short name is drawn as outlines in EB Garamond with a small device beside it, so the mark looks
the same everywhere and needs no font. The device follows from the name; it copies no real logo.
"""

import hashlib
import math
import re
from functools import cache
from html import escape
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from app import typefaces

CAP_HEIGHT = 650
FRAME = 2140.0
LETTER_SPACE = 26
FACES = ("EBGaramond-SemiBold.ttf", "NotoSerif-Regular.ttf", "NotoSerifJP-Medium.ttf")


@cache
def mark(short: str, colour: str, *, stacked: bool = True) -> str:
    """An SVG of the short name with its device: above it (for sheets) or beside it (for pages)."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"A colour reads #rrggbb, not {colour}.")
    outline, length = lettering(short)
    reach = 620
    if stacked:
        # One frame for all: side by side, devices and letters stand level and weigh alike.
        size = min(0.62, FRAME / length)
        width, base = FRAME, 2 * reach + 280 + CAP_HEIGHT * 0.62
        height = base + 20
        device = _device(short, width / 2, reach + 10, reach)
        placed = f"translate({(width - length * size) / 2:.0f} {base:.0f}) scale({size:.3f})"
    else:
        reach = 500
        width, height = 2 * reach + 300 + length + 20, 2 * reach + 200
        device = _device(short, reach + 10, height / 2, reach)
        placed = f"translate({2 * reach + 300} {height / 2 + CAP_HEIGHT / 2:.0f})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'role="img"><title>{escape(short)}</title><g fill="none" stroke="{colour}" '
        f'stroke-width="58">{device}</g><path transform="{placed}" fill="{colour}" '
        f'd="{outline}"/></svg>'
    )


def lettering(text: str) -> tuple[str, float]:
    """The outlines of a text on a base line at 0, in thousandths of an em, and its length."""
    with typefaces.DRAWING:
        pen_x, pieces = 0.0, []
        for character in text:
            glyphs, glyph, scale = _glyph(character)
            pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
            glyphs[glyph].draw(TransformPen(pen, (scale, 0, 0, -scale, pen_x, 0)))
            pieces.append(pen.getCommands())
            pen_x += glyphs[glyph].width * scale + LETTER_SPACE
    return "".join(pieces), max(pen_x - LETTER_SPACE, 1.0)


def _glyph(character: str) -> tuple[Any, str, float]:
    for face in FACES:
        cmap, glyphs, per_em = _face(face)
        if ord(character) in cmap:
            return glyphs, cmap[ord(character)], 1000 / per_em
    cmap, glyphs, per_em = _face(FACES[0])
    return glyphs, cmap[0x2022], 1000 / per_em


@cache
def _face(name: str) -> tuple[dict[int, str], Any, int]:
    font = TTFont(typefaces.FOLDER / name, lazy=True)
    return font.getBestCmap(), font.getGlyphSet(), font["head"].unitsPerEm


def _device(short: str, x: float, y: float, reach: float) -> str:
    """One of six plain figures, turned and counted by the name itself."""
    seed = hashlib.sha256(short.encode()).digest()
    outer = reach - 30
    figures = (_slices, _aperture, _rings, _raster, _knot, _arches)
    return figures[seed[0] % len(figures)](x, y, outer, seed[1])


def _circle(x: float, y: float, r: float, extra: str = "") -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}"{extra}/>'


def _slices(x: float, y: float, r: float, seed: int) -> str:
    """Cuts through a body, closer together towards the rim."""
    cuts = ""
    for share in (-0.76, -0.46, -0.15, 0.15, 0.46, 0.76):
        half = r * math.sqrt(1 - share * share)
        cuts += f"M{x - half:.0f} {y + share * r:.0f}h{2 * half:.0f}"
    return _circle(x, y, r) + f'<path d="{cuts}"/>'


def _aperture(x: float, y: float, r: float, seed: int) -> str:
    """The leaves of a collimator round a free middle."""
    blades, inner = 6 + seed % 3, r * 0.42
    path = ""
    for number in range(blades):
        start = math.tau * number / blades
        end = start + math.tau / blades * 1.6
        path += (
            f"M{x + inner * math.cos(start):.0f} {y + inner * math.sin(start):.0f}"
            f"L{x + r * math.cos(end):.0f} {y + r * math.sin(end):.0f}"
        )
    return _circle(x, y, r) + _circle(x, y, inner) + f'<path d="{path}"/>'


def _rings(x: float, y: float, r: float, seed: int) -> str:
    """Open rings about one centre, each turned against the last."""
    path = ""
    for number, share in enumerate((1.0, 0.70, 0.40)):
        radius, turn = r * share, (seed / 255 * math.tau) + number * 2.1
        opening = 0.55 + 0.1 * number
        a, b = turn + opening, turn + math.tau - opening
        path += (
            f"M{x + radius * math.cos(a):.0f} {y + radius * math.sin(a):.0f}"
            f"A{radius:.0f} {radius:.0f} 0 1 1 "
            f"{x + radius * math.cos(b):.0f} {y + radius * math.sin(b):.0f}"
        )
    return f'<path stroke-linecap="round" d="{path}"/>'


def _raster(x: float, y: float, r: float, seed: int) -> str:
    """Lines of picture elements, brighter in the middle."""
    step, dots = r / 4.2, ""
    for row in range(-3, 4):
        for column in range(-3, 4):
            distance = math.hypot(row, column)
            if distance <= 3.2:
                length = step * (0.78 - 0.16 * distance)
                dots += f"M{x + column * step - length / 2:.0f} {y + row * step:.0f}h{length:.0f}"
    return _circle(x, y, r) + f'<path d="{dots}"/>'


def _knot(x: float, y: float, r: float, seed: int) -> str:
    """Three rings that hold each other."""
    turn = -math.pi / 2
    return "".join(
        _circle(
            x + r * 0.42 * math.cos(turn + math.tau * k / 3),
            y + r * 0.42 * math.sin(turn + math.tau * k / 3),
            r * 0.56,
        )
        for k in range(3)
    )


def _arches(x: float, y: float, r: float, seed: int) -> str:
    """Arches under one another, on a ground line."""
    path = f"M{x - r:.0f} {y + r * 0.72:.0f}h{2 * r:.0f}"
    for share in (0.92, 0.62, 0.32):
        radius = r * share
        path += (
            f"M{x - radius:.0f} {y + r * 0.72:.0f}v{-r * 0.5:.0f}"
            f"a{radius:.0f} {radius:.0f} 0 0 1 {2 * radius:.0f} 0v{r * 0.5:.0f}"
        )
    return f'<path d="{path}"/>'
