"""The picture of a scheme's badge, drawn here: one drawing, as SVG and as PNG.

A rosette that no other scheme has, a ring with the colours of the awarding societies in their
order, the title in the middle. Letters are outlines in the SVG, so that it looks the same
everywhere. It names no holder: the credential is baked into it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from app import typefaces

SIZE = 640
CENTRE = SIZE / 2
PAPER, INK, ORNAMENT, QUIET = "#fdfcf8", "#17202e", "#ae924a", "#5b6573"
FACES = ("EBGaramond-SemiBold.ttf", "NotoSerif-Regular.ttf", "NotoSerifSC-Medium.ttf",
         "NotoSerifJP-Medium.ttf", "NotoSerifKR-Medium.ttf", "NotoNaskhArabic-Medium.ttf",
         "NotoSerifHebrew-Medium.ttf", "NotoSerifDevanagari-Medium.ttf",
         "NotoSerifThai-Medium.ttf")  # fmt: skip
WIDEST = 372.0
LINE_HEIGHT = 1.16
FINER = 3
"""The PNG is drawn so many times as large and then reduced."""


@dataclass(frozen=True)
class Badge:
    """What a badge shows."""

    code: str
    title: str
    over: str
    edition: str
    shorts: tuple[str, ...]
    colours: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of text around the middle of the badge."""

    text: str
    y: float
    size: float
    colour: str
    spaced: float = 0.0


# ---------------------------------------------------------------- the drawing


def lines(badge: Badge) -> list[Line]:
    """The lines of text: what it is, the title in up to four lines, the edition, the societies."""
    title = _title(badge.title)
    size, middle = title[1], CENTRE - 14
    top = middle - (len(title[0]) - 1) * size * LINE_HEIGHT / 2 + size * 0.34
    drawn = [Line(text, top + n * size * LINE_HEIGHT, size, INK) for n, text in enumerate(title[0])]
    first, last = drawn[0], drawn[-1]
    over = Line(badge.over.upper(), first.y - size - 12, 21, ORNAMENT, 4.5)
    edition = Line(badge.edition, last.y + 40, 25, QUIET, 1.0)
    return [over, *drawn, edition, *_societies(badge.shorts)]


def _title(title: str) -> tuple[list[str], float]:
    """The title broken where it is balanced, as large as it fits."""
    for size, most in ((54, 2), (50, 3), (44, 3), (40, 4), (34, 4), (28, 5), (22, 6)):
        for count in range(1, most + 1):
            broken = _broken(title.split(), count, size)
            if broken and all(_width(text, size) <= WIDEST for text in broken):
                return broken, float(size)
    return [_cut(title, 22)], 22.0


def _broken(words: Sequence[str], count: int, size: float) -> list[str] | None:
    """The words in so many lines, the widest as narrow as can be."""
    if count > len(words):
        return None
    if count == 1:
        return [" ".join(words)]
    best: list[str] | None = None
    for n in range(1, len(words) - count + 2):
        rest = _broken(words[n:], count - 1, size)
        if rest is not None:
            tried = [" ".join(words[:n]), *rest]
            if best is None or _widest(tried, size) < _widest(best, size):
                best = tried
    return best


def _widest(texts: Sequence[str], size: float) -> float:
    return max(_width(text, size) for text in texts)


def _cut(text: str, size: float) -> str:
    while text and _width(f"{text}…", size) > WIDEST:
        text = text[:-1].rstrip()
    return f"{text}…"


def _societies(shorts: Sequence[str]) -> list[Line]:
    """Their short names at the foot of the disc, on two lines when there are many."""
    half = (len(shorts) + 1) // 2
    rows = [shorts] if len(shorts) < 4 else [shorts[:half], shorts[half:]]
    texts = [" · ".join(row) for row in rows]
    size = 25.0
    while any(_width(text, size, 1.0) > 262 for text in texts) and size > 9:
        size -= 0.5
    first = 482 if len(texts) == 1 else 464
    return [Line(text, first + n * 30, size, INK, 1.0) for n, text in enumerate(texts)]


def rosette(code: str) -> Iterator[tuple[list[tuple[float, float]], float]]:
    """Closed waves plaited about the middle, one scheme's unlike another's, with its weight."""
    seed = hashlib.sha256(code.encode()).digest()
    petals, strands = 10 + seed[0] % 11, 6 + seed[1] % 3
    inner = 0.30 + seed[2] / 850  # how deep the second, finer wave runs
    for strand in range(strands):
        turn = math.tau * strand / strands
        points = []
        for step in range(541):
            angle = math.tau * step / 540
            wave = math.sin(petals * angle + turn) + inner * math.sin(3 * (petals * angle + turn))
            reach = 249.5 + 15.5 * wave
            points.append((CENTRE + reach * math.cos(angle), CENTRE + reach * math.sin(angle)))
        yield points, 0.9


def ring(colours: Sequence[str]) -> list[tuple[float, float, str]]:
    """The parts of the outer ring in degrees, from the top on, with a small gap between them."""
    part, gap = 360 / len(colours), 3.0 if len(colours) > 1 else 0.0
    return [
        (-90 + n * part + gap / 2, -90 + (n + 1) * part - gap / 2, colour)
        for n, colour in enumerate(colours)
    ]


RING, RING_WIDTH = 288.0, 15.0
INNER = 216.0


# ---------------------------------------------------------------- as SVG


@lru_cache(maxsize=64)
def svg(badge: Badge) -> str:
    """The drawing as an SVG of its own."""
    parts = [f'<circle cx="{CENTRE:g}" cy="{CENTRE:g}" r="312" fill="{PAPER}" stroke="{ORNAMENT}" '
             'stroke-width="2"/>']  # fmt: skip
    for points, weight in rosette(badge.code):
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
        parts.append(f'<path d="{path}" fill="none" stroke="{ORNAMENT}" stroke-width="{weight}"/>')
    parts += [_arc(start, end, colour) for start, end, colour in ring(badge.colours)]
    parts.append(
        f'<circle cx="{CENTRE:g}" cy="{CENTRE:g}" r="{INNER:g}" fill="{PAPER}" stroke="{INK}" '
        'stroke-width="1.5"/>'
    )
    parts += [_outlined(line) for line in lines(badge)]
    name = escape(f"{badge.title}, {badge.edition}: {', '.join(badge.shorts)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">'
        f"<title>{name}</title>{''.join(parts)}</svg>"
    )


def _arc(start: float, end: float, colour: str) -> str:
    if end - start >= 360:
        return (f'<circle cx="{CENTRE:g}" cy="{CENTRE:g}" r="{RING:g}" fill="none" '
                f'stroke="{colour}" stroke-width="{RING_WIDTH:g}"/>')  # fmt: skip
    ends = [
        f"{CENTRE + RING * math.cos(math.radians(a)):.2f} "
        f"{CENTRE + RING * math.sin(math.radians(a)):.2f}"
        for a in (start, end)
    ]
    large = 1 if end - start > 180 else 0
    return (f'<path d="M{ends[0]}A{RING:g} {RING:g} 0 {large} 1 {ends[1]}" fill="none" '
            f'stroke="{colour}" stroke-width="{RING_WIDTH:g}"/>')  # fmt: skip


def _outlined(line: Line) -> str:
    with typefaces.DRAWING:
        pen_x, pieces = CENTRE - _width(line.text, line.size, line.spaced) / 2, []
        for character in line.text:
            face = _face_of(character)
            glyphs, name, scale = face.glyphs, face.name(character), line.size / face.per_em
            pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.1f}")
            glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, pen_x, line.y)))
            pieces.append(pen.getCommands())
            pen_x += glyphs[name].width * scale + line.spaced
    return f'<path d="{"".join(pieces)}" fill="{line.colour}"/>'


# ---------------------------------------------------------------- as PNG


@lru_cache(maxsize=64)
def png(badge: Badge) -> bytes:
    """The same drawing, as a picture of 640 by 640 with a transparent ground."""
    picture = Image.new("RGBA", (SIZE * FINER, SIZE * FINER), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    _disc(draw, 312, PAPER, ORNAMENT, 2)
    for points, weight in rosette(badge.code):
        flat = [(x * FINER, y * FINER) for x, y in points]
        draw.line(flat, fill=ORNAMENT, width=max(1, round(weight * FINER)), joint="curve")
    reach = RING + RING_WIDTH / 2
    box = [(CENTRE - reach) * FINER, (CENTRE - reach) * FINER,
           (CENTRE + reach) * FINER, (CENTRE + reach) * FINER]  # fmt: skip
    for start, end, colour in ring(badge.colours):
        draw.arc(box, start, end, fill=colour, width=round(RING_WIDTH * FINER))
    _disc(draw, INNER, PAPER, INK, 1.5)
    for line in lines(badge):
        _lettered(draw, line)
    stored = BytesIO()
    reduced = picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    coloured = reduced.quantize(160, method=Image.Quantize.FASTOCTREE)
    coloured.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def _disc(draw: ImageDraw.ImageDraw, radius: float, fill: str, line: str, width: float) -> None:
    box = [(CENTRE - radius) * FINER, (CENTRE - radius) * FINER,
           (CENTRE + radius) * FINER, (CENTRE + radius) * FINER]  # fmt: skip
    draw.ellipse(box, fill=fill, outline=line, width=round(width * FINER))


def _lettered(draw: ImageDraw.ImageDraw, line: Line) -> None:
    """Letter by letter, for a line may need more than one face."""
    pen_x = CENTRE - _width(line.text, line.size, line.spaced) / 2
    for character in line.text:
        face = _face_of(character)
        font = face.drawn(round(line.size * FINER))
        at = (pen_x * FINER, line.y * FINER)
        draw.text(at, character, font=font, fill=line.colour, anchor="ls")
        pen_x += face.width(character) * line.size + line.spaced


# ---------------------------------------------------------------- letters


class Face:
    """One of our typefaces, measured."""

    def __init__(self, name: str) -> None:
        font = TTFont(typefaces.FOLDER / name, lazy=True)
        self.file = str(typefaces.FOLDER / name)
        self.names: dict[int, str] = font.getBestCmap()
        self.glyphs: Any = font.getGlyphSet()
        self.per_em = int(font["head"].unitsPerEm)

    def name(self, character: str) -> str:
        """The glyph of a character; a dot stands for one that no face holds."""
        return self.names.get(ord(character)) or self.names.get(0x2022) or ".notdef"

    def width(self, character: str) -> float:
        """Of an em."""
        return float(self.glyphs[self.name(character)].width) / self.per_em

    def drawn(self, size: int) -> ImageFont.FreeTypeFont:
        return _sized(self.file, size)


@lru_cache(maxsize=64)
def _sized(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _face(name: str) -> Face:
    return Face(name)


def _face_of(character: str) -> Face:
    for name in FACES:
        if ord(character) in _face(name).names:
            return _face(name)
    return _face(FACES[0])


def _width(text: str, size: float, spaced: float = 0.0) -> float:
    if not text:
        return 0.0
    return sum(_face_of(c).width(c) for c in text) * size + spaced * (len(text) - 1)
