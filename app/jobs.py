"""Work that a request leaves behind: the row is the truth, the engine carries its id.

A row that waits (a message without a delivery, a credential without a file) is written in the
transaction of the act. After the commit its id is handed to Huey; that may be lost. A sweep hands
over again whatever is still waiting, so nothing is lost for ever. A job does its slow part outside
any transaction and finishes by compare-and-set: delivered twice is done once.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import db
from app.clock import now

if TYPE_CHECKING:
    from huey import Huey
    from huey.consumer import Consumer

log = logging.getLogger("confer.jobs")
SWEEP_SECONDS = 10
BATCH = 200


class Heartbeat(db.Base):
    """A worker's latest sign of life."""

    __tablename__ = "heartbeats"
    worker: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Job:
    """A kind of background work on one row."""

    name: str
    run: Callable[[int], None]
    due: Callable[[Session, datetime, int], Sequence[int]]
    oldest: Callable[[Session], datetime | None]


@dataclass(frozen=True)
class Chore:
    """Work on whatever is there, at every sweep; safe to run twice at once."""

    name: str
    run: Callable[[], None]


@dataclass
class Registry:
    jobs: dict[str, Job] = field(default_factory=dict)
    chores: dict[str, Chore] = field(default_factory=dict)


registry = Registry()


def job(
    name: str,
    *,
    due: Callable[[Session, datetime, int], Sequence[int]],
    oldest: Callable[[Session], datetime | None],
) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Declare a job: what it does with an id, which ids wait, since when the oldest does."""

    def declare(run: Callable[[int], None]) -> Callable[[int], None]:
        registry.jobs[name] = Job(name, run, due, oldest)
        return run

    return declare


def chore(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare work for every sweep."""

    def declare(run: Callable[[], None]) -> Callable[[], None]:
        registry.chores[name] = Chore(name, run)
        return run

    return declare


def hand_over(session: Session, name: str, row: Any) -> None:
    """After the commit, tell the engine that this row waits; the sweep finds what it loses."""
    db.after_commit(session, lambda: _publish(name, row.id))


def nudge(session: Session) -> None:
    """After the commit, let a worker sweep at once instead of at its next round."""
    db.after_commit(session, lambda: _publish("sweep", 0))


def _publish(name: str, key: int) -> None:
    try:
        engine()(name, key)
    except Exception:
        log.warning("the job engine is out of reach; the sweep will hand over %s %s", name, key)


def engine() -> Any:
    return current_app.extensions["jobs"].run


def init_app(app: Flask) -> None:
    huey = make_huey(app.config["SETTINGS"].jobs_url)
    app.extensions["jobs"] = Engine(huey, huey.task()(_runner(app)))
    app.cli.add_command(worker)


@dataclass(frozen=True)
class Engine:
    huey: Huey
    run: Callable[[str, int], object]


def make_huey(url: str) -> Huey:
    """Huey on a SQLite file, on Redis or on PostgreSQL, with the driver of that one alone."""
    if url.startswith("sqlite:///"):
        with _not_loading("redis", "psycopg"):
            from huey import SqliteHuey
        path = url.removeprefix("sqlite:///")
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        return SqliteHuey(
            "confer", filename=path, timeout=15, fsync=False, results=False, journal_mode="delete"
        )
    from huey import PostgresHuey, RedisHuey

    if url.startswith(("redis://", "rediss://")):
        patience = "socket_connect_timeout=3&socket_timeout=10"
        url = f"{url}{'&' if '?' in url else '?'}{patience}"
        return RedisHuey("confer", url=url, results=False, blocking=True, read_timeout=1)
    return PostgresHuey("confer", dsn=url, results=False)


@contextmanager
def _not_loading(*drivers: str) -> Iterator[None]:
    """Huey loads every driver it finds; those of other engines are a tenth of the start."""
    hidden: dict[str, Any] = {name: None for name in drivers if name not in sys.modules}
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _runner(app: Flask) -> Callable[[str, int], None]:
    def run_job(name: str, key: int) -> None:
        with app.app_context():
            perform(name, key)

    return run_job


def perform(name: str, key: int) -> None:
    """Run one job on one id. A failure is logged; the row stays and is handed over again."""
    try:
        if name == "sweep":
            sweep()
        else:
            registry.jobs[name].run(key)
    except Exception:
        log.exception("%s %s failed", name, key)


def sweep(hand: Callable[[str, int], object] | None = None) -> int:
    """Hand over everything that waits, oldest first, and do the chores; answer how many ids."""
    handed = 0
    for one in registry.chores.values():
        try:
            one.run()
        except Exception:
            log.exception("chore %s failed", one.name)
    for waiting in registry.jobs.values():
        with db.reading() as session:
            keys = waiting.due(session, now(), BATCH)
        for key in keys:
            (hand or _publish)(waiting.name, key)
        handed += len(keys)
    return handed


def run_all(rounds: int = 50) -> int:
    """Do everything that waits, here and now, until nothing does (commands, tests, stories)."""
    done = 0
    for _round in range(rounds):
        handed = sweep(perform)
        done += handed
        if not handed:
            return done
    return done


def oldest_waiting(session: Session) -> dict[str, datetime | None]:
    """Since when the oldest row of each job has been waiting."""
    return {name: one.oldest(session) for name, one in registry.jobs.items()}


def last_heartbeat(session: Session) -> datetime | None:
    return session.scalars(select(Heartbeat.at).order_by(Heartbeat.at.desc()).limit(1)).first()


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failures: 10 s, doubling, at most an hour."""
    return timedelta(seconds=min(3600, 10 * 2 ** min(attempts, 9)))


class Sweeper(threading.Thread):
    """Sweeps every few seconds with jitter, and shows that the worker lives."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="sweeper", daemon=True)
        self.app = app
        self.stop = threading.Event()
        self.worker = f"{socket.gethostname()}:{os.getpid()}"

    def run(self) -> None:
        while True:
            with self.app.app_context():
                try:
                    self._beat()
                    sweep()
                except Exception:
                    log.exception("sweep failed")
            if self.stop.wait(SWEEP_SECONDS * random.uniform(0.8, 1.2)):
                return

    def _beat(self) -> None:
        with db.writing() as session:
            session.merge(Heartbeat(worker=self.worker, at=now()))


@click.command("worker")
def worker() -> None:
    """Run background jobs until told to stop (SIGTERM finishes what is under way)."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    settings = app.config["SETTINGS"]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    consumer: Consumer = app.extensions["jobs"].huey.create_consumer(
        workers=settings.job_threads,
        worker_type="thread",
        periodic=False,
        initial_delay=0.05,
        max_delay=0.5,
        backoff=1.3,
        check_worker_health=True,
    )
    sweeper = Sweeper(app)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sweeper.start()
    log.info("worker ready, jobs at %s", urlsplit(settings.jobs_url).scheme)
    consumer.run()
    sweeper.stop.set()
