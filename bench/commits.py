"""How many acts this disk could take at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from sqlalchemy import text

from app import db
from bench.figures import Line, figure, spread
from bench.pages import empty_rate
from bench.stand import Stand

COMMITS = 200


@figure("commit.durable")
def commit(stand: Stand) -> Iterator[Line]:
    """The ceiling of every act: one row, one durable commit, nothing else, in one process."""
    rates = []
    with stand.house.app.app_context(), db.db.engine.connect() as connection:
        for _ in range(stand.pace.rounds):
            connection.execute(text("CREATE TABLE ceiling (id INTEGER PRIMARY KEY, word TEXT)"))
            connection.commit()
            started = time.perf_counter()
            for number in range(COMMITS):
                connection.execute(
                    text("INSERT INTO ceiling (id, word) VALUES (:id, 'act')"), {"id": number}
                )
                connection.commit()
            rates.append(COMMITS / (time.perf_counter() - started))
            connection.execute(text("DROP TABLE ceiling"))
            connection.commit()
    yield {
        "bench": "commit.durable", "rps": round(median(rates), 1), "spread": spread(rates),
        "ratio": round(median(rates) / empty_rate(stand), 4),
        "database": stand.house.settings.database_url.split(":", 1)[0],
    }  # fmt: skip
