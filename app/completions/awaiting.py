"""Whose certificate waits for an evaluation, and who is let through without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Select, select, union_all
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance import queries as attendance
from app.attendance.standing import standing
from app.completions.models import Completion
from app.db import Base
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.evaluations import queries as evaluations
from app.evaluations.models import EvaluationForm
from app.journal.models import record
from app.texts import gettext as _

PAGE = 50


class Waiver(Base):
    """An administrator did without somebody's evaluation, for a reason."""

    __tablename__ = "evaluation_waivers"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    enrolment: Mapped[Enrolment] = relationship()
    by: Mapped[Person] = relationship()


def cleared(session: Session, activity: Activity) -> set[int] | None:
    """Whose presence completes a webinar at once; None when it needs no evaluation: everybody's."""
    if not activity.needs_evaluation:
        return None
    return set(session.scalars(union_all(evaluations.receipts(activity.id), _waived(activity))))


def lacking(session: Session, activity: Activity) -> list[int]:
    """The enrolments that were there long enough and have not evaluated, once that is settled."""
    if not activity.needs_evaluation or attendance.settlement(session, activity) is None:
        return []
    had = select(Completion.enrolment_id).where(Completion.activity_id == activity.id)
    every = union_all(evaluations.receipts(activity.id), _waived(activity), had)
    done = set(session.scalars(every))
    return [id for id in standing(session, activity).reached if id not in done]


def _waived(activity: Activity) -> Select[int]:
    return (
        select(Waiver.enrolment_id)
        .join(Enrolment, Enrolment.id == Waiver.enrolment_id)
        .where(Enrolment.activity_id == activity.id)
    )


@dataclass(frozen=True)
class Lacking:
    """Some of those who lack an evaluation, how many there are, and where the next ones begin."""

    rows: Sequence[Enrolment]
    count: int
    after: int | None


def lacking_page(session: Session, activity: Activity, *, after: int = 0) -> Lacking:
    every = lacking(session, activity)
    ids = [id for id in every if id > after]
    rows = session.scalars(
        select(Enrolment)
        .where(Enrolment.id.in_(ids[:PAGE]))
        .options(joinedload(Enrolment.person).selectinload(Person.addresses))
        .order_by(Enrolment.id)
    ).all()
    return Lacking(rows, len(every), ids[PAGE - 1] if len(ids) > PAGE else None)


def against_waiving(
    session: Session, enrolment: Enrolment, form: EvaluationForm | None, *, at: datetime
) -> list[str]:
    """What stands against doing without an evaluation; none means it may be done."""
    activity = enrolment.activity
    if not activity.needs_evaluation:
        return [_("This webinar needs no evaluation.")]
    if attendance.settlement(session, activity) is None:
        return [_("Presence is not confirmed yet.")]
    if not standing(session, activity, only=enrolment.id).verdict(enrolment.id).is_present:
        return [_("This person was not there long enough: no certificate waits for them.")]
    if form is not None and not form.is_closed(at):
        return [_("They can still evaluate it themselves. Wait until that time is over.")]
    return []


def waive(
    session: Session, enrolment: Enrolment, *, reason: str, by: Person, at: datetime
) -> Waiver:
    """Do without somebody's evaluation. The completion follows as if it had been given."""
    held = select(Enrolment.id).where(Enrolment.id == enrolment.id)
    session.execute(held.with_for_update())
    if existing := session.get(Waiver, enrolment.id):
        return existing
    form = evaluations.form_of(session, enrolment.activity_id)
    Refusal.unless_none(against_waiving(session, enrolment, form, at=at))
    waiver = Waiver(enrolment=enrolment, by=by, at=at, reason=reason)
    session.add(waiver)
    record(session, "evaluation.waived", by=by, at=at, on=enrolment,
           societies=enrolment.activity.societies, activity=enrolment.activity_id,
           reason=reason)  # fmt: skip
    return waiver
