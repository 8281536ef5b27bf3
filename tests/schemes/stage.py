"""A joint scheme of EuSoMII and SIIM, and people who have done what it asks for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.completions.models import Completion
from app.enrolments.models import Enrolment
from app.schemes.applying import apply
from app.schemes.models import Candidacy, Edition, Nature, Scheme
from app.schemes.publishing import Rules, publish_scheme
from tests.cast import NOON, Societies, make_webinar


def complete(
    session: Session, person: Person, activity: Activity, *, at: datetime = NOON, **facts: int
) -> Completion:
    """The person has done the activity."""
    enrolment = Enrolment(activity=activity, person=person, at=at - timedelta(days=30))
    session.add(enrolment)
    session.flush()
    completion = Completion(
        enrolment=enrolment, person=person, activity=activity, at=at,
        seconds=facts.get("seconds", 4620) if activity.is_webinar else None,
        of_seconds=5400 if activity.is_webinar else None,
        threshold=80 if activity.is_webinar else None,
        score=None if activity.is_webinar else facts.get("score", 80),
        pass_mark=None if activity.is_webinar else 75,
    )  # fmt: skip
    session.add(completion)
    session.flush()
    return completion


def rules(course: Activity, **changes: object) -> Rules:
    facts = {"name": "2026", "opens_on": date(2026, 1, 1), "webinars": 1, "courses": [course],
             "validity_years": 5, "renewal_credits": 24, "renewal_years": 2}  # fmt: skip
    return Rules(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.fixture
def past_webinar(session: Session, societies: Societies, eva: Person) -> Activity:
    """A webinar of EuSoMII and SIIM that took place in the summer of 2026."""
    return make_webinar(
        session, eva, societies.eusomii, societies.siim,
        starts_at=datetime.fromisoformat("2026-08-20T16:00+00:00"),
        title="What machine learning can read",
    )  # fmt: skip


@pytest.fixture
def scheme(session: Session, societies: Societies, course: Activity, erik: Person) -> Scheme:
    """The Joint Certificate in Imaging Informatics: one webinar and the course."""
    return publish_scheme(
        session, code="imaging-informatics", title="Joint Certificate in Imaging Informatics",
        nature=Nature.PROGRAMME, body=societies.eusomii,
        awarding=[societies.eusomii, societies.siim], endorsing=[societies.efrs],
        rules=rules(course), by=erik, at=NOON,
        summary="What a professional in imaging informatics must know.",
    )  # fmt: skip


@pytest.fixture
def edition(scheme: Scheme) -> Edition:
    return scheme.editions[0]


def make_candidate(
    session: Session, edition: Edition, person: Person, webinar: Activity, course: Activity,
    at: datetime = NOON,
) -> Candidacy:  # fmt: skip
    """The person has done everything and has applied."""
    complete(session, person, webinar, at=at)
    complete(session, person, course, at=at)
    candidacy = apply(session, edition, person, at=at)
    session.flush()
    return candidacy
