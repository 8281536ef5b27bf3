"""Workers die in the middle of ten thousand reminders; each person gets theirs, none is lost.

Real worker processes write the reminders and hand them to a real mail server. They are ended with
SIGKILL while they write and while they send. Each reminder must stand once in the outbox and reach
its reader at least once; whoever gets it twice gets the same letter, by its Message-ID.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Connection
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app import create_app, db, jobs, migrating
from app.accounts.models import EmailAddress, Person, new_token
from app.agenda.models import Webinar
from app.agenda.planning import Hour
from app.clock import now
from app.enrolments.models import Enrolment, Place
from app.meetings.models import JoinLink
from app.outbox.models import LEASE, Delivery, Message
from app.reminders.models import Reminder
from app.societies.models import Society
from tests.conftest import make_settings
from tests.measure import measure
from tests.servers import PostgreSQL, free_port
from tests.stories.test_killed_workers import Works

PATIENCE = 600
"""Seconds after which the run is given up; a machine with nothing else to do needs sixty."""
KILLS = (0.02, 0.15, 0.4, 0.7)
"""How much of the post has gone out when a worker is ended: at first, while letters are written."""
MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)\r\n", re.MULTILINE)


@dataclass
class CountingOffice:
    """A real mail server that notes which letter went to whom."""

    url: str = ""
    arrived: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    letters: int = 0

    async def handle_DATA(self, _server: SMTP, _from: Connection, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        found = MESSAGE_ID.search(envelope.content)
        assert found is not None
        (to,) = envelope.rcpt_tos
        self.arrived[to].append(found[1])
        self.letters += 1
        return "250 kept"


def fill(session: Session, holders: int) -> None:
    """A webinar tomorrow in which so many have had a place for a week."""
    at = now()
    society = Society(
        code="eusomii", short="EuSoMII", name="EuSoMII", country="AT", colour="#1c4f8a"
    )
    eva = Person(name="Eva Lindqvist", password="!", password_set_at=at, joined_at=at)
    start = (at + timedelta(hours=22)).replace(second=0, microsecond=0)
    webinar = Webinar(title="DICOMweb in practice", created_at=at, created_by=eva, link="")
    webinar.meets([Hour(on=start.date(), start=start.time(), minutes=90)], "UTC")
    webinar.held_by(society)
    session.add_all([society, eva, webinar])
    session.flush()
    webinar.announce(by=eva, at=at)
    session.flush()
    first = eva.id + 1
    then = at - timedelta(days=7)
    numbers = range(holders)
    rows: dict[Any, list[dict[str, Any]]] = {
        Person: [
            {"id": first + n, "name": f"Holder Number {n}", "password": "!", "zone": "Asia/Tokyo",
             "password_set_at": then, "joined_at": then}
            for n in numbers
        ],
        EmailAddress: [
            {"person_id": first + n, "address": f"holder{n}@clinic.example", "added_at": then,
             "confirmed_at": then, "is_first": True}
            for n in numbers
        ],
        Enrolment: [
            {"id": n + 1, "activity_id": webinar.id, "person_id": first + n, "at": then}
            for n in numbers
        ],
        Place: [
            {"enrolment_id": n + 1, "activity_id": webinar.id, "number": n + 1, "taken_at": then}
            for n in numbers
        ],
    }  # fmt: skip
    for table, values in rows.items():
        session.execute(insert(table), values)
    links = [
        JoinLink(enrolment_id=n + 1) for n in numbers
    ]  # letters about the places gave them out
    for link in links:
        link.renew(new_token(), at=then)
    session.add_all(links)


@dataclass
class PostWorks(Works):
    """The deployment, its mail server, and how many letters it has to send."""

    holders: int = 0
    server: CountingOffice = field(default_factory=CountingOffice)


@pytest.fixture(params=["sqlite", "postgresql"])
def works(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[PostWorks]:
    server = CountingOffice()
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), decode_data=False)
    controller.start()
    server.url = f"smtp://127.0.0.1:{controller.port}"
    settings = replace(make_settings(tmp_path / "var"), smtp_url=server.url)
    holders = measure(10_000, 2_000)
    if request.param == "postgresql":
        postgresql: PostgreSQL = request.getfixturevalue("postgresql")
        settings = replace(settings, database_url=postgresql.database("killed_post"))
    environment = {
        "PATH": "/usr/bin:/bin",
        "CONFER_VAR": str(settings.var),
        "CONFER_DATABASE_URL": settings.database_url,
        "CONFER_SMTP_URL": server.url,
        "CONFER_SECRET_KEY": settings.secret_key,
    }
    app: Flask = create_app(settings)
    with app.app_context():
        migrating.upgrade()
        with db.writing() as session:
            fill(session, holders)
    works = PostWorks(
        app, environment, lambda: None, tmp_path / "workers", holders=holders, server=server
    )
    yield works
    for worker in list(works.workers):
        works.kill(worker)
    controller.stop()
    with app.app_context():
        db.db.engine.dispose()
    if request.param == "postgresql":
        postgresql.drop("killed_post")


@pytest.mark.slow(90)
@pytest.mark.measured
def test_thousands_of_reminders_reach_everybody_whoever_dies_meanwhile(
    works: PostWorks, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    works.employ()
    for part in KILLS:
        _until_sent(works, int(works.holders * part), began)
        works.kill(works.workers[0])
        assert works.server.letters < works.holders, "the post was out before the workers had died"
        works.employ()
    _until_sent(works, works.holders, began)
    works.kill(works.workers[0])
    _finish_the_rest(works)

    with works.app.app_context(), db.reading() as session:
        assert_each_is_written_once_and_sent(session, works)
    again = works.server.letters - works.holders
    with capsys.disabled():
        print(
            f"\n{works.holders} reminders, {len(KILLS) + 1} kills, {again} letters went twice, "
            f"{time.monotonic() - began:.0f} s",
            end=" ",
        )


def _until_sent(works: PostWorks, letters: int, began: float) -> None:
    """Until so many have gone out, or all but those that the dead had taken."""
    while works.server.letters < letters and not _all_but_taken(works, letters):
        if time.monotonic() - began > PATIENCE:
            pytest.fail(f"nothing goes on any more: {works.told()}")
        threading.Event().wait(0.1)


def _all_but_taken(works: PostWorks, letters: int) -> bool:
    """Whether what is left waits for the time of a dead worker to be over."""
    if letters < works.holders:
        return False
    with works.app.app_context(), db.reading() as session:
        written = session.scalar(select(func.count()).select_from(Reminder))
        due = select(Message.id).where(Message.waits, Message.next_at <= now())
        return written == works.holders and session.scalars(due.limit(1)).first() is None


def _finish_the_rest(works: PostWorks) -> None:
    """What the dead had taken is due again once their time is over."""
    later = datetime.now(UTC) + LEASE + timedelta(seconds=5)
    with works.app.app_context(), time_machine.travel(later, tick=True):
        jobs.run_all()


def assert_each_is_written_once_and_sent(session: Session, works: PostWorks) -> None:
    people = {f"holder{n}@clinic.example" for n in range(works.holders)}
    messages = session.execute(select(Message.to, Message.message_id, Message.waits)).all()
    assert Counter(row.to for row in messages) == Counter(people)
    assert not any(row.waits for row in messages)
    assert session.scalar(select(func.count()).select_from(Delivery)) == works.holders
    reminded = session.scalars(select(Reminder.enrolment_id)).all()
    assert len(set(reminded)) == len(reminded) == works.holders

    assert set(works.server.arrived) == people, "somebody got no reminder"
    written = {row.to: row.message_id.encode() for row in messages}
    assert {to: set(ids) for to, ids in works.server.arrived.items()} == {
        to: {message_id} for to, message_id in written.items()
    }, "somebody got two letters instead of one letter twice"
