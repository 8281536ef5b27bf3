"""What a figure is, and how several measurements become one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.stand import Stand

Line = dict[str, Any]
Measure = Callable[[Stand], Iterator[Line]]


@dataclass(frozen=True)
class Figure:
    """Something that is measured; one measurement may print several lines."""

    name: str
    measure: Measure
    lines: tuple[str, ...] = ()
    """What its lines are called; it may be asked for by any of them."""


_figures: list[Figure] = []


def figure(name: str, *lines: str) -> Callable[[Measure], Measure]:
    """Declare a figure; they are measured in the order in which they are declared."""

    def declare(measure: Measure) -> Measure:
        _figures.append(Figure(name, measure, lines))
        return measure

    return declare


def chosen(only: Sequence[str]) -> list[Figure]:
    """The figures whose names begin like one of these; all when none is named."""
    return [
        figure
        for figure in _figures
        if not only or any(one.startswith(tuple(only)) for one in (figure.name, *figure.lines))
    ]


def spread(values: Sequence[float]) -> float:
    """How far apart the measurements lie, as a part of their median."""
    middle = median(values)
    return round((max(values) - min(values)) / middle, 2) if middle else 0.0


def percentile(values: Sequence[float], hundredths: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)]
