"""Seconds from the start of the program to its first good answer."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.figures import Line, figure, spread
from bench.servers import serve_confer
from bench.stand import Stand

GOAL = 2.0


@figure("start.ready")
def start(stand: Stand) -> Iterator[Line]:
    """Started again and again on a house that is migrated; the first start only warms up."""
    times, busy = [], []
    for number in range(stand.pace.starts + 1):
        with serve_confer(stand.house) as served:
            if number:
                times.append(served.ready_after)
                busy.append(served.cpu_seconds)
    yield {
        "bench": "start.ready", "seconds": round(median(times), 2), "best": round(min(times), 2),
        "cpu_seconds": round(median(busy), 2),
        "spread": spread(times), "goal": GOAL,
    }  # fmt: skip
