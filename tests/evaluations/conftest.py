"""A webinar that was over yesterday, with learners whose presence a report shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.models import Participant, Presence, PresenceReport
from app.clock import now
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.evaluations.drawing_up import draw_up
from app.evaluations.evaluating import evaluate
from app.evaluations.kinds import Kind, Wording
from app.evaluations.mixing import Said
from app.evaluations.models import EvaluationForm
from tests.cast import NOON, Societies, make_webinar

WORDINGS = [
    Wording(Kind.SCALE, "How relevant?", ("not at all", "very")),
    Wording(Kind.SINGLE, "Free of bias?", ("Yes", "For the most part", "No")),
    Wording(Kind.SEVERAL, "What did you like?", ("Talks", "Slides", "Time for questions")),
    Wording(Kind.SCALE, "How clear was the talk?", ("not at all", "very"), per_speaker=True),
    Wording(Kind.TEXT, "What should we improve?"),
]


@pytest.fixture
def held(session: Session, societies: Societies, eva: Person) -> Activity:
    """It ended yesterday; two people spoke."""
    from app.agenda.models import Speaker

    begun = (now() - timedelta(days=1)).replace(microsecond=0, second=0)
    webinar = make_webinar(
        session, eva, societies.eusomii, societies.siim, starts_at=begun, capacity=None
    )
    webinar.speakers = [*webinar.speakers, Speaker(position=2, name="Dr Omar Haddad")]
    session.flush()
    return webinar


@pytest.fixture
def asked(session: Session, held: Activity, eva: Person) -> EvaluationForm:
    form = draw_up(session, held, WORDINGS, by=eva, at=NOON)
    session.flush()
    return form


@pytest.fixture
def anas(session: Session, held: Activity, ana: Person) -> Enrolment:
    return enrol(session, held, ana, at=NOON)


@pytest.fixture
def learners(
    session: Session, held: Activity, make_person: Callable[..., Person]
) -> Callable[[int], list[Enrolment]]:
    def make(count: int) -> list[Enrolment]:
        people = [make_person(f"Learner{n} Family{n}") for n in range(count)]
        return [enrol(session, held, one, at=NOON) for one in people]

    return make


def said_by(form: EvaluationForm, number: int = 0, text: str = "") -> list[Said]:
    """What the person of this number says: the scale turns with the number."""
    relevant, bias, liked, clear, improve = form.items
    assert form.activity is not None
    said = [
        Said(relevant.id, None, value=1 + number % 5),
        Said(bias.id, None, value=1 + number % 3),
        Said(liked.id, None, value=1 + number % 7),
    ]
    said += [Said(clear.id, one.id, value=1 + number % 5) for one in form.activity.speakers]
    return [*said, Said(improve.id, None, text=text)] if text else said


def answer(
    session: Session, form: EvaluationForm, enrolments: list[Enrolment], *,
    at: datetime | None = None, seed: int = 1,
) -> None:  # fmt: skip
    """Each of them evaluates, one after the other, with a text of their own."""
    chance = Random(seed)
    for number, enrolment in enumerate(enrolments):
        evaluate(
            session, form, enrolment, said_by(form, number, f"Text {number}"), at=at or now(),
            chance=chance,
        )  # fmt: skip
    session.flush()


def was_there(session: Session, enrolments: list[Enrolment], by: Person, *, minutes: int = 90):
    """A report says that they stayed so long."""
    activity = enrolments[0].activity
    report = PresenceReport(
        activity=activity, provider="plain", file_name="r.csv", file_digest=f"d{minutes}",
        zone="UTC", ignored=[], by=by, at=now(),
    )  # fmt: skip
    session.add(report)
    session.flush()
    start = activity.starts_at
    assert start is not None
    for one in enrolments:
        participant = Participant(
            report=report, activity_id=activity.id, key=f"k{one.id}", name=one.person.name,
            role="attendee", how="address", enrolment=one,
        )  # fmt: skip
        participant.intervals = [
            Presence(joined_at=start, left_at=start + timedelta(minutes=minutes))
        ]
        session.add(participant)
    session.flush()
