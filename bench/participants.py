"""The administrator's list of participants: as quick for ten thousand as for a hundred."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench import load
from bench.figures import Line, figure, spread
from bench.stand import Stand

GOAL = 1.2


@figure("participants.list")
def participants(stand: Stand) -> Iterator[Line]:
    """One reader at a time, the short list and the long one in turn."""
    crowd = stand.house.crowd
    cookie = stand.house.cookie(crowd.administrator)
    paths = [f"/desk/activities/{id}/participants" for id in (crowd.small, crowd.large)]
    for path in paths:
        load.warm(stand.confer.port, path, cookie)
    rounds = [
        [
            load.ask(
                stand.confer.port, path, seconds=stand.pace.seconds, cookie=cookie, connections=1
            ).p50_ms
            for path in paths
        ]
        for _round in range(stand.pace.rounds)
    ]
    ratios = [large / small for small, large in rounds]
    yield {
        "bench": "participants.list",
        "ms_at_100": round(median(small for small, _ in rounds), 2),
        f"ms_at_{stand.pace.crowd}": round(median(large for _, large in rounds), 2),
        "ratio": round(median(ratios), 3),
        "spread": spread(ratios),
        "goal": GOAL,
    }
