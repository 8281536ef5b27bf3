"""The administrator's pages of one webinar with thousands enrolled, whose report is loaded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from bench.figures import Line, figure, spread
from bench.load import Faulty
from bench.stand import Stand
from bench.statements import count

GOAL_MS = 300
GOAL_SQL = 15
TRIES = 7
PAGES = {
    "desk.webinar": "",
    "desk.participants": "/participants",
    "desk.presence": "/presence",
    "desk.presence.absent": "/presence?show=absent",
    "desk.settlement": "/settlement",
    "desk.contests": "/contests",
    "desk.figures": "/figures",
}


@figure("desk")
def desk(stand: Stand) -> Iterator[Line]:
    """One reader, one page after another, without a server between: what a page costs."""
    crowd = stand.house.crowd
    cookie = stand.house.cookie(crowd.administrator)
    for name, rest in PAGES.items():
        path = f"/desk/activities/{crowd.large}{rest}"
        statements = count(stand, path, cookie)
        taken = [_milliseconds(stand, path, cookie) for _ in range(TRIES)]
        yield {
            "bench": f"{name}.page", "ms": round(median(taken), 1), "spread": spread(taken),
            "goal_ms": GOAL_MS, "statements": statements, "goal_statements": GOAL_SQL,
            "enrolled": stand.pace.crowd,
        }  # fmt: skip


def _milliseconds(stand: Stand, path: str, cookie: str) -> float:
    client = stand.house.app.test_client(use_cookies=False)
    started = time.perf_counter()
    answer = client.get(path, headers={"Cookie": cookie}, base_url=stand.house.settings.public_url)
    if answer.status_code != 200:
        raise Faulty(f"{path}: {answer.status}")
    return (time.perf_counter() - started) * 1000
