"""Workers die in the middle of many diplomas; each diploma is made exactly once.

Real worker processes are ended with SIGKILL, their typesetting children with them, at random
moments while work is under way; once the job engine loses everything it holds. Nothing may be
lost, made twice, or left half done.
"""

from __future__ import annotations

import ctypes
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
import time_machine
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import create_app, db, jobs, migrating
from app.accounts.models import EmailAddress, Person
from app.awards.models import Award, AwardList, Release
from app.clock import now
from app.credentials import jobs as credential_jobs
from app.credentials import typesetting
from app.credentials.models import Credential
from app.files import digest_of, files
from app.journal import queries as journal
from app.journal.jobs import link
from app.journal.models import Entry
from app.open_badges.models import OpenBadge
from app.outbox.models import Message
from app.schemes.models import Candidacy, Edition, Nature, Part, Scheme, SchemePart
from app.sealing import jobs as sealing_jobs
from app.sealing.check import faults
from app.sealing.models import DocumentTimestamp, Seal, Unfinished
from app.sealing.orders import TIMESTAMP_FIELD
from app.sealing.writing_down import GRACE
from app.signing_keys.models import Purpose, SigningKey
from app.societies.models import Mandate, Office, Society
from config import ROOT
from tests.conftest import make_settings
from tests.measure import measure
from tests.sealing.keys import give_keys
from tests.sealing.unguarded import finish_without_looking
from tests.servers import PostgreSQL

DIPLOMAS = measure(1000, 200)
KILLS = measure(100, 20)
"""So many times a worker dies that has documents in its hands."""
WORKERS = 4
PATIENCE = 3000
"""Seconds after which the run is given up."""
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
THEN = datetime(2026, 9, 1, 12, tzinfo=UTC)


# ------------------------------------------------------------------ a released list


def release(session: Session, holders: int) -> None:
    """A list of so many holders that two societies have released."""
    societies = [
        Society(code=code, short=code.upper(), name=name, country="AT", colour=colour)
        for code, name, colour in (
            ("eusomii", "European Society of Medical Imaging Informatics", "#1c4f8a"),
            ("siim", "Society for Imaging Informatics in Medicine", "#b3541e"),
        )
    ]
    chair = _person("Erik Holm", 0)
    session.add_all([*societies, chair])
    for society in societies:
        session.add(
            Mandate(
                person=chair, society=society, office=Office.PRESIDENT, from_on=date(2020, 1, 1)
            )
        )
    scheme = Scheme(
        code="cii",
        title="Joint Certificate in Imaging Informatics",
        body=societies[0],
        nature=Nature.PROGRAMME,
    )
    scheme.parts = [
        SchemePart(society=society, part=Part.AWARDING, position=position)
        for position, society in enumerate(societies, 1)
    ]
    edition = Edition(name="2026", opens_on=date(2026, 1, 1), validity_years=5)
    scheme.editions = [edition]
    award_list = AwardList(
        edition=edition,
        title="Autumn",
        drawn_up_at=THEN,
        drawn_up_by=chair,
        digest="0" * 64,
        frozen_at=THEN,
    )
    session.add_all([scheme, award_list])
    for number in range(1, holders + 1):
        person = _person(f"Holder Number {number}", number)
        candidacy = Candidacy(edition=edition, person=person, applied_at=THEN)
        session.add(
            Award(
                award_list=award_list,
                candidacy=candidacy,
                holder_name=person.name,
                evidence=[{"requirement": "The course completed", "met_by": []}],
            )
        )
    session.add(Release(award_list=award_list, at=THEN, on=THEN.date(), digest="0" * 64))
    session.flush()
    give_keys(session)


def _person(name: str, number: int) -> Person:
    person = Person(name=name, password="!", password_set_at=THEN, joined_at=THEN)
    person.addresses.append(
        EmailAddress(
            address=f"holder{number}@clinic.example",
            added_at=THEN,
            confirmed_at=THEN,
            is_first=True,
        )
    )
    return person


# ------------------------------------------------------------------ the works


def _end_with_this_run() -> None:
    """A run that is itself killed leaves no worker behind (where the system can see to it)."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Works:
    """A deployment with its own database, job engine and files, and the workers it employs."""

    app: Flask
    environment: dict[str, str]
    lose_the_queue: Callable[[], None]
    log: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    logs: dict[int, Path] = field(default_factory=dict)
    children_killed: int = 0
    hits: int = 0
    """How many of those that were killed had documents in their hands."""

    def told(self) -> str:
        """The last words of the workers, for a run that is given up."""
        return "\n".join(one.read_text()[-3000:] for one in sorted(self.log.iterdir())[-2:])

    def employ(self) -> None:
        self.log.mkdir(exist_ok=True)
        path = self.log / f"{len(self.logs)}.log"
        with path.open("ab") as log:
            self.workers.append(
                subprocess.Popen(
                    [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_end_with_this_run,  # noqa: PLW1509 (it makes one system call)
                )
            )
        self.logs[self.workers[-1].pid] = path

    def is_at_work(self, worker: subprocess.Popen[bytes]) -> bool:
        told = self.logs[worker.pid].read_text()
        return told.count("files begun") > told.count("files through")

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGKILL for a worker and everything it has started, at once."""
        self.workers.remove(worker)
        self.hits += self.is_at_work(worker)
        family = psutil.Process(worker.pid).children(recursive=True)
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        for child in family:
            with suppress(psutil.NoSuchProcess):
                child.kill()
                self.children_killed += 1
        worker.wait(timeout=30)

    def standing(self) -> tuple[int, int]:
        """(claims made so far, diplomas with a file)."""
        with self.app.app_context(), db.reading() as session:
            claims, done = session.execute(
                select(
                    func.coalesce(func.sum(Credential.attempts), 0),
                    func.count(Credential.file_digest),
                )
            ).one()
        return int(claims), int(done)


@pytest.fixture(params=["sqlite and its own queue", "postgresql and redis"])
def works(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Works]:
    settings = make_settings(
        tmp_path / "var", seal_level="B-T", timestamp_urls=("local",), job_threads=1
    )
    if request.param == "postgresql and redis":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        queue: str = request.getfixturevalue("redis_url")
        settings = replace(settings, database_url=server.database("killed"), jobs_url=queue)
    (tmp_path / "scratch").mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONFER_")},
        "CONFER_VAR": str(settings.var),
        "CONFER_DATABASE_URL": settings.database_url,
        "CONFER_JOBS_URL": settings.jobs_url,
        "CONFER_FILES_URL": settings.files_url,
        "CONFER_SECRET_KEY": settings.secret_key,
        "CONFER_TIMESTAMP_URL": "local",
        "CONFER_JOB_THREADS": str(settings.job_threads),
        "TMPDIR": str(tmp_path / "scratch"),
    }

    def lose_the_queue() -> None:
        if settings.jobs_url.startswith("redis"):
            with redis.Redis.from_url(settings.jobs_url) as client:
                client.flushdb()
        else:
            Path(settings.jobs_url.removeprefix("sqlite:///")).unlink()

    app = create_app(settings)
    with app.app_context():
        migrating.upgrade()
        with db.writing() as session:
            release(session, DIPLOMAS)
    works = Works(app, environment, lose_the_queue, tmp_path / "workers")
    yield works
    for worker in list(works.workers):
        works.kill(worker)
    with app.app_context():
        db.db.engine.dispose()
    if request.param == "postgresql and redis":
        server.drop("killed")


# ------------------------------------------------------------------ the proof


@pytest.mark.slow(600)
@pytest.mark.measured
def test_many_diplomas_are_each_made_once_whoever_dies_meanwhile(
    works: Works, capsys: pytest.CaptureFixture[str]
) -> None:
    began, chance = time.monotonic(), random.Random(20261122)
    kills, has_lost_its_queue = 0, False
    for _worker in range(WORKERS):
        works.employ()
    while works.hits < KILLS:
        victim = chance.choice(_at_work(works, began))
        if works.standing()[1] < DIPLOMAS * works.hits / KILLS:  # or all would be made too soon
            threading.Event().wait(chance.uniform(0, 0.4))
        works.kill(victim)
        kills += 1
        if works.hits >= KILLS // 2 and not has_lost_its_queue:
            while works.workers:
                works.kill(works.workers[0])
            works.lose_the_queue()
            has_lost_its_queue = True
        _let_its_time_pass(works, chance)
        while len(works.workers) < WORKERS:
            works.employ()
        assert works.standing()[1] < DIPLOMAS, "all were made before enough workers had died"
    while works.workers:
        works.kill(works.workers[0])
    by_the_killed = works.standing()[1]
    _finish_the_rest(works)

    with works.app.app_context(), db.reading() as session:
        assert_each_is_made_once(session, works.app)
    claims = sum(
        int(number)
        for log in works.logs.values()
        for number in re.findall(r"(\d+) files begun", log.read_text())
    )
    with capsys.disabled():
        print(
            f"\n{kills} kills, {works.hits} of workers at work (and {works.children_killed} "
            f"children), {by_the_killed} diplomas by workers that died, "
            f"{claims - DIPLOMAS} claims made again, {time.monotonic() - began:.0f} s",
            end=" ",
        )


def _at_work(works: Works, began: float) -> list[subprocess.Popen[bytes]]:
    """The workers that have documents in their hands, once there is one."""
    while not (found := [one for one in works.workers if works.is_at_work(one)]):
        if time.monotonic() - began > PATIENCE or any(one.poll() for one in works.workers):
            pytest.fail(f"nothing goes on any more: {works.told()}")
        threading.Event().wait(0.02)
    return found


def _let_its_time_pass(works: Works, chance: random.Random) -> None:
    """What was claimed is taken for abandoned, also where its worker lives: both will finish it.

    Nobody reckons with so many deaths, so what was set aside as deadly is tried again.
    """
    with works.app.app_context(), db.writing() as session:
        if chance.random() < 0.5:
            waiting = Credential.file_digest.is_(None), Credential.attempts > 0
            free = select(Credential.id).where(*waiting).with_for_update(skip_locked=True)
            keys = session.scalars(free).all()  # who writes them just now keeps them
            session.execute(
                update(Credential)
                .where(Credential.id.in_(keys))
                .values(next_at=now(), failed_at=None, attempts=1)
            )


def _finish_the_rest(works: Works) -> None:
    """What the dead had claimed is due again once their time is over."""
    with works.app.app_context():
        with db.writing() as session:
            session.execute(
                update(Credential)
                .where(Credential.file_digest.is_(None))
                .values(failed_at=None, attempts=1)
            )
        with time_machine.travel(now() + typesetting.LEASE + timedelta(seconds=5), tick=True):
            jobs.run_all()
        with time_machine.travel(now() + GRACE + timedelta(minutes=5), tick=True):
            while _leftovers():
                sealing_jobs.tidy()
        credential_jobs.press().close()
        credential_jobs.press_in.cache_clear()
        link()


def _leftovers() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Unfinished)) or 0


def assert_each_is_made_once(session: Session, app: Flask) -> None:
    keys = {
        key.id: key.public_key for key in session.scalars(select(SigningKey))
        if key.purpose is Purpose.SEAL
    }  # fmt: skip
    seals = defaultdict(list)
    for seal in session.scalars(select(Seal).order_by(Seal.credential_id, Seal.position)):
        seals[seal.credential_id].append((seal.society.code, keys[seal.key_id]))
    credentials = session.scalars(select(Credential)).all()
    assert len(credentials) == DIPLOMAS
    assert len({c.serial for c in credentials}) == DIPLOMAS
    assert len({c.award_id for c in credentials}) == DIPLOMAS
    assert [c.serial for c in credentials if not c.is_ready or c.failed_at] == []

    for one in credentials:
        assert one.file_digest is not None
        content = files.read(one.file_digest)
        assert digest_of(content) == one.file_digest
        assert len(content) == one.file_size
        assert [code for code, _key in seals[one.id]] == ["eusomii", "siim"]
        assert faults(content, seals[one.id], [TIMESTAMP_FIELD]) == []
        badge = session.get_one(OpenBadge, one.id)
        assert digest_of(badge.document.encode()) == badge.digest
    assert len({b.document for b in session.scalars(select(OpenBadge))}) == DIPLOMAS
    stamps = session.scalars(select(DocumentTimestamp.file_digest)).all()
    assert Counter(stamps) == Counter(c.file_digest for c in credentials)

    folder = Path(app.config["SETTINGS"].files_url)
    kept = {
        p.parent.name + p.name
        for p in folder.rglob("*")
        if p.is_file() and not p.name.startswith(".")
    }
    assert kept == {c.file_digest for c in credentials}, "a file that no diploma names"

    once = Counter({c.id: 1 for c in credentials})
    for act in ("credential.issued", "credential.typeset"):
        assert Counter(session.scalars(select(Entry.subject_id).where(Entry.act == act))) == once
    letters = session.scalars(select(Message.person_id).where(Message.kind == "credentials/ready"))
    assert Counter(letters) == Counter(c.person_id for c in credentials)

    assert typesetting.due(session, now() + timedelta(days=1), DIPLOMAS) == []
    assert jobs.oldest_waiting(session)["credentials.typeset"] is None
    links, waiting, broken = journal.verify(session)
    assert (waiting, broken) == (0, None)
    assert links >= 2 * DIPLOMAS


# ------------------------------------------------------------------ the guard, and its control


@pytest.fixture
def one_diploma(session: Session) -> int:
    """The id of a diploma that waits to be set."""
    release(session, 1)
    session.commit()
    credential_jobs.issue_due()
    key = session.scalars(select(Credential.id)).one()
    session.commit()
    return key


class TwoAtThePress:
    """The real press, which lets two go at the same moment."""

    def __init__(self, press: Any) -> None:
        self.press, self.gate = press, threading.Barrier(2)

    def typeset(self, html: str, **order: Any) -> bytes:
        content: bytes = self.press.typeset(html, **order)
        self.gate.wait(timeout=60)
        return content


def _two_set_it_at_once(app: Flask, key: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """One worker is taken for dead and is not; answer (entries, letters) of the sheet."""
    with app.app_context():
        press = credential_jobs.press()
    both = TwoAtThePress(press)
    monkeypatch.setattr(sealing_jobs, "press", lambda: both)

    def run() -> None:
        with app.app_context():
            sealing_jobs.typeset(key)

    first, second = threading.Thread(target=run), threading.Thread(target=run)
    first.start()
    with app.app_context():
        deadline = time.monotonic() + 30
        lapsed = 0
        while not lapsed and time.monotonic() < deadline:
            with db.writing() as session:
                done = session.execute(
                    update(Credential)
                    .where(Credential.id == key, Credential.attempts == 1)
                    .values(next_at=THEN)
                )
                lapsed = done.rowcount  # type: ignore[attr-defined]
    assert lapsed == 1
    second.start()
    first.join(90)
    second.join(90)
    press.close()
    with app.app_context(), db.reading() as session:
        typeset = Entry.act == "credential.typeset"
        entries = session.scalar(select(func.count()).select_from(Entry).where(typeset))
        letters = session.scalar(
            select(func.count()).select_from(Message).where(Message.kind == "credentials/ready")
        )
    return entries or 0, letters or 0


@pytest.fixture
def fresh_press() -> Iterator[None]:
    """A press of this test's own, so that it may be closed."""
    credential_jobs.press_in.cache_clear()
    pressing = credential_jobs.press_in
    yield
    pressing.cache_clear()


@pytest.mark.usefixtures("fresh_press")
def test_of_two_workers_that_set_the_same_sheet_one_wins(
    stage: Flask, one_diploma: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _two_set_it_at_once(stage, one_diploma, monkeypatch) == (1, 1)


@pytest.mark.usefixtures("fresh_press")
def test_control_without_the_comparison_the_letter_is_written_twice(
    stage: Flask, one_diploma: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "finish", finish_without_looking)

    assert _two_set_it_at_once(stage, one_diploma, monkeypatch) == (2, 2)
