"""A worker is killed, or stopped for longer than its claim, at every lasting step of its work.

Real processes are struck by SIGKILL and SIGSTOP exactly before and after each step. Whatever a
worker held, another makes it; who wakes up too late changes nothing and leaves nothing behind.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import db, jobs
from app.clock import now
from app.credentials import typesetting
from app.credentials.issuing import issue_diploma
from app.credentials.models import Credential
from app.files import digest_of, files
from app.journal.models import Entry
from app.open_badges.models import OpenBadge, StatusEntry
from app.outbox.models import Message
from app.sealing import jobs as sealing
from app.sealing.check import faults
from app.sealing.models import Seal, Unfinished
from app.sealing.writing_down import GRACE
from config import ROOT
from tests.credentials.conftest import ISSUED, address
from tests.sealing.keys import give_keys
from tests.sealing.steps import MOMENTS, STEPS

CELLS = [(step, moment) for step in STEPS for moment in MOMENTS]
Cell = tuple[str, str]


# ------------------------------------------------------------------ workers that die


@dataclass
class Nursery:
    """Where workers come from, each to be struck at its step."""

    process: subprocess.Popen[str]
    log: Path

    def hear(self) -> str:
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, self.log.read_text()[-3000:]
        return said

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        fate: dict[str, Any] = json.loads(self.hear())
        return fate

    def strike(self, key: int, at: Cell, blow: int, *, guarded: bool = True) -> dict[str, Any]:
        """Let a worker make this diploma and be struck there; answer what became of it."""
        return self.ask(key=key, step=at[0], moment=at[1], blow=blow, guarded=guarded)


@pytest.fixture(scope="module")
def nursery(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    settings = app.config["SETTINGS"]
    log = tmp_path_factory.mktemp("nursery") / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.sealing.mortal", settings.var, settings.database_url],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True,
        )  # fmt: skip
    one = Nursery(process, log)
    assert one.hear() == "ready\n"
    yield one
    process.communicate(timeout=60)


@pytest.fixture
def issue(
    session: Session, nursery: Nursery, make_award, make_person, erik, susan
) -> Callable[[Sequence[Cell]], dict[Cell, int]]:
    """Issues a diploma for each of these steps and moments; the nursery makes one more."""

    def issue(cells: Sequence[Cell]) -> dict[Cell, int]:
        practice: Cell = "practice", ""
        issued = {}
        for number, cell in enumerate([practice, *cells]):
            award = make_award(make_person(f"Holder {number}", f"holder{number}@clinic.example"))
            issued[cell] = issue_diploma(session, award, at=ISSUED, address=address).id
        give_keys(session)
        session.commit()
        nursery.ask(practise=issued.pop(practice))
        return issued

    return issue


# ------------------------------------------------------------------ what has to come of it


def wrong_with(session: Session, key: int) -> list[str]:
    """What is not as if one worker had made this diploma in peace."""
    one = session.get_one(Credential, key)
    if one.file_digest is None:
        return ["it was never made"]

    def count(model: Any, *where: Any) -> int:
        return len(session.scalars(select(model).where(*where)).all())

    told = Entry.subject_id == key, Entry.act == "credential.typeset"
    letters = Message.kind == "credentials/ready", Message.person_id == one.person_id
    seals = session.scalars(
        select(Seal).where(Seal.credential_id == key).order_by(Seal.position)
    ).all()
    content = files.read(one.file_digest)
    is_as_it_should_be = {
        "its seals": [seal.society.code for seal in seals] == ["eusomii", "siim"],
        "its file's digest": digest_of(content) == one.file_digest,
        "its file's size": len(content) == one.file_size,
        "one entry": count(Entry, *told) == 1,
        "one letter": count(Message, *letters) == 1,
        "one badge": count(OpenBadge, OpenBadge.credential_id == key) == 1,
        "two places in status lists": count(StatusEntry, StatusEntry.credential_id == key) == 2,
        "nothing unfinished": count(Unfinished, Unfinished.credential_id == key) == 0,
        "no failure": not one.has_failed,
    }
    expected = [(seal.society.code, seal.key.public_key) for seal in seals]
    return [what for what, is_so in is_as_it_should_be.items() if not is_so] + faults(
        content, expected
    )


def wrong(session: Session, diplomas: dict[Cell, int]) -> dict[Cell, list[str]]:
    session.expire_all()
    looked_at = {cell: wrong_with(session, key) for cell, key in diplomas.items()}
    return {cell: found for cell, found in looked_at.items() if found}


def kept(stage: Flask) -> Counter[str]:
    folder = Path(stage.config["SETTINGS"].files_url)
    return Counter(
        path.parent.name + path.name
        for path in folder.rglob("*")
        if path.is_file() and not path.parent.name.startswith(".")
    )


def named(session: Session) -> Counter[str | None]:
    return Counter(session.scalars(select(Credential.file_digest)))


def a_claim_later() -> Any:
    return time_machine.travel(now() + typesetting.LEASE + timedelta(minutes=2), tick=True)


def tidy_up() -> None:
    with time_machine.travel(now() + GRACE + timedelta(minutes=5), tick=True):
        sealing.tidy()


# ------------------------------------------------------------------ killed


@pytest.mark.slow(20)
def test_whoever_is_killed_at_whatever_step_another_makes_the_diploma_once(
    session, stage, nursery, issue
):
    diplomas = issue(CELLS)
    for cell, key in diplomas.items():
        assert nursery.strike(key, cell, signal.SIGKILL)["status"] == -signal.SIGKILL, cell
    with a_claim_later():
        jobs.run_all()
    tidy_up()

    assert wrong(session, diplomas) == {}
    assert kept(stage) == named(session)


# ------------------------------------------------------------------ stopped, and going on


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds the database locked by a writer that is stopped gives up soon."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.05)


def finish_instead(key: int) -> str | None:
    """Another worker, when the claim has run out; answer the file that it made, if it could.

    A worker that is stopped amid a transaction holds what it has written. PostgreSQL ends it after
    a minute; here it is told to do so at once. On SQLite everybody who writes waits for it.
    """
    if db.db.engine.dialect.name == "postgresql":
        with db.writing() as session:
            session.execute(text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <>"
                " pg_backend_pid() AND datname = current_database()"
                " AND state LIKE 'idle in transaction%'"
            ))  # fmt: skip
    try:
        with a_claim_later():
            sealing.make_batch(key, most=1)
    except OperationalError as refused:
        if "database is locked" not in str(refused.orig):
            raise
    with db.reading() as session:
        return session.get_one(Credential, key).file_digest


Ending = tuple[str | None, int]


def stop_and_go_on(nursery: Nursery, key: int, cell: Cell, *, guarded: bool = True) -> Ending:
    """Stop a worker, let another finish, let the first go on.

    Answers the file that the other made, and how the first ended.
    """
    stopped = nursery.strike(key, cell, signal.SIGSTOP, guarded=guarded)
    assert stopped.get("stopped"), (cell, stopped)
    digest = finish_instead(key)
    return digest, nursery.ask(goes_on=stopped["worker"])["status"]


@pytest.mark.slow(30)
@pytest.mark.usefixtures("impatient")
def test_who_is_stopped_at_whatever_step_comes_too_late_and_changes_nothing(
    session, stage, nursery, issue
):
    diplomas = issue(CELLS)
    ends = {cell: stop_and_go_on(nursery, key, cell) for cell, key in diplomas.items()}
    with a_claim_later():
        jobs.run_all()
    tidy_up()

    assert wrong(session, diplomas) == {}
    assert kept(stage) == named(session)
    finished = {cell: digest for cell, (digest, _status) in ends.items() if digest}
    now_named = {cell: session.get_one(Credential, diplomas[cell]).file_digest for cell in finished}
    assert now_named == finished, "who came too late has put another file in its place"
    if db.db.engine.dialect.name == "postgresql":
        assert len(finished) == len(CELLS)
    else:
        assert {status for _digest, status in ends.values()} == {0}
        held_up = set(CELLS) - set(finished)
        assert ("finishing", "after") in held_up
        assert ("keeping", "after") in finished


LATE = [("making", "after"), ("keeping", "after"), ("writing down", "before")]


@pytest.mark.usefixtures("impatient")
def test_control_without_the_guard_who_comes_too_late_overwrites(session, nursery, issue):
    diplomas = issue(LATE)
    ends = {cell: stop_and_go_on(nursery, diplomas[cell], cell, guarded=False) for cell in LATE}
    tidy_up()

    found = wrong(session, diplomas)
    assert {cell: ("one entry" in said, "one letter" in said) for cell, said in found.items()} == (
        dict.fromkeys(LATE, (True, True))
    )
    for cell, (digest, status) in ends.items():
        assert status == 0
        assert session.get_one(Credential, diplomas[cell]).file_digest != digest
