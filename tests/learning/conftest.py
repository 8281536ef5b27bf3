"""A course with two lessons, and Ana on it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.learning.models import Lesson
from tests.cast import NOON


@pytest.fixture
def lessons(session: Session, course: Activity, eva: Person) -> list[Lesson]:
    """Pixels, then networks."""
    made = [
        Lesson.add(session, course, title=title, body=body, minutes=minutes, by=eva, at=NOON)
        for title, body, minutes in (
            ("Pixels", "## What a pixel is\n\nA *number* with a place.", 20),
            ("Networks", "Images travel by **DICOM**.", 30),
        )
    ]
    session.flush()
    return made


@pytest.fixture
def anas_place(session: Session, course: Activity, ana: Person) -> Enrolment:
    """Ana is enrolled on the course."""
    enrolment = enrol(session, course, ana, at=NOON)
    session.flush()
    return enrolment
