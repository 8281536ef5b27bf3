"""Webinars with places, and the reminders that are written of them at a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.outbox.models import Message
from app.reminders.jobs import write_all
from app.reminders.models import Reminder

Written = list[tuple[str, str]]
AGES_AGO = timedelta(days=12)


@pytest.fixture
def place(session: Session, webinar: Activity) -> Callable[..., Enrolment]:
    """A place in the webinar, taken long before it starts or when the test says."""

    def take(person: Person, at: datetime | None = None, on: Activity | None = None) -> Enrolment:
        activity = on or webinar
        assert activity.starts_at is not None
        enrolment = enrol(session, activity, person, at=at or activity.starts_at - AGES_AGO)
        session.commit()
        return enrolment

    return take


@pytest.fixture
def remind(session: Session) -> Callable[[datetime], Written]:
    """Do the chore at a moment; answer the (kind, address) of what it wrote."""

    def do(at: datetime) -> Written:
        session.commit()
        known = set(session.scalars(select(Reminder.id)))
        session.commit()
        write_all(at=at)
        session.expire_all()
        rows = session.execute(
            select(Reminder.id, Reminder.kind, Message.to).join(
                Message, Message.id == Reminder.message_id
            )
        )
        return sorted((str(kind), to) for id, kind, to in rows if id not in known)

    return do


@pytest.fixture
def letters(session: Session) -> Callable[..., list[Message]]:
    """The reminders in the outbox, in the order in which they were written."""

    def found(to: str = "ana@clinic.example") -> list[Message]:
        return list(
            session.scalars(
                select(Message)
                .where(Message.kind.startswith("reminders/"), Message.to == to)
                .order_by(Message.id)
            )
        )

    return found
