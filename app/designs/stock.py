"""The stock that each sheet is printed on: its paper and ornament, made once and kept."""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache

from app.designs import ornament
from app.designs.colours import Colours
from app.designs.ornament import border, closed, fill, open_, pen, rule

TILT = math.radians(-23.4)


@lru_cache(maxsize=32)
def of(sheet: str, background: str, margin: float, colours: Colours) -> bytes:
    """Paper, background and border of a sheet, as deflated page operators."""
    width, height = (210.0, 297.0) if sheet in ("portrait", "transcript") else (297.0, 210.0)
    parts = [f"{fill(colours.paper)} {ornament.box(0, 0, width, height)}"]
    parts += BACKGROUNDS[background](width, height, margin, colours, sheet)
    parts += BORDERS[sheet](width, height, margin, colours)
    return ornament.drawing(height, parts)


@lru_cache(maxsize=256)
def seals(
    height: float, places: tuple[tuple[str, float, float], ...], radius: float, colours: Colours
) -> bytes:
    """A medallion for every society that sealed, under its signature."""
    parts = [pen(colours.paler, 6)]
    parts += [ornament.medallion(name, (round(x, 1), round(y, 1)), radius) for name, x, y in places]
    return ornament.drawing(height, parts)


@lru_cache(maxsize=256)
def flourishes(height: float, places: tuple[tuple[float, float], ...], colours: Colours) -> bytes:
    """Swelled rules about the axis of a face."""
    parts = [fill(colours.ornament)]
    parts += [ornament.swelled(place, 64.0, 0.75) for place in places]
    return ornament.drawing(height, parts)


def _plain(*_: object) -> Iterator[str]:
    return iter(())


def _rosette(
    width: float, height: float, margin: float, colours: Colours, sheet: str
) -> Iterator[str]:
    centre, radius = {
        "heritage": ((width / 2, 96.0), 63.0),
        "modern": ((width - 62.0, 84.0), 74.0),
    }.get(sheet, ((width / 2, 138.0), 66.0))
    yield pen(colours.palest, 9)
    yield from ornament.rosette(centre, radius)


def _lines(
    width: float, height: float, margin: float, colours: Colours, sheet: str
) -> Iterator[str]:
    inset = margin + (12 if sheet == "heritage" else 8)
    left = inset if sheet != "modern" else margin + 60
    yield pen(colours.palest, 8)
    top, bottom = (inset + 8, height - inset - 30) if width > height else (inset + 20, height - 110)
    for line in ornament.field(left, width - inset, top, bottom, 1.4):
        yield open_(line, 36)


def _globe(
    width: float, height: float, margin: float, colours: Colours, sheet: str
) -> Iterator[str]:
    centre, radius = (width - 34.0, 78.0), 88.0
    yield pen(colours.palest, 14)
    for curve in ornament.globe(centre, radius, TILT):
        yield open_(curve, 16)
    yield pen(colours.paler, 16) + " " + closed(ornament.circle(centre, radius), 16)
    yield pen(colours.palest, 8)
    yield ornament.ring(centre, radius + 4.2, 2.2, 120, 4)


def _heritage(width: float, height: float, margin: float, colours: Colours) -> Iterator[str]:
    """Two ribbons with a rope between them, corner roses, lace and a double hairline within."""
    band = ornament.sides(width, height, margin + 3.1, 5.0)
    lacing = ornament.sides(width, height, margin + 7.3, 3.0)
    yield pen(colours.pale, 7)
    yield from (border(side, 9.3, ornament.ribbons(2.9, 6, 1.05), 4) for side in band)
    yield pen(colours.ornament, 7)
    yield from (border(side, 4.65, ornament.rope(0.62, 2), 4) for side in band)
    yield pen(colours.pale, 8)
    yield from (border(side, 3.1, ornament.lace(0.85, -0.2), 3) for side in lacing)
    yield pen(colours.ornament, 10) + " " + ornament.frame(width, height, margin + 8.7)
    yield pen(colours.ornament, 26) + " " + ornament.frame(width, height, margin + 9.5)
    for x in (margin + 4.9, width - margin - 4.9):
        for y in (margin + 4.9, height - margin - 4.9):
            yield from _corner((x, y), colours)


def _corner(centre: ornament.Point, colours: Colours) -> Iterator[str]:
    yield f"{fill(colours.paper)} {ornament.disc(centre, 8.2)}"
    yield pen(colours.pale, 7)
    yield ornament.ring(centre, 6.5, 1.5, 16, 7)
    yield ornament.ring(centre, 3.2, 1.3, 10, 5)
    yield pen(colours.ornament, 12)
    yield closed(ornament.circle(centre, 8.2), 8) + " " + closed(ornament.circle(centre, 4.75), 8)
    yield f"{fill(colours.ornament)} {ornament.disc(centre, 0.8)}"


def _modern(width: float, height: float, margin: float, colours: Colours) -> Iterator[str]:
    """A thick and a thin rule above the text, and a hairline beside the column of marks."""
    axis, right = margin + 5.0 + 48.0 + 15.0, width - margin - 9.0
    upright = axis - 8.0
    yield pen(colours.ornament, 90) + " " + rule(axis, margin + 6.5, right)
    yield pen(colours.ornament, 14) + " " + rule(axis, margin + 7.9, right)
    yield pen(colours.pale, 14) + " " + rule(upright, margin + 6.0, upright, height - margin - 5.0)


def _portrait(width: float, height: float, margin: float, colours: Colours) -> Iterator[str]:
    """A narrow ribbon that ends in small roses, and a hairline within."""
    band = ornament.sides(width, height, margin + 1.6, 3.6)
    yield pen(colours.pale, 6)
    yield from (border(side, 6.2, ornament.ribbons(1.45, 5, 0.95), 4) for side in band)
    yield pen(colours.ornament, 22) + " " + ornament.frame(width, height, margin + 4.6)
    yield pen(colours.ornament, 8) + " " + ornament.frame(width, height, margin + 5.5)
    for x in (margin + 2.4, width - margin - 2.4):
        for y in (margin + 2.4, height - margin - 2.4):
            yield f"{fill(colours.paper)} {ornament.disc((x, y), 4.4)}"
            yield pen(colours.pale, 6) + " " + ornament.ring((x, y), 2.9, 1.2, 12, 6)
            yield pen(colours.ornament, 10) + " " + closed(ornament.circle((x, y), 4.4), 8)
            yield closed(ornament.circle((x, y), 1.5), 8)


def _transcript(width: float, height: float, margin: float, colours: Colours) -> Iterator[str]:
    """A ribbon above and below."""
    length = width - 2 * margin - 18.0
    for y in (margin + 3.0, height - margin - 3.0):
        side = ornament.Side((margin + 9.0, y), 0.0, length)
        yield pen(colours.pale, 6)
        yield border(side, 5.8, ornament.ribbons(1.7, 5, 1.0), 4)


BACKGROUNDS: dict[str, Callable[[float, float, float, Colours, str], Iterator[str]]] = {
    "plain": _plain,
    "rosette": _rosette,
    "lines": _lines,
    "globe": _globe,
}
BORDERS: dict[str, Callable[[float, float, float, Colours], Iterator[str]]] = {
    "heritage": _heritage,
    "modern": _modern,
    "portrait": _portrait,
    "transcript": _transcript,
}
