"""Megabytes of the processes that serve, measured while they serve; shared pages are shared out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import psutil

from bench import load
from bench.figures import Line, figure
from bench.stand import Stand

GOAL = 200
MEGABYTE = 1 << 20


@figure("memory")
def memory(stand: Stand) -> Iterator[Line]:
    """After pages of every kind, and still under load."""
    crowd, port = stand.house.crowd, stand.confer.port
    learner = stand.house.cookie(crowd.learner)
    administrator = stand.house.cookie(crowd.administrator)
    load.warm(port, f"/v/{crowd.serial}")
    load.warm(port, f"/agenda/{crowd.webinar}", learner)
    load.warm(port, f"/desk/activities/{crowd.large}/participants", administrator)
    with ThreadPoolExecutor(1) as pool:
        loaded = pool.submit(
            load.ask, port, "/agenda", seconds=max(2.0, stand.pace.seconds), cookie=learner
        )
        web = everything = 0.0
        while not loaded.done():
            web = max(web, proportional(stand.confer.web))
            everything = max(everything, proportional(stand.confer.processes))
        loaded.result()
    yield {"bench": "memory.web", "mb": round(web, 1), "processes": len(stand.confer.web),
           "goal": GOAL}  # fmt: skip
    yield {"bench": "memory.all", "mb": round(everything, 1),
           "processes": len(stand.confer.processes)}  # fmt: skip


def proportional(processes: Sequence[psutil.Process]) -> float:
    """The proportional set size of some processes together, in megabytes."""
    return sum(p.memory_full_info().pss for p in processes) / MEGABYTE
