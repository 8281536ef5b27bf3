"""A webinar with people in it, and letters to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance.models import Settlement
from app.clock import now
from app.completions.models import Completion
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.letters import jobs, sending
from app.letters.models import Group, Letter
from app.outbox.models import Message

TEXT = "Dear {name},\n\n**{title}** starts {when}. See {link}."


@pytest.fixture
def placed(session: Session, webinar: Activity, ana: Person, ben: Person) -> list[Enrolment]:
    """Ana and Ben have the two places that there are; Carla waits."""
    webinar.capacity = 2
    found = [enrol(session, webinar, person, at=now()) for person in (ana, ben)]
    session.commit()
    return found


@pytest.fixture
def carla(
    session: Session, webinar: Activity, placed: list[Enrolment], make_person: Callable[..., Person]
) -> Person:
    person = make_person("Carla Rossi", zone="America/Chicago")
    enrol(session, webinar, person, at=now())
    session.commit()
    return person


@pytest.fixture
def letter(session: Session, webinar: Activity, placed: list[Enrolment], eva: Person) -> Letter:
    """A draft to those with a place."""
    made = sending.draft(
        session, webinar, to_whom=Group.PLACE, subject="About {title}", body=TEXT, by=eva, at=now()
    )
    session.commit()
    return made


@pytest.fixture
def settle(session: Session, webinar: Activity, eva: Person) -> Callable[..., None]:
    def do(*present: Enrolment) -> None:
        session.add(
            Settlement(activity=webinar, by=eva, at=now(), threshold=80, present=1, absent=1)
        )
        for one in present:
            session.add(
                Completion(enrolment_id=one.id, person_id=one.person_id, activity_id=webinar.id,
                           at=now())
            )  # fmt: skip
        session.commit()

    return do


@pytest.fixture
def write_copies(session: Session) -> Callable[[Letter], Sequence[Message]]:
    """Do the job; answer the copies in the outbox."""

    def do(letter: Letter) -> Sequence[Message]:
        key = letter.id
        session.commit()
        jobs.write(key)
        session.expire_all()
        copies = select(Message).where(Message.kind == "letters/letter").order_by(Message.id)
        return session.scalars(copies).all()

    return do
