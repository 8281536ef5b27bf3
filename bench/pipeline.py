"""Milliseconds for a diploma from its row to its sealed file, as a whole and by steps."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app, db, migrating
from app.accounts.models import EmailAddress, Person
from app.awards.models import Award, AwardList, Release
from app.clock import now
from app.credentials import jobs as credentials
from app.credentials import typesetting
from app.credentials.models import Credential
from app.schemes.models import Candidacy, Edition, Nature, Part, Scheme, SchemePart
from app.sealing import jobs as sealing
from app.sealing import pipeline, revision
from app.sealing.gathering import gather
from app.sealing.orders import Order
from app.signing_keys.making import make_local, make_with_proof
from app.signing_keys.models import Purpose
from app.societies.models import Mandate, Office, Society
from bench.crowd import FAMILY, GIVEN
from bench.figures import Line, figure
from bench.stand import Stand
from config import from_environment

THEN = datetime(2026, 9, 1, 12, tzinfo=UTC)
SOCIETIES = (1, 3, 6)


@figure("diploma.pipeline")
def measure(stand: Stand) -> Iterator[Line]:
    """A batch of its own for each number of societies; the first documents warm up and do not
    count. What is told is the time of one core, that of the press included; `wall_ms` is what
    passed on the clock of a machine that may have had other things to do."""
    for societies in SOCIETIES:
        number = stand.pace.diplomas
        warm = min(20, number)
        with house(societies, number + warm) as app, app.app_context():
            while credentials.issue_batch():
                pass
            make(warm)
            began, worked = time.perf_counter(), _worked()
            make(number)
            spent = 1000 * (_worked() - worked) / number
            passed = 1000 * (time.perf_counter() - began) / number
            yield {
                "bench": "diploma.sealed",
                "societies": societies,
                "ms": round(spent, 1),
                "wall_ms": round(passed, 1),
                "batch": number,
                "level": "B-B",
            }
            yield from _steps(societies, min(60, number))
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
        began = time.process_time()
        orders = gather(session, keys, until=at, at=at)
        credential = 1000 * (time.process_time() - began) / number
        session.rollback()
    works = sealing.works()
    sheets = [(order, works.set(order)) for order in orders]
    seals = [_milliseconds(_seal, order, sheet, at) for order, sheet in sheets]
    for step, ms in (("diploma.credential", credential), ("diploma.seals", median(seals))):
        yield {"bench": step, "societies": societies, "ms": round(ms, 2)}


def _seal(order: Order, document: bytes, at: datetime) -> None:
    for position, sealer in enumerate(order.sealers, 1):
        prepared = pipeline.prepare(order, document, sealer, position, at=at)
        attributes = sealer.form.attributes(prepared.digest)
        assert sealer.sign is not None
        signature = sealer.sign(attributes)
        document = prepared.filled(sealer.form.container(attributes, signature))
    assert len(revision.signatures(document)) == len(order.sealers)


def _milliseconds(act: Callable[..., None], *facts: Any) -> float:
    began = time.process_time()
    act(*facts)
    return 1000 * (time.process_time() - began)


@contextmanager
def house(societies: int, diplomas: int) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="confer-bench-") as folder:
        settings = from_environment({"CONFER_VAR": str(Path(folder) / "var")})
        app = create_app(replace(settings, job_threads=1))
        with app.app_context():
            migrating.upgrade()
            with db.writing() as session:
                _release(session, societies, diplomas)
        yield app
        with app.app_context():
            db.db.engine.dispose()


def _release(session: Session, societies: int, diplomas: int) -> None:
    """A list of so many holders that so many societies have released, each with its keys."""
    awarding = [
        Society(code=f"society{n}", short=f"SOC{n}", name=f"The Society of Subject Number {n}",
                country="AT", colour="#1c4f8a")
        for n in range(1, societies + 1)
    ]  # fmt: skip
    chair = _person("Erik Holm", 0)
    session.add_all([*awarding, chair])
    for one in awarding:
        session.add(Mandate(person=chair, society=one, office=Office.PRESIDENT,
                            from_on=date(2020, 1, 1)))  # fmt: skip
    scheme = Scheme(code="cii", title="Joint Certificate in Imaging Informatics",
                    body=awarding[0], nature=Nature.PROGRAMME)  # fmt: skip
    scheme.parts = [
        SchemePart(society=one, part=Part.AWARDING, position=position)
        for position, one in enumerate(awarding, 1)
    ]
    edition = Edition(name="2026", opens_on=date(2026, 1, 1), validity_years=5)
    scheme.editions = [edition]
    award_list = AwardList(edition=edition, title="Autumn", drawn_up_at=THEN, drawn_up_by=chair,
                           digest="0" * 64, frozen_at=THEN)  # fmt: skip
    session.add_all([scheme, award_list])
    for number in range(1, diplomas + 1):
        name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number % len(FAMILY)]}"
        person = _person(name, number)
        candidacy = Candidacy(edition=edition, person=person, applied_at=THEN)
        evidence = [{"requirement": "The course completed", "met_by": []}]
        session.add(
            Award(award_list=award_list, holder_name=name, candidacy=candidacy, evidence=evidence)
        )
    session.add(Release(award_list=award_list, at=THEN, on=THEN.date(), digest="0" * 64))
    session.flush()
    for one in awarding:
        make_with_proof(session, one, by=None, at=THEN)
    make_local(session, purpose=Purpose.PROOF, scheme=scheme, by=None, at=THEN)


def _person(name: str, number: int) -> Person:
    person = Person(name=name, password="!", password_set_at=THEN, joined_at=THEN)
    person.addresses.append(
        EmailAddress(address=f"holder{number}@clinic.example", added_at=THEN, confirmed_at=THEN,
                     is_first=True)
    )  # fmt: skip
    return person
