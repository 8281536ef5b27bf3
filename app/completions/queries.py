"""Who has completed an activity, a page at a time by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.agenda.models import Activity
from app.completions.models import Completion
from app.enrolments.models import Enrolment


@dataclass(frozen=True)
class Completed:
    rows: Sequence[Completion]
    after: int | None


def completed_among(session: Session, enrolments: Sequence[Enrolment]) -> set[int]:
    """Which of these enrolments ended in a completion, by number."""
    ids = [enrolment.id for enrolment in enrolments]
    done = select(Completion.enrolment_id).where(Completion.enrolment_id.in_(ids))
    return set(session.scalars(done)) if ids else set()


def completed(session: Session, activity: Activity, *, after: int = 0, size: int = 50) -> Completed:
    """Those who have completed an activity, in the order in which they enrolled."""
    person = joinedload(Completion.person, innerjoin=True).selectinload(Person.addresses)
    found = session.scalars(
        select(Completion)
        .where(Completion.activity_id == activity.id, Completion.enrolment_id > after)
        .options(person)
        .order_by(Completion.enrolment_id)
        .limit(size + 1)
    ).all()
    return Completed(found[:size], found[size - 1].enrolment_id if len(found) > size else None)
