"""Where things stand on a face: rules for what fills its plan.

Lengths are millimetres unless a name says points. Type stands on a grid of two points; the room
that texts leave is given to the gaps between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.designs.fitting import POINT, wrapped
from app.designs.plans import Box, Plan

GRID = 2 * POINT
SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72, 0.68, 0.64)
SIGN_POINTS = (9.6, 9.0, 8.4, 7.8, 7.2, 6.8)
SIGN_LEADING = 1.2
SIGN_SPACE = 8.6
"""Above the rule of a signature, where a hand would sign and the medallion stands."""
LEAST_SEAL = 6.6
AIR = 1.25
TALLEST, TALLEST_OF_TWO = 21.5, 18.0
"""Millimetres of a signature's text below its rule, in one row and in two."""
BETWEEN, WIDEST_COLUMN = 10.0, 98.0


# ------------------------------------------------------------------------------------ marks


def marks(societies: Sequence[dict[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    """Marks of equal area: in a row about the axis, or one below the other at the edge."""
    return _column(societies, plan) if plan.stacked else _row(societies, plan)


def _row(societies: Sequence[dict[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    box = plan.marks
    gap = max(16.0 - 1.6 * len(societies), 5.0)
    roots = [society["shape"] ** 0.5 for society in societies]
    unit = (box.width - gap * (len(roots) - 1)) / sum(roots)
    unit = min(unit, box.height, *(box.height * root for root in roots))
    spare = box.width - unit * sum(roots) - gap * (len(roots) - 1)
    left = box.left + (spare / 2 if plan.is_centred else 0.0)
    placed = []
    for society, root in zip(societies, roots, strict=True):
        width, height = unit * root, unit / root
        top = box.top + (box.height - height) / 2
        placed.append(society | {"left": left, "top": top, "width": width, "height": height})
        left += width + gap
    return placed


def _column(societies: Sequence[dict[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    box = plan.marks
    gap = max(13.0 - 1.3 * len(societies), 5.0)
    roots = [society["shape"] ** 0.5 for society in societies]
    unit = (box.height - gap * (len(roots) - 1)) / sum(1 / root for root in roots)
    unit = min(unit, 23.0, *(box.width / root for root in roots))
    top, placed = box.top, []
    for society, root in zip(societies, roots, strict=True):
        width, height = unit * root, unit / root
        left = box.left + (box.width - width) / 2
        placed.append(society | {"left": left, "top": top, "width": width, "height": height})
        top += height + gap
    return placed


# ------------------------------------------------------------------------------- signatures


@dataclass(frozen=True)
class Sign:
    """A signature block: its lines by voice, and where its rule begins."""

    left: float
    top: float
    width: float
    height: float
    points: float
    leading: float
    lines: tuple[tuple[str, str], ...]
    short: str


def signatures(societies: Sequence[dict[str, Any]], plan: Plan) -> tuple[list[Sign], float]:
    """Blocks in the agreed order, in even rows, and the height they need above the feet."""
    rows = -(-len(societies) // plan.across)
    across = -(-len(societies) // rows)
    gap = max(14.0 - 1.6 * across, 4.5)
    width = min(plan.sign_width, (plan.signs.width - gap * (across - 1)) / across)
    for points in SIGN_POINTS:
        texts = [_sign(society, width, points) for society in societies]
        leading = round(points * SIGN_LEADING / 0.5) * 0.5
        text = max(map(len, texts)) * leading * POINT + 1.2
        if text <= (TALLEST if rows == 1 else TALLEST_OF_TWO):
            break
    row = SIGN_SPACE + text
    height = rows * row + (rows - 1) * 1.5
    top = plan.signs.top - height
    blocks = []
    for number, (society, lines) in enumerate(zip(societies, texts, strict=True)):
        line, column = divmod(number, across)
        here = min(across, len(societies) - line * across)
        spare = plan.signs.width - here * width - (here - 1) * gap
        left = plan.signs.left + (spare / 2 if plan.is_centred else 0.0) + column * (width + gap)
        rule = top + line * (row + 1.5) + SIGN_SPACE
        blocks.append(Sign(left, rule, width, text, points, leading, lines, society["short"]))
    return blocks, height


def _sign(society: dict[str, Any], width: float, points: float) -> tuple[tuple[str, str], ...]:
    """Name, office, society and seal, each in its own voice, broken into lines."""
    ems = width / (points * POINT)
    signatory = society["signatory"] or {}
    voices = (
        ("bold", signatory.get("name")),
        ("regular", signatory.get("office")),
        ("italic", society["name"]),
        ("seal", society["sealed"]),
    )
    lines = []
    for voice, text in voices:
        if text:
            face = "regular" if voice == "seal" else voice
            room = ems * points / max(points * 0.84, LEAST_SEAL) if voice == "seal" else ems
            lines += [(voice, line) for line in wrapped(text, room * 0.99, face)]
    return tuple(lines)


# ------------------------------------------------------------------------- the middle part


@dataclass(frozen=True)
class Column:
    """The lines of a text in one language, ready to be printed."""

    lines: tuple[str | Markup, ...]
    language: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Part:
    """A text of the middle part, in one column or two; the gap stands above it, in points."""

    kind: str
    columns: tuple[Column, ...]
    points: float
    leading: float
    gap: float
    tag: str = "p"
    opens: bool = True
    """Whether its gap opens when there is room."""

    @property
    def height(self) -> float:
        return max(len(column.lines) for column in self.columns) * self.leading * POINT


@dataclass(frozen=True)
class Text:
    """A part in its place."""

    kind: str
    tag: str
    box: Box
    points: float
    leading: float
    column: Column


def leading(points: float, factor: float) -> float:
    """On the grid: an even number of points."""
    return max(2 * round(points * factor / 2), 2 * -(-points * 1.02 // 2))


def stacked(parts: Sequence[Part], box: Box, plan: Plan) -> list[Text]:
    """Parts one below the other on the grid, with the room left over between and about them."""
    needed = sum(part.height + part.gap * POINT for part in parts)
    opening = sum(part.gap for part in parts if part.opens) * POINT
    spare = max(0.0, box.height - needed)
    open_by = min(spare * 0.8 / opening if opening else 0.0, plan.stretch - 1)
    y = box.top + (spare - open_by * opening) * plan.above
    placed = []
    for part in parts:
        y += part.gap * POINT * (1 + open_by if part.opens else 1)
        y = round(y / GRID) * GRID if y > box.top else y
        placed += _columns(part, box._replace(top=y, height=part.height), plan)
        y += part.height
    return placed


def _columns(part: Part, box: Box, plan: Plan) -> list[Text]:
    if len(part.columns) == 1:
        boxes = [box]
    else:
        half = column_measure(box.width)
        first = box.middle - BETWEEN / 2 - half if plan.is_centred else box.left
        second = box.middle + BETWEEN / 2 if plan.is_centred else box.left + half + BETWEEN
        boxes = [box._replace(left=left, width=half) for left in (first, second)]
    return [
        Text(part.kind, part.tag, place, part.points, part.leading, column)
        for place, column in zip(boxes, part.columns, strict=True)
    ]


def column_measure(width: float) -> float:
    """The measure of one of two columns."""
    return min((width - BETWEEN) / 2, WIDEST_COLUMN)


def fits(parts: Sequence[Part], box: Box) -> bool:
    """Whether they stand in their room, with a little air."""
    return sum(part.height + part.gap * POINT * AIR for part in parts) <= box.height
