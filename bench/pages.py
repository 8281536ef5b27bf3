"""Requests per second of the pages that many people open, beside the empty application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench import load
from bench.figures import Line, figure, spread
from bench.stand import Stand

YARDSTICK_SHARE = 0.5
"""The yardstick is measured before every page, so half as long is long enough."""


@dataclass(frozen=True)
class Sight:
    """A page as some kind of reader asks for it."""

    name: str
    path: str
    goal: float | None = None
    cookie: str = ""
    is_fresh: bool = False
    """Each request has a query string of its own, so that no answer is one from memory."""


@figure("pages")
def pages(stand: Stand) -> Iterator[Line]:
    """The pages round after round, the yardstick before each of them."""
    sights = _sights(stand)
    for sight in sights:
        load.warm(stand.confer.port, sight.path, sight.cookie)
    load.warm(stand.empty.port, "/")
    loads: dict[str, list[load.Load]] = {sight.name: [] for sight in sights}
    empty: list[float] = []
    ratios: dict[str, list[float]] = {sight.name: [] for sight in sights}
    busy: dict[str, list[float]] = {sight.name: [] for sight in sights}
    for _round in range(stand.pace.rounds):
        for sight in sights:
            empty.append(empty_rate(stand))
            before = stand.confer.cpu_seconds
            loads[sight.name].append(_ask(stand, sight))
            spent = stand.confer.cpu_seconds - before
            busy[sight.name].append(1000 * spent / loads[sight.name][-1].answers)
            ratios[sight.name].append(loads[sight.name][-1].rps / empty[-1])
    yield {"bench": "empty.wsgi", "rps": round(median(empty)), "spread": spread(empty),
           "generator": load.generator(), "connections": load.CONNECTIONS}  # fmt: skip
    for sight in sights:
        line = _line(sight, loads[sight.name], ratios[sight.name])
        yield line | {"cpu_ms": round(median(busy[sight.name]), 2)}


def empty_rate(stand: Stand) -> float:
    """Requests per second of the empty application, now."""
    return load.ask(stand.empty.port, "/", seconds=stand.pace.seconds * YARDSTICK_SHARE).rps


def _sights(stand: Stand) -> list[Sight]:
    crowd = stand.house.crowd
    cookie = stand.house.cookie(crowd.learner)
    places = (
        ("agenda.page", "/agenda", 0.08),
        ("webinar.page", f"/agenda/{crowd.webinar}", 0.08),
        ("verification.page", f"/v/{crowd.serial}", 0.15),
    )
    return [
        sight
        for name, path, goal in places
        for sight in (
            Sight(name, path, goal),
            Sight(f"{name}.fresh", path, is_fresh=True),
            Sight(f"{name}.signed_in", path, cookie=cookie),
        )
    ]


def _ask(stand: Stand, sight: Sight) -> load.Load:
    return load.ask(
        stand.confer.port, sight.path, seconds=stand.pace.seconds, cookie=sight.cookie,
        varied=sight.is_fresh,
    )  # fmt: skip


def _line(sight: Sight, loads: list[load.Load], ratios: list[float]) -> Line:
    line: Line = {
        "bench": sight.name,
        "rps": round(median(one.rps for one in loads), 1),
        "p50_ms": round(median(one.p50_ms for one in loads), 2),
        "p95_ms": round(median(one.p95_ms for one in loads), 2),
        "ratio": round(median(ratios), 4),
        "spread": spread([one.rps for one in loads]),
    }
    return line if sight.goal is None else line | {"goal": sight.goal}
