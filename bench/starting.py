"""Seconds from the start of the program to its first good answer."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from bench.figures import Line, figure, spread
from bench.house import House
from bench.servers import serve_confer
from bench.stand import Stand
from config import ROOT

GOAL = 2.0
NAMES = """
import sys, wsgi
from granian.server import MPServer
ours = {"app", "config", "wsgi", "__main__", "__mp_main__"}
print(*(name for name in [*sys.modules] if name.partition(".")[0] not in ours))
"""
IMPORTS = """
import contextlib, importlib, sys
for name in sys.argv[1:]:
    with contextlib.suppress(ImportError):  # some are there only as parts of others
        importlib.import_module(name)
"""


@figure("start.ready")
def start(stand: Stand) -> Iterator[Line]:
    """Started again and again on a house that is migrated; the first start only warms up.

    The yardstick is a Python that imports the very same modules of others and nothing of ours.
    """
    times, busy, plain = [], [], []
    others = _python(stand.house, NAMES).split()
    for number in range(stand.pace.starts + 1):
        with serve_confer(stand.house) as served:
            if number:
                times.append(served.ready_after)
                busy.append(served.cpu_seconds)
        began = time.perf_counter()
        _python(stand.house, IMPORTS, *others)
        plain.append(time.perf_counter() - began)
    yield {
        "bench": "start.ready", "seconds": round(median(times), 2), "best": round(min(times), 2),
        "cpu_seconds": round(median(busy), 2), "libraries": round(median(plain[1:]), 2),
        "ratio": round(median(times) / median(plain[1:]), 2),
        "spread": spread(times), "goal": GOAL,
    }  # fmt: skip


def _python(house: House, program: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=ROOT, env=house.environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout
