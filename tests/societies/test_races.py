"""Acts at the same moment leave offices and questions as one after the other would."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app import db
from app.accounts.models import Person
from app.assessments import models as assessments
from app.assessments.models import Assessment, Question
from app.clock import now, today
from app.errors import Refusal
from app.societies import models as societies_models
from app.societies.models import Mandate, Office, Society
from tests.awards.test_race import at_once

pytestmark = pytest.mark.race


def queues() -> bool:
    """Whether writers queue at their beginning, as SQLite's do: there no lock is needed."""
    return db.db.engine.dialect.name == "sqlite"


def ending(mandate: int, by: int, *, is_held: bool = False) -> Any:
    def end(session, window):
        one = session.get_one(Mandate, mandate)
        one.end(by=session.get_one(Person, by), at=now(), reason="moved on")
        if is_held:
            window.wait()  # neither commits before both have decided
        return "ended"

    return end


def giving(person: int, society: int, *, is_held: bool = False) -> Any:
    def give(session, window):
        Mandate.give(
            session, session.get_one(Person, person), Office.AUDITOR,
            society=session.get_one(Society, society), from_on=today(), until_on=None,
            by=None, at=now(),
        )  # fmt: skip
        if is_held:
            window.wait()
        return "given"

    return give


def asking(test: int, text: str, by: int, *, is_held: bool = False) -> Any:
    def ask(session, window):
        one, person = session.get_one(Assessment, test), session.get_one(Person, by)
        one.ask(text, ["Yes", "No"], right=0, by=person, at=now())
        session.flush()
        if is_held:
            window.wait()
        return "asked"

    return ask


@pytest.fixture
def two_administrators(session, pia, make_person, give_mandate):
    give_mandate(make_person("Paul Ivanov"), Office.PLATFORM_ADMINISTRATOR, None)
    session.commit()
    every = select(Mandate.id).where(Mandate.office == Office.PLATFORM_ADMINISTRATOR)
    return [(mandate, pia.id) for mandate in session.scalars(every).all()]


def left(session) -> int:
    session.rollback()
    session.expire_all()
    return len(session.scalars(Mandate.in_force(on=today())).unique().all())


def test_of_two_last_administrators_one_stays(stage, session, two_administrators):
    session.commit()
    outcomes = at_once(stage, *[ending(*one) for one in two_administrators])

    assert [o for o in outcomes if o == "ended"] == ["ended"]
    assert "at least one administrator" in str(next(o for o in outcomes if isinstance(o, Refusal)))
    assert left(session) == 1


def test_without_the_lock_nobody_would_be_left(stage, session, two_administrators, monkeypatch):
    """The control."""
    session.commit()
    monkeypatch.setattr(societies_models, "hold", lambda *_: None)
    at_once(stage, *[ending(*one, is_held=not queues()) for one in two_administrators])

    assert left(session) == (1 if queues() else 0)


@pytest.fixture
def ana_of_siim(session, ana, societies):
    session.commit()
    return ana.id, societies.siim.id


def test_an_office_given_twice_at_once_is_held_once(stage, session, ana_of_siim):
    outcomes = at_once(stage, giving(*ana_of_siim), giving(*ana_of_siim))

    assert [o for o in outcomes if o == "given"] == ["given"]
    assert left(session) == 1


def test_without_the_lock_it_would_be_held_twice(stage, session, ana_of_siim, monkeypatch):
    """The control."""
    monkeypatch.setattr(societies_models, "hold", lambda *_: None)
    at_once(stage, *[giving(*ana_of_siim, is_held=not queues())] * 2)

    assert left(session) == (1 if queues() else 2)


@pytest.fixture
def a_test(session, course, eva):
    test = Assessment.set(session, course, pass_mark=70, wait_hours=0, by=eva, at=now())
    session.commit()
    return test.id, eva.id


def positions(session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Question.position).order_by(Question.position)))


def test_two_questions_asked_at_once_stand_one_after_the_other(stage, session, a_test):
    test, eva = a_test
    at_once(stage, asking(test, "One?", eva), asking(test, "Two?", eva))

    assert positions(session) == [1, 2]


def test_without_the_lock_they_would_share_a_position(stage, session, a_test, monkeypatch):
    """The control."""
    test, eva = a_test
    monkeypatch.setattr(assessments, "hold", lambda *_: None)
    held = not queues()
    at_once(stage, *[asking(test, text, eva, is_held=held) for text in ("One?", "Two?")])

    assert positions(session) == ([1, 2] if queues() else [1, 1])
