"""Where things stand on a sheet: marks, signatures and the middle part, about one axis.

Lengths are millimetres unless a name says points. What is printed is measured beforehand with the
advance widths of the typeface, so that no text has to find its place by chance.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple

from app.designs.fitting import POINT, Setting, advance


class Row(NamedTuple):
    """A row of things side by side: its width, height, widest gap and the most of them in it."""

    width: float
    height: float
    gap: float
    most: int = 6


class Middle(NamedTuple):
    """The part between marks and signatures: the length of its lines, its height, its type size."""

    measure: float
    room: float
    points: float


PAGE = {"diploma": (297.0, 210.0), "certificate": (210.0, 297.0)}
QR_CODE = {"diploma": (138.5, 169.4, 20.0), "certificate": (94.5, 251.0, 21.0)}
MARKS = {"diploma": Row(237.0, 19.0, 14.0), "certificate": Row(150.0, 17.0, 12.0)}
SIGNATURES = {"diploma": Row(249.0, 30.0, 15.0), "certificate": Row(158.0, 24.0, 13.0, most=3)}
MIDDLE = {"diploma": Middle(205.0, 89.0, 12.5), "certificate": Middle(150.0, 146.0, 12.0)}
SIGN_HEIGHT = 18.0
SIGN_POINTS = {"diploma": (9.6, 9.0, 8.4, 7.8, 7.2, 6.6), "certificate": (8.8, 8.2, 7.6, 7.0, 6.4)}
SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
TALL_SCRIPTS = {"arabic": 1.5, "devanagari": 1.36, "thai": 1.36}
ITALIC = 0.9


def marks(societies: list[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    """Marks of equal area, side by side about the sheet's axis."""
    place = MARKS[form]
    gap = max(place.gap - len(societies), 5.0)
    roots = [society["shape"] ** 0.5 for society in societies]
    unit = (place.width - gap * (len(roots) - 1)) / sum(roots)
    unit = min(unit, place.height, *(place.height * root for root in roots))
    left = (place.width - unit * sum(roots) - gap * (len(roots) - 1)) / 2
    placed = []
    for society, root in zip(societies, roots, strict=True):
        width, height = unit * root, unit / root
        top = (place.height - height) / 2
        placed.append(society | {"left": left, "top": top, "width": width, "height": height})
        left += width + gap
    return placed


def signatures(societies: list[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    """Signature blocks in the agreed order: rows of at most so many, each about the axis."""
    place = SIGNATURES[form]
    rows = -(-len(societies) // place.most)
    across = -(-len(societies) // rows)
    gap = max(place.gap - across, 4.0)
    width = min(64.0, (place.width - gap * (across - 1)) / across)
    lowered = place.height / 2 if form == "certificate" and rows == 1 else 0.0
    points = _sign_points(societies, width, form)
    blocks = []
    for number, society in enumerate(societies):
        row, column = divmod(number, across)
        here = min(across, len(societies) - row * across)
        start = (place.width - here * width - (here - 1) * gap) / 2
        left, top = start + column * (width + gap), row * place.height + lowered
        blocks.append(society | {"left": left, "top": top, "width": width, "points": points})
    return blocks


def _sign_points(societies: list[dict[str, Any]], width: float, form: str) -> float:
    """The largest size at which the fullest signature block keeps to its height."""
    for points in SIGN_POINTS[form]:
        lines = max(_sign_lines(society, width / (points * POINT)) for society in societies)
        if lines * points * 1.2 * POINT <= SIGN_HEIGHT - 1:
            break
    return points


def _sign_lines(society: dict[str, Any], ems: float) -> int:
    signatory = society["signatory"] or {"name": "", "office": ""}
    texts = (signatory["name"], signatory["office"], society["name"])
    return sum(ceil(advance(text) * 1.03 / ems) for text in texts)


def middle(
    snapshot: Mapping[str, Any], title: Setting, name: Setting, script: str, form: str
) -> dict[str, float]:
    """How large the middle part is set and where it starts, so that it fills its room well."""
    place = MIDDLE[form]
    measured = _diploma if form == "diploma" else _certificate
    for scale in SCALES:
        points = place.points * scale
        shown = [Setting(text.size * _softened(scale), text.lines) for text in (title, name)]
        leading = TALL_SCRIPTS.get(script, 1.14)
        height, lead, listed = measured(snapshot, shown[0], shown[1], leading, points, place)
        if height <= place.room:
            break
    above = max(0.0, (place.room - height) / 2) if form == "diploma" else 0.0
    return {
        "above": above,
        "points": points,
        "title": shown[0].size,
        "name": shown[1].size,
        "lead": lead,
        "list": listed,
    }


def _softened(scale: float) -> float:
    """Title and name give way later than the rest."""
    return min(1.0, scale + 0.1)


def _diploma(
    snapshot: Mapping[str, Any],
    title: Setting,
    name: Setting,
    leading: float,
    points: float,
    place: Middle,
) -> tuple[float, float, float]:
    em = points * POINT
    phrase = 16 if snapshot["nature"] == "certification" else 9
    organisers = sum(advance(society["name"]) + 2.5 for society in snapshot["awarding"]) + phrase
    requirements = sum(advance(one) + 1.2 for one in snapshot["requirements"])
    lead_lines, lead = _evened(organisers * 1.08 * em * ITALIC, place.measure)
    list_lines, listed = _evened(requirements * 0.92 * em * ITALIC, place.measure)
    height = (
        len(title.lines) * title.size * 1.08 * POINT
        + len(name.lines) * name.size * leading * POINT
        + em * (1.08 * 1.26 * lead_lines + 0.92 * 1.28 * list_lines + 2 * 1.32 + 3.25)
    )
    return height, lead, listed


def _certificate(
    snapshot: Mapping[str, Any],
    title: Setting,
    name: Setting,
    leading: float,
    points: float,
    place: Middle,
) -> tuple[float, float, float]:
    em = points * POINT
    activity = snapshot["activity"] or {}
    organisers = sum(advance(society["name"]) + 2.5 for society in snapshot["awarding"]) + 5
    lead_lines, lead = _evened(organisers * 0.96 * em, place.measure)
    facts = [activity.get(key) or "" for key in ("held", "speakers", "language")]
    fact_lines = 3 + sum(ceil(advance(fact) * em / (place.measure - 20)) for fact in facts)
    height = (
        31 * 1.08 * POINT
        + len(title.lines) * title.size * 1.16 * POINT
        + len(name.lines) * name.size * leading * POINT
        + em * (2.6 + 2 * 1.08 * 1.34 + 1.9 + 1.8 + 0.96 * 1.3 * lead_lines + 1.8)
        + em * 1.5 * fact_lines
    )
    return height, lead, place.measure


def _evened(length: float, measure: float) -> tuple[int, float]:
    """How many lines a text of this length takes, and the measure that makes them alike."""
    lines = max(1, ceil(length * 1.04 / measure))
    return lines, measure if lines == 1 else min(measure, length / lines + 16)
