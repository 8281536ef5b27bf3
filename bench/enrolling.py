"""Enrolments per second: each by another person, signed in, through the form's own address."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from statistics import median

from sqlalchemy import func, select

from app import db
from app.enrolments.models import Enrolment, Place
from bench import knocking
from bench.figures import Line, figure, percentile, spread
from bench.load import Faulty
from bench.pages import empty_rate
from bench.stand import Stand

CONNECTIONS = 8
GOAL = 0.05


@figure("enrolment.post")
def enrolment(stand: Stand) -> Iterator[Line]:
    """Everyone enrols once, in a webinar of many; afterwards the rows are counted."""
    house = stand.house
    before = _rows(stand)
    rounds = stand.pace.rounds
    rates, ratios, latencies, sent = [], [], [], 0
    requests = _requests(stand)
    share = len(requests) // rounds
    for number in range(rounds):
        empty = empty_rate(stand)
        part = requests[number * share : (number + 1) * share]
        knocked = knocking.knock(stand.confer.port, iter(part), connections=CONNECTIONS)
        if set(knocked.statuses) != {303}:
            raise Faulty(f"enrolment: {dict(knocked.statuses)}")
        sent += len(part)
        rates.append(len(part) / knocked.seconds)
        ratios.append(rates[-1] / empty)
        latencies += knocked.latencies
    written = tuple(after - was for after, was in zip(_rows(stand), before, strict=True))
    if written != (sent, sent):
        raise Faulty(f"{sent} enrolments were answered, but (enrolments, places) are {written}")
    yield {
        "bench": "enrolment.post", "rps": round(median(rates), 1),
        "p95_ms": round(1000 * percentile(latencies, 95), 1), "ratio": round(median(ratios), 4),
        "spread": spread(rates), "goal": GOAL, "enrolments": sent,
        "database": house.settings.database_url.split(":", 1)[0],
    }  # fmt: skip


def _requests(stand: Stand) -> list[bytes]:
    """One request for each newcomer, ready to be sent."""
    house, port = stand.house, stand.confer.port
    body = f"csrf_token={house.csrf_token()}"
    webinars = cycle(house.crowd.open)
    return [
        knocking.post(port, f"/agenda/{next(webinars)}/enrolment", body, house.cookie(token))
        for token in house.crowd.newcomers
    ]


def _rows(stand: Stand) -> tuple[int, int]:
    with stand.house.app.app_context(), db.reading() as session:
        enrolments = session.scalar(select(func.count()).select_from(Enrolment))
        places = session.scalar(select(func.count()).select_from(Place))
    return enrolments or 0, places or 0
