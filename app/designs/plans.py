"""The plans of the four sheets: where the parts of a face stand, in millimetres."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from app.designs.fitting import Rule


class Box(NamedTuple):
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Plan:
    """The parts of a face: fixed ones, and the middle that takes the room between them."""

    width: float
    height: float
    is_centred: bool
    marks: Box
    middle: Box
    signs: Box
    """Its bottom stands; its height is what the signatures need."""
    code: Box
    feet: tuple[Box, Box]
    points: float
    title: tuple[Rule, ...]
    name: tuple[Rule, ...]
    measure: float
    """The longest line of running text."""
    across: int = 6
    """Signatures side by side."""
    sign_width: float = 74.0
    stacked: bool = False
    """Whether the marks stand one below the other."""
    above: float = 0.45
    """The share of the room left over that stands above the middle part."""
    stretch: float = 2.1
    """How far the gaps of the middle part open."""


NAME_SIZES = (36, 32, 28)
NAME = (Rule(1, NAME_SIZES), Rule(2, (30, 26, 23)), Rule(3, (20, 17), True))
TITLE = (
    Rule(1, (39, 37, 35, 33, 31, 29, 27)),
    Rule(2, (32, 30, 28, 26, 24, 22)),
    Rule(3, (21, 19, 17)),
)


def heritage(margin: float) -> Plan:
    width, height = 297.0, 210.0
    side, base = margin + 17.0, height - margin - 12.5
    foot = Box(side, base - 19.5, width / 2 - 13.5 - side, 19.5)
    return Plan(
        width=width,
        height=height,
        is_centred=True,
        marks=Box(side + 8, margin + 14.5, width - 2 * (side + 8), 16.5),
        middle=Box(side, margin + 34.5, width - 2 * side, 0),
        signs=Box(side - 3, foot.top - 3.5, width - 2 * (side - 3), 0),
        code=Box(width / 2 - 9.5, base - 19.5, 19.0, 19.0),
        feet=(foot, foot._replace(left=width / 2 + 13.5)),
        points=13.0,
        title=TITLE,
        name=NAME,
        measure=212.0 - 2 * max(0.0, margin - 11),
    )


def modern(margin: float) -> Plan:
    width, height = 297.0, 210.0
    left, column, base = margin + 5.0, 48.0, height - margin - 5.0
    axis, right = left + column + 15.0, width - margin - 9.0
    foot = Box(axis, base - 14.5, (right - axis - 8) / 2, 14.5)
    return Plan(
        width=width,
        height=height,
        is_centred=False,
        marks=Box(left, margin + 6.0, column, base - 20 - 14 - margin - 6.0),
        middle=Box(axis, margin + 15.0, right - axis, 0),
        signs=Box(axis, foot.top - 5.0, right - axis, 0),
        code=Box(left + column / 2 - 10, base - 20.0, 20.0, 20.0),
        feet=(foot, foot._replace(left=foot.left + foot.width + 8)),
        points=13.0,
        title=(
            Rule(1, (38, 36, 34, 32)),
            Rule(2, (38, 36, 34, 32, 30, 28, 26, 24)),
            Rule(3, (24, 22, 20, 18)),
        ),
        name=NAME,
        measure=min(176.0, right - axis),
        sign_width=60.0,
        stacked=True,
        above=0.0,
        stretch=2.8,
    )


def portrait(margin: float) -> Plan:
    width, height = 210.0, 297.0
    side, base = margin + 14.0, height - margin - 14.0
    foot = Box(side, base - 20.0, width / 2 - 14.5 - side, 20.0)
    return Plan(
        width=width,
        height=height,
        is_centred=True,
        marks=Box(side + 3, margin + 17.0, width - 2 * (side + 3), 19.0),
        middle=Box(side, margin + 43.0, width - 2 * side, 0),
        signs=Box(side, foot.top - 6.0, width - 2 * side, 0),
        code=Box(width / 2 - 10.0, base - 20.0, 20.0, 20.0),
        feet=(foot, foot._replace(left=width / 2 + 14.5)),
        points=12.6,
        title=(Rule(1, (32, 30, 28, 26, 24)), Rule(2, (28, 26, 24, 22)), Rule(3, (20, 18, 16))),
        name=(Rule(1, (32, 28, 25)), Rule(2, (26, 23)), Rule(3, (20, 17), True)),
        measure=width - 2 * side - 4,
        across=3,
        sign_width=66.0,
        above=0.4,
        stretch=2.6,
    )


def transcript(margin: float) -> Plan:
    """Its middle ends above a table that flows; signatures, code and feet close the first page."""
    width, height = 210.0, 297.0
    left, base = margin + 9.0, height - margin - 10.0
    foot = Box(left + 26.0, base - 17.0, (width - 2 * left - 26 - 6) / 2, 17.0)
    return Plan(
        width=width,
        height=height,
        is_centred=False,
        marks=Box(left, margin + 11.0, width - 2 * left, 14.0),
        middle=Box(left, margin + 33.0, width - 2 * left, 0),
        signs=Box(left, base - 25.0, width - 2 * left, 0),
        code=Box(left, base - 20.0, 20.0, 20.0),
        feet=(foot, foot._replace(left=foot.left + foot.width + 6)),
        points=10.6,
        title=(Rule(1, (26, 24, 22, 20)), Rule(2, (22, 20, 18)), Rule(3, (17, 15))),
        name=(Rule(1, (22, 20, 18)), Rule(2, (18, 16)), Rule(3, (14, 12), True)),
        measure=width - 2 * left,
        across=3,
        sign_width=54.0,
        above=0.0,
        stretch=1.0,
    )


PLANS: dict[str, Callable[[float], Plan]] = {
    "heritage": heritage,
    "modern": modern,
    "portrait": portrait,
    "transcript": transcript,
}
