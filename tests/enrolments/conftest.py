"""People who enrol."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.clock import now
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from tests.cast import Societies, make_webinar


@pytest.fixture
def two_places(session: Session, societies: Societies, eva: Person) -> Activity:
    """An announced webinar for two people only."""
    return make_webinar(session, eva, societies.eusomii, societies.siim, capacity=2)


@pytest.fixture
def enrolled(
    session: Session, make_person: Callable[..., Person]
) -> Callable[..., list[Enrolment]]:
    """So many people, enrolled one after the other."""

    def enrol_many(activity: Activity, count: int) -> list[Enrolment]:
        people = [make_person(f"Person{n} Family{n}") for n in range(1, count + 1)]
        return [enrol(session, activity, person, at=now()) for person in people]

    return enrol_many
