"""Two hundred people want ten places at once, from four processes, on both databases.

A race that is not forced proves nothing: every process waits for a while between looking for a free
place and taking it. And a guard that is not shown to matter proves nothing either: the same race is
run with the lock off, and with the lock and the unique index off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import db
from app.agenda.models import Activity
from app.enrolments.booking import waiting_list
from app.enrolments.models import Enrolment, Place
from tests.cast import make_webinar

pytestmark = [pytest.mark.race, pytest.mark.slow]
PROCESSES, PEOPLE, PLACES = 4, 200, 10
CONTROLS = 60
"""So many suffice to show what goes wrong without a guard."""
ROOT = Path(__file__).parents[2]
RUNNER = Path(__file__).parent / "racer.py"


@dataclass(frozen=True)
class Outcome:
    """What the processes were told, and what the database holds."""

    answers: Counter[str]
    places: list[int]
    waiting: list[int]


def race(
    stage: Flask, session: Session, activity: Activity, people: list[int], guards: str
) -> Outcome:
    """Let every process enrol its share of the people, all starting at the same moment."""
    session.commit()
    settings = stage.config["SETTINGS"]
    shares = [people[n::PROCESSES] for n in range(PROCESSES)]
    racers = [
        subprocess.Popen(
            [sys.executable, str(RUNNER), str(activity.id), guards, json.dumps(share)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=ROOT,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("CONFER_")},
                "PYTHONPATH": str(ROOT),
                "CONFER_VAR": str(settings.var),
                "CONFER_DATABASE_URL": settings.database_url,
                "CONFER_SECRET_KEY": settings.secret_key,
            },
        )
        for share in shares
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers: Counter[str] = Counter()
    for racer in racers:
        told, _nothing = racer.communicate(timeout=240)
        answers.update(json.loads(told))
    session.expire_all()
    live = select(Place.number).where(Place.activity_id == activity.id, Place.ended_at.is_(None))
    return Outcome(
        answers,
        sorted(session.scalars(live)),
        [one.id for one in session.scalars(waiting_list(activity))],
    )


@pytest.fixture
def ten_places(session, societies, eva):
    return make_webinar(session, eva, societies.eusomii, societies.siim, capacity=PLACES)


@pytest.fixture
def people(session, make_person):
    return [make_person(f"Racer{n} Family").id for n in range(PEOPLE)]


def test_ten_places_are_given_to_ten_people_and_the_rest_wait_in_order(
    stage, session, ten_places, people
):
    outcome = race(stage, session, ten_places, people, "all")

    assert outcome.answers == {"place": PLACES, "waiting": PEOPLE - PLACES}
    assert outcome.places == list(range(1, PLACES + 1))
    everybody = session.scalars(select(Enrolment.person_id)).all()
    assert sorted(everybody) == sorted(people)
    assert len(outcome.waiting) == len(set(outcome.waiting)) == PEOPLE - PLACES
    placed = session.scalars(select(Place.enrolment_id)).all()
    assert max(placed) < min(outcome.waiting), "nobody waited while a place was free"


@pytest.fixture
def without_unique_index(stage, session):
    """The second guard off: numbers may be given twice, until the test is over."""
    session.commit()
    with db.db.engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_places_live"))
    yield
    session.rollback()
    session.execute(text("DELETE FROM places"))
    session.commit()
    index = next(i for i in Place.__table__.indexes if i.name == "uq_places_live")
    index.create(db.db.engine)


def test_control_without_the_lock_the_unique_index_still_sells_no_place_twice(
    stage, session, ten_places, people
):
    """Nobody is oversold, but some are turned away with an error: the index alone is no answer."""
    outcome = race(stage, session, ten_places, people[:CONTROLS], "unlocked")

    assert len(outcome.places) == len(set(outcome.places)) <= PLACES
    assert outcome.answers["failed"] > 0


def test_control_without_lock_and_index_places_are_oversold(
    stage, session, ten_places, people, without_unique_index
):
    outcome = race(stage, session, ten_places, people[:CONTROLS], "unlocked")

    assert len(outcome.places) > PLACES
