"""The stock that sheets are printed on: paper, guilloche border and rosette, drawn as vectors.

Nothing here depends on a holder, so the drawing is made once, deflated once, and laid under every
sheet as it is. Lengths are millimetres; the drawing counts in hundredths of them.
"""

import math
import zlib
from collections.abc import Callable, Iterator
from functools import cache

Point = tuple[float, float]
Curve = Callable[[float], Point]
Way = Callable[[float, float], Point]

INK = "0.090 0.125 0.180"
PAPER = "0.992 0.988 0.973"
PALE_GOLD = "0.835 0.765 0.560"
PALER_GOLD = "0.945 0.922 0.855"
GOLD = "0.682 0.573 0.290"
POINTS_PER_HUNDREDTH = 72 / 2540


def rounded_rectangle(inset: float, width: float, height: float, radius: float) -> Way:
    """The way round a rounded rectangle by arc length, t from 0 to 1; offset outwards by y."""
    across, down = width - 2 * (inset + radius), height - 2 * (inset + radius)
    corner = math.pi * radius / 2
    total = 2 * (across + down) + 4 * corner
    left, top, right, bottom = inset, inset, width - inset, height - inset
    sides = (
        (across, (left + radius, top), (1, 0), (right - radius, top + radius), -math.pi / 2),
        (down, (right, top + radius), (0, 1), (right - radius, bottom - radius), 0.0),
        (across, (right - radius, bottom), (-1, 0), (left + radius, bottom - radius), math.pi / 2),
        (down, (left, bottom - radius), (0, -1), (left + radius, top + radius), math.pi),
    )

    def walk(t: float, offset: float) -> Point:
        way = (t % 1.0) * total
        for length, (x, y), (dx, dy), (cx, cy), angle in sides:
            if way <= length:
                return x + dx * way + dy * offset, y + dy * way - dx * offset
            way -= length
            if way <= corner:
                turn = angle + way / radius
                reach = radius + offset
                return cx + reach * math.cos(turn), cy + reach * math.sin(turn)
            way -= corner
        return left + radius, top - offset

    return walk


def band(width: float, height: float, *, inset: float, periods: int, swing: float) -> list[Curve]:
    """Two ribbons of strands that cross each other all the way round the sheet."""
    way = rounded_rectangle(inset, width, height, 7.0)

    def strand(phase: float, ribbon: float) -> Curve:
        def at(t: float) -> Point:
            turn = math.tau * periods * t
            return way(t, swing * math.sin(turn + ribbon + phase))

        return at

    phases = [-0.84, -0.42, 0.0, 0.42, 0.84]
    return [strand(phase, ribbon) for ribbon in (0.0, math.pi) for phase in phases]


def rosette(centre: Point, radius: float) -> Iterator[tuple[Curve, int]]:
    """Rings of a lathe: each strand the same wave, turned a little further; with its segments."""
    for middle, swing, petals, strands in ((0.86, 0.14, 30, 8), (0.57, 0.15, 20, 7)):
        for number in range(strands):
            phase = math.tau * number / strands

            def at(
                t: float, m: float = middle, s: float = swing, p: int = petals, f: float = phase
            ) -> Point:
                angle = math.tau * t
                reach = radius * (m + s * math.sin(p * angle + f))
                return centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)

            yield at, petals * 4


def bezier(curve: Curve, segments: int) -> str:
    """A closed curve as PDF path operators: cubic pieces with the curve's own tangents."""
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
    return " ".join(parts) + " s"


def _n(millimetres: float) -> int:
    return round(millimetres * 100)


def _frame(width: float, height: float, inset: float) -> str:
    return f"{_n(inset)} {_n(inset)} {_n(width - 2 * inset)} {_n(height - 2 * inset)} re S"


def _sheet(width: float, height: float, drawing: list[str]) -> bytes:
    scale = f"{POINTS_PER_HUNDREDTH:.7f}"
    head = f"/Artifact BMC q {scale} 0 0 -{scale} 0 {height * 72 / 25.4:.3f} cm"
    paper = f"{PAPER} rg 0 0 {_n(width)} {_n(height)} re f"
    return zlib.compress("\n".join([head, paper, *drawing, "Q EMC"]).encode(), 9)


def code(
    runs: list[tuple[int, int, int]],
    modules: int,
    place: tuple[float, float, float],
    page: tuple[float, float],
) -> bytes:
    """A QR code in its place (left, top, side) from runs of dark modules (x, y, length)."""
    left, top, side = place
    module = side / modules * 72 / 25.4
    move = f"{left * 72 / 25.4:.3f} {(page[1] - top) * 72 / 25.4:.3f}"
    rectangles = "\n".join(f"{x} {y} {length} 1 re" for x, y, length in runs)
    head = f"/Artifact BMC q {module:.5f} 0 0 -{module:.5f} {move} cm {INK} rg"
    return zlib.compress(f"{head}\n{rectangles}\nf Q EMC".encode(), 6)


@cache
def diploma() -> bytes:
    width, height = 297.0, 210.0
    ribbons = [
        bezier(strand, 96 * 4) for strand in band(width, height, inset=11.5, periods=96, swing=2.3)
    ]
    rings = [bezier(ring, segments) for ring, segments in rosette((width / 2, 93.0), 58.0)]
    return _sheet(
        width,
        height,
        [
            f"{PALER_GOLD} RG 10 w 1 j",
            *rings,
            f"{PALE_GOLD} RG 11 w",
            *ribbons,
            f"{GOLD} RG 9 w {_frame(width, height, 16.0)} 22 w {_frame(width, height, 16.9)}",
        ],
    )


@cache
def certificate() -> bytes:
    width, height = 210.0, 297.0
    ribbons = [
        bezier(strand, 132 * 4)
        for strand in band(width, height, inset=11.0, periods=132, swing=1.2)
    ]
    return _sheet(
        width,
        height,
        [
            f"{PALE_GOLD} RG 9 w 1 j",
            *ribbons,
            f"{GOLD} RG 14 w {_frame(width, height, 14.2)}",
        ],
    )
