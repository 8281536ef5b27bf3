"""A withdrawal and the writing down of a finished file meet."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app import db
from app.accounts.models import Person
from app.clock import now
from app.credentials import typesetting
from app.credentials.models import Credential
from app.credentials.typesetting import File, finish
from app.credentials.withholding import withdraw
from app.outbox.models import Message
from tests.cast import in_error

WAITS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def finished_during_a_withdrawal(stage: Flask, key: int, officer, society) -> list[str] | None:
    """The serials of what a worker finishes that came while an officer withdraws it."""
    finished: list[str] | None = None

    def work() -> None:
        nonlocal finished
        with stage.app_context(), db.writing() as session:
            won = finish(session, {key: File("a" * 64, 1)}, at=now())
            finished = [one.serial for one in won]

    worker = threading.Thread(target=work)
    with db.writing() as deciding:
        by = deciding.get_one(Person, officer.id)
        withdraw(deciding, deciding.get_one(Credential, key), in_error(by, society))
        deciding.flush()
        worker.start()
        _until_it_waits(worker)
    worker.join(30)
    assert not worker.is_alive()
    return finished


def _until_it_waits(worker: threading.Thread) -> None:
    """On PostgreSQL it waits for the row; on SQLite it waits before it has read anything."""
    while db.db.engine.dialect.name == "postgresql" and worker.is_alive():
        with db.db.engine.connect() as looking:
            if looking.scalar(WAITS):
                return
        worker.join(0.01)


def test_what_is_withdrawn_before_its_file_is_written_down_stays_without(
    session, stage, anas_diploma, erik, societies
):
    session.commit()

    assert finished_during_a_withdrawal(stage, anas_diploma.id, erik, societies.eusomii) == []
    session.expire_all()
    assert anas_diploma.file_digest is None
    ready = select(func.count()).select_from(Message).where(Message.kind == "credentials/ready")
    assert session.scalar(ready) == 0


def test_control_who_does_not_wait_finishes_it_unless_writers_queue_anyway(
    session, stage, anas_diploma, erik, societies, monkeypatch
):
    monkeypatch.setattr(typesetting, "_hold", lambda _session, _keys: None)
    session.commit()
    queues = session.get_bind().dialect.name == "sqlite"

    finished = finished_during_a_withdrawal(stage, anas_diploma.id, erik, societies.eusomii)

    assert finished == ([] if queues else [anas_diploma.serial])


@pytest.mark.parametrize("last", ["it was too wide", None])
def test_what_is_tried_again_no_longer_tells_of_the_last_time(session, anas_diploma, last):
    anas_diploma.failed_at, anas_diploma.last_error = now(), last
    typesetting.try_again(anas_diploma, at=now())

    assert (anas_diploma.failed_at, anas_diploma.last_error) == (None, None)
