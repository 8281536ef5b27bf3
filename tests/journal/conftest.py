"""A journal with entries in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.journal import jobs
from app.journal.models import Entry, record
from tests.cast import NOON


@pytest.fixture
def make_entries(session: Session, ana) -> Callable[..., list[Entry]]:
    """So many acts of Ana on herself, a minute apart, linked if wanted."""

    def make(count: int, *, linked: bool = True, act: str = "person.changed") -> list[Entry]:
        made = []
        for n in range(count):
            at = NOON + timedelta(minutes=n)
            made.append(record(session, act, by=ana, at=at, on=ana, number=n, note="naïve 日本"))
        session.commit()
        if linked:
            jobs.link()
            session.expire_all()
        return made

    return make
