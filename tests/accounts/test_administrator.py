"""The first administrator comes from the command line."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts import password
from app.accounts.models import Person
from app.clock import today
from app.societies.models import Mandate, Office


@pytest.fixture
def command(stage, session):
    def run(*words):
        session.commit()
        result = stage.test_cli_runner().invoke(args=["accounts", "administrator", *words])
        session.expire_all()
        return result

    return run


def offices_of(session, person):
    return [m.office for m in session.scalars(Mandate.in_force_for(person, on=today()))]


def test_someone_new_chooses_a_password_by_a_link(command, session, browser):
    result = command("Pia@Clinic.example", "--name", "Pia Novak")
    link = re.search(r"https?://[^/]+(/password/\S+)", result.output)
    assert result.exit_code == 0, result.output
    pia = session.scalars(Person.with_address("pia@clinic.example")).one()
    assert offices_of(session, pia) == [Office.PLATFORM_ADMINISTRATOR]
    assert not password.verify(pia.password, "!")

    browser.visit(link[1])
    browser.submit(password="copper umbrellas sing 4 rain", follow=False)
    browser.visit("/outbox")
    browser.visit("/desk/journal")


def test_someone_known_keeps_their_password(command, session, ada):
    result = command("ada@clinic.example")

    assert "Ada Byron is a platform administrator." in result.output
    assert "/password/" not in result.output
    assert offices_of(session, ada) == [Office.PLATFORM_ADMINISTRATOR]


def test_twice_is_once(command, session, ada):
    command("ada@clinic.example")
    result = command("ada@clinic.example")

    assert result.exit_code == 0
    assert "holds this office already" in result.output
    assert offices_of(session, ada) == [Office.PLATFORM_ADMINISTRATOR]


@pytest.mark.parametrize("words", [["pia@clinic.example"], ["pia", "--name", "Pia"], []])
def test_what_is_missing_is_said_and_nothing_is_made(command, session, words):
    result = command(*words)

    assert result.exit_code == 2
    assert "Error" in result.output
    assert session.scalars(select(Person)).all() == []
