"""Milliseconds for a document from its row to its file, as a whole and by steps."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from statistics import median
from typing import Any

import psutil
from sqlalchemy import func, select

from app import db
from app.clock import now
from app.credentials import jobs as credentials
from app.credentials import typesetting
from app.credentials.models import Credential
from app.pdf import Press
from app.sealing import jobs as sealing
from app.sealing import pipeline, revision
from app.sealing.gathering import gather
from app.sealing.orders import Order
from bench import due
from bench.figures import Line, figure
from bench.plain import Plain
from bench.stand import Stand

SOCIETIES = (1, 3, 6)
WARM, STEPS, PLAIN = 20, 60, 12
"""So many documents warm up and do not count, and so many tell of each step."""
GOAL = 25 / 190
"""Of the time that the libraries take by themselves: so much was asked of the first machine."""


@figure("diploma.pipeline", "diploma.sealed", "diploma.credential", "diploma.seals")
def diplomas(stand: Stand) -> Iterator[Line]:
    """A batch of its own for each number of societies.

    What is told is the time of one core, that of the press included; `wall_ms` is what passed on
    the clock of a machine that may have had other things to do. `plain_ms` is what the libraries
    take by themselves for the same, in the same minute.
    """
    for societies in SOCIETIES:
        with _made(due.diplomas, societies, stand.pace.diplomas) as whole:
            steps = list(_steps(societies, min(STEPS, stand.pace.diplomas)))
            plain = sum(step["plain_ms"] for step in steps)
            ratio = round(whole["ms"] / plain, 3)
            yield {"bench": "diploma.sealed", "societies": societies, **whole, "level": "B-B",
                   "plain_ms": round(plain, 1), "ratio": ratio, "goal": round(GOAL, 3)}  # fmt: skip
            yield from steps


@figure("certificate.attendance")
def certificates(stand: Stand) -> Iterator[Line]:
    """The certificates of one webinar, from their rows to their files."""
    with _made(due.certificates, 2, stand.pace.diplomas) as whole:
        yield {"bench": "certificate.attendance", **whole}


@contextmanager
def _made(kind: due.Due, societies: int, number: int) -> Iterator[Line]:
    """So many documents are made; what each of them took."""
    warm = min(WARM, number)
    with due.house(kind, societies, number + warm):
        while credentials.issue_batch():
            pass
        make(warm)
        began, worked = time.perf_counter(), _worked()
        make(number)
        yield {
            "ms": round(1000 * (_worked() - worked) / number, 1),
            "wall_ms": round(1000 * (time.perf_counter() - began) / number, 1),
            "batch": number,
        }
        credentials.press().close()
        credentials.press_in.cache_clear()


def make(number: int) -> None:
    """Make so many files, batch after batch, as a worker does."""
    target = _done() + number
    while (left := target - _done()) > 0:
        with db.reading() as session:
            (key,) = typesetting.due(session, now(), 1)
        sealing.make_batch(key, most=min(left, sealing.BATCH))


def _done() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(Credential.file_digest))) or 0


def _worked() -> float:
    """Seconds of a core spent by this process and by every child, those that ended included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = time.process_time() + ended.ru_utime + ended.ru_stime
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            spent += times.user + times.system
    return spent


def _steps(societies: int, number: int) -> Iterator[Line]:
    """The steps by themselves, on documents that are made again and thrown away."""
    at = now()
    with db.writing() as session:
        keys = session.scalars(select(Credential.id).limit(number)).all()
        for table in ("open_badges", "status_entries"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
        began = _worked()
        orders = gather(session, keys, until=at, at=at)
        credential = 1000 * (_worked() - began) / number
        session.rollback()
    works = sealing.works()
    began = _worked()
    sheets = [works.set(order) for order in orders]
    typeset = 1000 * (_worked() - began) / number
    seals = median(map(_milliseconds, [_seal] * number, orders, sheets, [at] * number))
    with Press() as press:
        plain = Plain(press)
        plain.sheet(orders[0])  # starts the press
        few = list(zip(orders, sheets, strict=True))[:PLAIN]
        ordinary = {
            "diploma.credential": [_milliseconds(plain.credential, one) for one, _ in few],
            "diploma.typeset": [_milliseconds(plain.sheet, one) for one, _ in few],
            "diploma.seals": [_milliseconds(plain.seals, one, sheet) for one, sheet in few],
        }
    for ms, (step, times) in zip((credential, typeset, seals), ordinary.items(), strict=True):
        yield {"bench": step, "societies": societies, "ms": round(ms, 2),
               "plain_ms": round(median(times), 1)}  # fmt: skip


def _seal(order: Order, document: bytes, at: datetime) -> None:
    for position, sealer in enumerate(order.sealers, 1):
        prepared = pipeline.prepare(order, document, sealer, position, at=at)
        attributes = sealer.form.attributes(prepared.digest)
        assert sealer.sign is not None
        signature = sealer.sign(attributes)
        document = prepared.filled(sealer.form.container(attributes, signature))
    assert len(revision.signatures(document)) == len(order.sealers)


def _milliseconds(act: Callable[..., object], *facts: Any) -> float:
    began = _worked()
    act(*facts)
    return 1000 * (_worked() - began)
