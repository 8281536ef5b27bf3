"""Load on a server: wrk where it is installed, else a small generator of our own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench import knocking
from bench.figures import percentile

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("load.lua")
LEAST_SECONDS = 1


class Faulty(Exception):
    """A page did not answer as it should, so its rate means nothing."""


@dataclass(frozen=True)
class Load:
    """What a server answered under load."""

    answers: int
    seconds: float
    p50_ms: float
    p95_ms: float

    @property
    def rps(self) -> float:
        return self.answers / self.seconds


_program = shutil.which("wrk")


def use(*, plain: bool) -> None:
    """Choose what makes the load: wrk, or our own generator where wrk is missing or not wanted."""
    global _program  # noqa: PLW0603
    _program = None if plain else shutil.which("wrk")


def generator() -> str:
    """The name of what makes the load."""
    return "wrk" if _program else "python"


def ask(
    port: int, path: str, *, seconds: float, cookie: str = "", varied: bool = False,
    connections: int = CONNECTIONS,
) -> Load:  # fmt: skip
    """Ask for one page on some connections, as fast as it answers."""
    if generator() == "wrk":
        return _wrk(port, path, seconds, cookie, varied, connections)
    return _python(port, path, seconds, cookie, varied, connections)


def warm(port: int, path: str, cookie: str = "") -> None:
    """Ask often enough that every process has compiled what the page needs."""
    requests = (knocking.get(port, path, cookie) for _ in range(5 * CONNECTIONS))
    statuses = knocking.knock(port, requests, connections=CONNECTIONS).statuses
    if set(statuses) != {200}:
        raise Faulty(f"{path}: {dict(statuses)}")


def _wrk(
    port: int, path: str, seconds: float, cookie: str, varied: bool, connections: int
) -> Load:  # fmt: skip
    """wrk counts in whole seconds, so a shorter measurement is as long as its shortest."""
    whole = max(LEAST_SECONDS, round(seconds))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{whole}s", "-s", str(SCRIPT)]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    surroundings = os.environ | ({"VARY": "1"} if varied else {})
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"],
        env=surroundings, capture_output=True, text=True, check=True, timeout=60 + whole,
    )  # fmt: skip
    return read(done.stdout, path)


def read(output: str, path: str = "") -> Load:
    """What wrk said at its end."""
    told = json.loads(output.strip().splitlines()[-1])
    if told["refused"] or told["broken"] or not told["answers"]:
        raise Faulty(f"{path}: {told}")
    return Load(told["answers"], told["microseconds"] / 1e6, told["p50"], told["p95"])


def _python(
    port: int, path: str, seconds: float, cookie: str, varied: bool, connections: int
) -> Load:  # fmt: skip
    paths = (f"{path}?n={n}" for n in count()) if varied else (path for _ in count())
    requests = (knocking.get(port, one, cookie) for one in paths)
    knocked = knocking.knock(port, requests, connections=connections, seconds=seconds)
    if set(knocked.statuses) != {200}:
        raise Faulty(f"{path}: {dict(knocked.statuses)}")
    answers = knocked.statuses.total()
    spent = [1000 * t for t in knocked.latencies]
    return Load(answers, knocked.seconds, percentile(spent, 50), percentile(spent, 95))
