"""A course with a test of four questions and no lessons, and Ana on it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.models import Assessment
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from tests.assessments.papers import ASKED
from tests.cast import NOON


@pytest.fixture
def test_of_course(session: Session, course: Activity, eva: Person) -> Assessment:
    """Four questions, the right choice written first in each; pass mark 75, wait 24 hours."""
    test = Assessment.set(session, course, by=eva, at=NOON)
    for text, right, *wrong in ASKED:
        test.ask(text, [right, *wrong], right=0, by=eva, at=NOON)
    session.flush()
    return test


@pytest.fixture
def anas_place(session: Session, course: Activity, ana: Person) -> Enrolment:
    """Ana is enrolled on the course."""
    enrolment = enrol(session, course, ana, at=NOON)
    session.flush()
    return enrolment
