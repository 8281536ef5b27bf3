"""What the tests of the ways in need: letters that were written, and people with a password."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import password
from app.accounts.models import Person
from app.outbox.models import Message
from tests.cast import PASSWORD

ANSWERS: dict[str, Any] = {
    "name": "Ida Nyström",
    "address": "ida@clinic.example",
    "password": PASSWORD,
    "profession": "radiographer",
    "country": "SE",
    "zone": "Europe/Stockholm",
}


@pytest.fixture(scope="session")
def kept() -> str:
    """The digest of `PASSWORD`, made once: it is slow on purpose."""
    return password.digest(PASSWORD)


@pytest.fixture
def ada(make_person: Callable[..., Person], kept: str) -> Person:
    """A learner who knows her password, `PASSWORD`."""
    return make_person("Ada Byron", password=kept)


@pytest.fixture
def letters(session: Session) -> Callable[[str], list[Message]]:
    """The letters written to an address, oldest first."""

    def to(address: str) -> list[Message]:
        return list(
            session.scalars(select(Message).where(Message.to == address).order_by(Message.id))
        )

    return to


def link_in(message: Message) -> str:
    """The path of the first link in a letter; the same stands in its plain and its HTML part."""
    found = re.search(r"https?://[^/\s]+(/\S*)", message.plain)
    assert found, message.plain
    assert found[0] in message.html
    return found[1]
