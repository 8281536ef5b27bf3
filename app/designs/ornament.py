"""Ornament as vectors: lathe work, ribbons, globes and rules, written as page operators.

A drawing is laid under a sheet as it is, so it is computed once, deflated once, and costs a holder
nothing. Lengths are millimetres from the upper left corner; the operators count in hundredths.
"""

import hashlib
import math
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.designs.colours import operands

Point = tuple[float, float]
Curve = Callable[[float], Point]
POINTS_PER_HUNDREDTH = 72 / 2540


@dataclass(frozen=True)
class Side:
    """A straight run of a border: where it starts, the way it goes, how long it is."""

    start: Point
    angle: float
    length: float


def sides(width: float, height: float, inset: float, corner: float) -> list[Side]:
    """The four sides of a sheet between its corners, clockwise; outwards is up along each."""
    left, top, right, bottom = inset, inset, width - inset, height - inset
    across, down = right - left - 2 * corner, bottom - top - 2 * corner
    return [
        Side((left + corner, top), 0.0, across),
        Side((right, top + corner), math.pi / 2, down),
        Side((right - corner, bottom), math.pi, across),
        Side((left, bottom - corner), -math.pi / 2, down),
    ]


def border(side: Side, pitch: float, unit: Callable[[float], Iterable[Curve]], pieces: int) -> str:
    """One unit again and again along a side, as often as comes nearest to its pitch.

    The unit is written out each time with the same words: deflated, that costs next to nothing.
    """
    number = max(1, round(side.length / pitch))
    step = side.length / number
    drawn = " ".join(path(curve, pieces) for curve in unit(step)) + " S"
    one = f"{drawn} 1 0 0 1 {step * 100:.3f} 0 cm"
    return f"q {_matrix(side.angle, side.start)} " + " ".join([one] * number) + " Q"


def ribbons(swing: float, strands: int, spread: float) -> Callable[[float], list[Curve]]:
    """Two ribbons of strands that cross each other twice in a unit."""
    middle = (strands - 1) / 2
    phases = [spread * (number - middle) / max(middle, 1) for number in range(strands)]
    return _waves(swing, [ribbon + phase for ribbon in (0.0, math.pi) for phase in phases], 1)


def rope(swing: float, strands: int, turns: int = 1) -> Callable[[float], list[Curve]]:
    """Strands that wind round the way, each a part of a turn further on."""
    return _waves(swing, [math.tau * number / strands for number in range(strands)], turns)


def _waves(swing: float, phases: list[float], turns: int) -> Callable[[float], list[Curve]]:
    def unit(step: float) -> list[Curve]:
        def strand(phase: float) -> Curve:
            return lambda t: (step * t, swing * math.sin(math.tau * turns * t + phase))

        return [strand(phase) for phase in phases]

    return unit


def lace(swing: float, offset: float) -> Callable[[float], list[Curve]]:
    """A small arch, turned inwards, with a smaller one within."""

    def unit(step: float) -> list[Curve]:
        def arch(share: float) -> Curve:
            return lambda t: (
                step * (0.5 + (t - 0.5) * share), offset + share * swing * math.sin(math.pi * t)
            )  # fmt: skip

        return [arch(1.0), arch(0.55)]

    return unit


def ring(
    centre: Point, middle: float, swing: float, petals: int, strands: int, *, turn: float = 0.0
) -> str:
    """A ring of a lathe: every strand the same wave, turned a little further.

    What is between two petals is drawn once and turned round the centre.
    """

    def strand(phase: float) -> Curve:
        def at(t: float) -> Point:
            angle = math.tau * t / petals
            reach = middle + swing * math.sin(petals * angle + phase)
            return reach * math.cos(angle), reach * math.sin(angle)

        return at

    phases = (math.tau * number / strands for number in range(strands))
    drawn = " ".join(path(strand(phase), 5) for phase in phases) + " S"
    angles = (turn + math.tau * number / petals for number in range(petals))
    return " ".join(f"q {_matrix(angle, centre)} {drawn} Q" for angle in angles)


def rosette(centre: Point, radius: float) -> Iterator[str]:
    """Three rings, one within the other, with a clear heart."""
    yield ring(centre, radius * 0.87, radius * 0.13, 36, 9)
    yield ring(centre, radius * 0.63, radius * 0.14, 24, 8)
    yield ring(centre, radius * 0.42, radius * 0.10, 18, 6)


@lru_cache(maxsize=64)
def medallion(name: str, centre: Point, radius: float) -> str:
    """A seal's rosette: its turns follow from the name, so that each society has its own."""
    seed = hashlib.sha256(name.encode()).digest()
    petals = 10 + seed[0] % 7
    return " ".join((
        ring(centre, radius * 0.93, radius * 0.07, 40, 2),
        ring(centre, radius * 0.66, radius * 0.20, petals, 7 + seed[1] % 3),
        ring(centre, radius * 0.33, radius * (0.12 + seed[2] % 4 / 40), petals // 2 + 1, 5),
    ))  # fmt: skip


def globe(centre: Point, radius: float, tilt: float) -> Iterator[Curve]:
    """Meridians and parallels of a globe, its axis leaning by so many radians."""
    lean, sway = math.cos(tilt), math.sin(tilt)

    def turned(x: float, y: float) -> Point:
        return centre[0] + x * lean - y * sway, centre[1] + x * sway + y * lean

    for number in range(13):
        wide = radius * math.sin(math.pi / 2 * (number - 6) / 6.5)

        def meridian(t: float, wide: float = wide) -> Point:
            return turned(wide * math.cos(math.pi * t - math.pi / 2),
                          radius * math.sin(math.pi * t - math.pi / 2))  # fmt: skip

        yield meridian
    for number in range(-5, 6):
        high = radius * math.sin(math.pi / 2 * number / 6)
        half = math.sqrt(radius * radius - high * high)
        sag = 0.16 * half

        def parallel(t: float, high: float = high, half: float = half, sag: float = sag) -> Point:
            angle = math.pi * t
            return turned(-half * math.cos(angle), high + sag * math.sin(angle))

        yield parallel


def circle(centre: Point, radius: float) -> Curve:
    return lambda t: (
        centre[0] + radius * math.cos(math.tau * t),
        centre[1] + radius * math.sin(math.tau * t),
    )


def field(left: float, right: float, top: float, bottom: float, step: float) -> Iterator[Curve]:
    """Engraver's lines: level strokes that swell together round the middle of the field."""
    middle, centre = (top + bottom) / 2, (left + right) / 2
    for number in range(int((bottom - top) / step) + 1):
        y = top + number * step
        nearness = math.cos(math.pi / 2 * (y - middle) / ((bottom - top) / 2)) ** 2

        def line(t: float, y: float = y, nearness: float = nearness) -> Point:
            x = left + (right - left) * t
            swell = math.exp(-(((x - centre) / ((right - left) * 0.22)) ** 2))
            wave = math.sin(math.tau * (x - centre) / 17)
            return x, y + 2.6 * nearness * swell * wave + 3.2 * swell * math.sin(y / 9)

        yield line


def closed(curve: Curve, segments: int) -> str:
    return path(curve, segments) + " s"


def open_(curve: Curve, segments: int) -> str:
    return path(curve, segments) + " S"


def path(curve: Curve, segments: int) -> str:
    """A curve as PDF path operators: cubic pieces with the curve's own tangents."""
    step, near = 1.0 / segments, 1e-5
    parts: list[str] = []
    before: tuple[Point, Point] | None = None
    for number in range(segments + 1):
        t = number * step
        x, y = curve(t)
        (ax, ay), (bx, by) = curve(t - near), curve(t + near)
        reach = step / 3 / (2 * near)
        tangent = ((bx - ax) * reach, (by - ay) * reach)
        if before is None:
            parts.append(f"{_n(x)} {_n(y)} m")
        else:
            (px, py), (tx, ty) = before
            parts.append(
                f"{_n(px + tx)} {_n(py + ty)} {_n(x - tangent[0])} {_n(y - tangent[1])} "
                f"{_n(x)} {_n(y)} c"
            )
        before = (x, y), tangent
    return " ".join(parts)


def swelled(centre: Point, width: float, height: float) -> str:
    """A rule that swells towards its middle, filled."""
    (x, y), half, up = centre, width / 2, height / 2

    def side(way: int, rise: float) -> str:
        points = [
            (-0.55 * way, 0.05),
            (-0.35 * way, 1),
            (0, 1),
            (0.35 * way, 1),
            (0.55 * way, 0.05),
            (way, 0),
        ]
        placed = [f"{_n(x + a * way * half)} {_n(y - b * rise)}" for a, b in points]
        return f"{' '.join(placed[:3])} c {' '.join(placed[3:])} c"

    return f"{_n(x - half)} {_n(y)} m {side(1, up)} {side(-1, -up)} f"


def frame(width: float, height: float, inset: float) -> str:
    return f"{_n(inset)} {_n(inset)} {_n(width - 2 * inset)} {_n(height - 2 * inset)} re S"


def rule(left: float, y: float, right: float, bottom: float | None = None) -> str:
    return f"{_n(left)} {_n(y)} m {_n(right)} {_n(y if bottom is None else bottom)} l S"


def disc(centre: Point, radius: float) -> str:
    return path(circle(centre, radius), 8) + " f"


def box(left: float, top: float, width: float, height: float) -> str:
    return f"{_n(left)} {_n(top)} {_n(width)} {_n(height)} re f"


def pen(colour: str, hundredths: float) -> str:
    return f"{operands(colour)} RG {hundredths:g} w 1 j 1 J"


def fill(colour: str) -> str:
    return f"{operands(colour)} rg"


def drawing(height: float, parts: Iterable[str]) -> bytes:
    """The operators of a whole sheet, marked as decoration and deflated."""
    scale = f"{POINTS_PER_HUNDREDTH:.7f}"
    head = f"/Artifact BMC q {scale} 0 0 -{scale} 0 {height * 72 / 25.4:.3f} cm"
    return zlib.compress("\n".join([head, *parts, "Q EMC"]).encode(), 9)


def _matrix(angle: float, place: Point) -> str:
    """Turned by an angle and moved to a place."""
    c, s = math.cos(angle), math.sin(angle)
    return f"{c:.5f} {s:.5f} {-s:.5f} {c:.5f} {_n(place[0])} {_n(place[1])} cm"


def _n(millimetres: float) -> int:
    return round(millimetres * 100)


def code(rectangles: str, modules: int, place: tuple[float, float, float], height: float) -> bytes:
    """A QR code in its place (left, top, side)."""
    left, top, side = place
    module = side / modules * 72 / 25.4
    move = f"{left * 72 / 25.4:.3f} {(height - top) * 72 / 25.4:.3f}"
    head = f"/Artifact BMC q {module:.5f} 0 0 -{module:.5f} {move} cm 0 g"
    return zlib.compress(f"{head}\n{rectangles}f Q EMC".encode(), 2)
