"""The webinar of the sample report, its learners, and an administrator's way through the desk."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.enrolments.booking import enrol, recount
from app.enrolments.models import Enrolment, Place
from tests.attendance.reports import SAMPLES, TITLE, line, report, the_session
from tests.cast import NOON, Societies, make_webinar

AFTER = datetime.fromisoformat("2026-10-15T20:00:00+02:00")


@pytest.fixture
def the_webinar(session: Session, societies: Societies, eva: Person) -> Activity:
    """The webinar whose report is the sample, announced in September."""
    held = the_session()
    return make_webinar(
        session, eva, societies.eusomii, societies.siim,
        title=TITLE, starts_at=held.joined, capacity=None,
    )  # fmt: skip


@pytest.fixture
def the_day_after() -> Iterator[None]:
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def learners(
    session: Session, the_webinar: Activity, make_person: Callable[..., Person]
) -> dict[str, Enrolment]:
    """Everybody of the samples, enrolled, by their address."""
    with (SAMPLES / "people.csv").open(newline="", encoding="utf-8-sig") as file:
        people = [make_person(row["name"], row["email"]) for row in csv.DictReader(file)]
    enrolments = [Enrolment(activity=the_webinar, person=one, at=NOON) for one in people]
    for number, one in enumerate(enrolments, 1):
        one.place = Place(activity_id=the_webinar.id, number=number, taken_at=NOON)
    session.add_all(enrolments)
    session.flush()
    recount(session, the_webinar)
    return {one.person.address: one for one in enrolments}


@pytest.fixture
def small(
    session: Session, societies: Societies, eva: Person, ana: Person, ben: Person
) -> Activity:
    """A webinar that Ana and Ben are enrolled in; `SMALL` is its report."""
    held = the_session()
    webinar = make_webinar(
        session, eva, societies.eusomii, title="IHE, simply", starts_at=held.joined
    )
    for person in (ana, ben):
        enrol(session, webinar, person, at=NOON)
    return webinar


SMALL = report(
    line(name="Ana Lopez", address="ana@private.example"),
    line(name="Ben Okoro", address="ben@clinic.example", left="Oct 14, 2026 19:30:00"),
    line(name="radiology pc 3", address=""),
)
"""Ana came with an address nobody knows, Ben with his own, a machine without any."""
