"""The demonstration: loaded once and whole, lively, and healthy on every main page."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app, db
from app.accounts import password
from app.accounts.models import Person
from app.agenda.changes import Cancellation, Rescheduling
from app.agenda.series import Series
from app.awards.models import Approval, AwardList
from app.clock import now
from app.contests.models import Contest
from app.credentials.models import Credential
from app.demo import loading, reports
from app.demo.script import Script
from app.dialogue.models import FloorQuestion
from app.dialogue.polls import PollAnswer
from app.disclosures.models import Disclosure, Review
from app.errors import Refusal
from app.evaluations.models import Receipt
from app.journal.queries import verify
from app.recordings.models import Recording
from tests.browser_client import Browser
from tests.conftest import make_settings

# One process loads it for all of them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]


@dataclass
class Demonstration:
    app: Flask
    facts: dict[str, Any]
    rows: str
    """A digest of every row after the first loading."""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    app = create_app(make_settings(tmp_path_factory.mktemp("demo"), demonstration=True))
    facts = load(app)
    with app.app_context():
        rows = every_row()
    yield Demonstration(app, facts, rows)
    with app.app_context():
        db.db.engine.dispose()


def load(app: Flask) -> dict[str, Any]:
    answer = app.test_cli_runner().invoke(args=["demo", "load", "--json"])
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.stdout))


def every_row() -> str:
    digest = hashlib.sha256()
    with db.db.engine.connect() as connection:
        for table in db.Base.metadata.sorted_tables:
            for row in sorted(map(repr, connection.execute(select(table)))):
                digest.update(f"{table.name}{row}".encode())
    return digest.hexdigest()


@pytest.fixture
def session(demonstration: Demonstration) -> Iterator[Session]:
    with demonstration.app.app_context():
        db.will_write(db.db.session)
        yield db.db.session
        db.db.session.rollback()


def test_loading_twice_changes_nothing(demonstration: Demonstration):
    again = load(demonstration.app)

    assert not again["loaded"]
    assert {**again, "loaded": True} == demonstration.facts
    with demonstration.app.app_context():
        assert every_row() == demonstration.rows


def test_the_platform_is_lively(demonstration: Demonstration):
    totals = demonstration.facts["totals"]
    assert totals["people"] == 253
    assert totals["webinars"] == 37
    assert 5 <= totals["webinars to come"] < totals["webinars"]
    assert totals["courses"] == 7
    assert totals["enrolments"] > 2000
    assert totals["certificates and diplomas"] > 800


def test_three_diplomas_in_three_scripts_are_valid_and_one_is_withdrawn(
    demonstration: Demonstration,
):
    diplomas = [d for d in demonstration.facts["documents"] if d["kind"] == "diploma"]
    valid = [d["holder"] for d in diplomas if d["standing"] == "valid"]
    scripts = {unicodedata.name(holder[0]).split()[0] for holder in valid}
    assert scripts == {"LATIN", "ARABIC", "CJK"}
    assert [d["standing"] for d in diplomas].count("withdrawn") == 1


def test_a_corrected_certificate_takes_the_place_of_the_old_one(demonstration: Demonstration):
    old, new = [d for d in demonstration.facts["documents"] if d["kind"] != "diploma"]
    assert (old["standing"], new["standing"]) == ("superseded", "valid")
    assert old["holder"] != new["holder"]


def test_one_list_waits_for_its_second_key_and_one_is_open(session: Session):
    lists = session.scalars(select(AwardList).order_by(AwardList.id)).all()
    assert [one.is_released for one in lists] == [True, True, False, False]
    assert [one.is_frozen for one in lists] == [True, True, True, False]
    assert [a.society.short for a in lists[2].approvals] == ["EuSoMII"]
    assert session.scalar(select(func.count()).select_from(Approval)) == 5


def test_much_happens_around_its_webinars(session: Session):
    contests = session.scalars(select(Contest).order_by(Contest.id)).all()
    assert [c.ruling and c.ruling.completes for c in contests] == [True, False, None]

    def number(of: type) -> int:
        return session.scalar(select(func.count()).select_from(of)) or 0

    assert [number(one) for one in (Rescheduling, Cancellation, Series, Recording)] == [1] * 4
    assert (number(FloorQuestion), number(PollAnswer), number(Receipt)) == (8, 40, 24)
    assert 0 < number(Review) == number(Disclosure)


def test_everybody_is_a_sample_and_signs_in_with_the_one_password(
    demonstration: Demonstration, session: Session
):
    people = session.scalars(select(Person)).all()
    assert all(person.is_sample for person in people)
    assert len({person.password for person in people}) == 1
    assert password.verify(people[0].password, demonstration.facts["password"])
    assert password.obstacles(demonstration.facts["password"]) == []
    addresses = {person.address for person in people}
    assert {person["address"] for person in demonstration.facts["people"]} <= addresses
    assert all(c.snapshot["sample"] for c in session.scalars(select(Credential).limit(50)))


def test_the_journal_of_the_demonstration_is_whole(session: Session):
    links, waiting, first_break = verify(session)
    assert links > 5000
    assert (waiting, first_break) == (0, None)


def test_its_main_pages_are_healthy(demonstration: Demonstration, session: Session):
    facts = demonstration.facts
    address = {p["role"] + (p["society"] or ""): p["address"] for p in facts["people"]}
    pages = {page["name"]: urlsplit(page["url"]).path for page in facts["pages"]}
    stranger = Browser(demonstration.app, session)
    for name in ("start", "agenda", "the next webinar", "the course", "verify"):
        stranger.visit(pages[name])
    for document in facts["documents"]:
        assert document["serial"] in stranger.visit(urlsplit(document["url"]).path).text
    for role, names in (
        ("course administratorSIIM", ("desk", "presence, to be matched", "presence, settled")),
        ("presidentSIIM", ("desk", "award list, second key missing")),
        ("platform administrator", ("desk", "outbox")),
    ):
        person = session.scalars(Person.with_address(address[role])).one()
        officer = Browser(demonstration.app, session).sign_in(person)
        for name in names:
            officer.visit(pages[name])


def test_the_real_report_keeps_every_second_when_its_day_is_moved():
    real, starts_at = reports.sample(reports.SAMPLE_STARTS + reports.LATEST)
    moved, moved_at = reports.sample(reports.SAMPLE_STARTS - reports.EARLIEST)
    assert starts_at == reports.SAMPLE_STARTS
    assert real == (Path(reports.__file__).parent / "data" / reports.SAMPLE).read_bytes()
    assert (starts_at - moved_at).days % 7 == 0
    assert moved_at < reports.SAMPLE_STARTS - reports.EARLIEST
    assert moved.count(b":") == real.count(b":") and moved != real


def test_acts_are_played_in_the_order_of_time():
    played, script, first = [], Script(), now()

    def act(at, name):
        played.append(name)
        if name == "first":
            script.at(at, act, "added")

    script.at(first.replace(year=first.year + 1), act, "last")
    script.at(first, act, "first")

    assert script.play() == 3
    assert played == ["first", "added", "last"]


@pytest.mark.parametrize("here", [None, "smtp://localhost:2525", "smtp://127.0.0.1"])
def test_its_letters_stay_on_this_machine(here: str | None):
    loading.refuse_post(here)
    with pytest.raises(Refusal, match=r"relay\.example would have to send them"):
        loading.refuse_post("smtp://user:secret@relay.example:587")


def test_it_never_mixes_with_real_people(stage: Flask):
    with stage.app_context(), db.reading() as empty:
        loading.refuse_strangers(empty)
    with stage.app_context(), db.writing() as session:
        session.add(Person(name="Ana", password="!", password_set_at=now(), joined_at=now()))
        session.flush()
        with pytest.raises(Refusal, match="one of its own"):
            loading.refuse_strangers(session)
