"""A webinar that runs at this moment, with Ana and Ben in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.clock import now
from app.dialogue import polls
from app.dialogue.polls import Poll
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from tests.cast import NOON, Societies, make_webinar


@pytest.fixture
def running(session: Session, societies: Societies, eva: Person) -> Activity:
    """It began ten minutes ago and goes on for eighty more."""
    begun = now().replace(microsecond=0, second=0) - timedelta(minutes=10)
    return make_webinar(
        session, eva, societies.eusomii, societies.siim, starts_at=begun, capacity=None
    )


@pytest.fixture
def anas(session: Session, running: Activity, ana: Person) -> Enrolment:
    return enrol(session, running, ana, at=NOON)


@pytest.fixture
def bens(session: Session, running: Activity, ben: Person) -> Enrolment:
    return enrol(session, running, ben, at=NOON)


@pytest.fixture
def after(running: Activity) -> datetime:
    """A minute after it is over."""
    assert running.ends_at is not None
    return running.ends_at + timedelta(minutes=1)


@pytest.fixture
def make_poll(session: Session, running: Activity, eva: Person) -> Callable[..., Poll]:
    def make(
        text: str = "Which standard?", choices: tuple[str, ...] = ("DICOMweb", "FHIR", "IHE"),
        *, several: bool = False, attention: bool = False, is_open: bool = True,
    ) -> Poll:  # fmt: skip
        poll = polls.prepare(
            session, running, text, choices, takes_several=several, is_attention=attention,
            by=eva, at=now(),
        )  # fmt: skip
        if is_open:
            polls.open_poll(poll, by=eva, at=now())
        session.flush()
        return poll

    return make
