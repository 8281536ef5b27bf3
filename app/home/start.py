"""What the start page shows: what comes next, and what waits for the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.agenda.models import Activity, Kind
from app.completions.models import Completion
from app.credentials.models import Credential
from app.enrolments.models import Enrolment


@dataclass(frozen=True)
class Mine:
    """A person's webinars until they end, courses under way and latest certificates."""

    webinars: Sequence[Enrolment]
    courses: Sequence[Enrolment]
    credentials: Sequence[Credential]


def coming(session: Session, *, at: datetime, limit: int = 4) -> Sequence[Activity]:
    """The next announced webinars that take place."""
    upcoming = Activity.announced().where(
        Activity.kind == Kind.WEBINAR, Activity.starts_at > at, Activity.cancelled_at.is_(None)
    )
    return session.scalars(upcoming.order_by(Activity.starts_at, Activity.id).limit(limit)).all()


def mine(session: Session, person: Person, *, at: datetime) -> Mine:
    live = (
        select(Enrolment)
        .join(Activity)
        .where(Enrolment.person_id == person.id, Enrolment.ended_at.is_(None))
        .options(joinedload(Enrolment.activity), joinedload(Enrolment.place))
    )
    webinars = live.where(
        Activity.kind == Kind.WEBINAR, Activity.until_at > at, Activity.cancelled_at.is_(None)
    ).order_by(Activity.starts_at)
    courses = (
        live.outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Activity.kind == Kind.COURSE, Completion.id.is_(None))
        .where(or_(Activity.starts_at.is_(None), Activity.starts_at <= at))
        .order_by(Enrolment.id.desc())
    )
    return Mine(
        webinars=session.scalars(webinars.limit(3)).unique().all(),
        courses=session.scalars(courses.limit(3)).unique().all(),
        credentials=session.scalars(Credential.of(person).limit(3)).unique().all(),
    )
