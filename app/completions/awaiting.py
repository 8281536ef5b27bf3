"""Whose certificate waits for an evaluation, and who is let through without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Select, exists, func, insert, select, union_all
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app.accounts.models import Person
from app.agenda.models import Activity
from app.completions.models import Completion
from app.db import Base
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.evaluations import queries as evaluations
from app.evaluations.models import EvaluationForm
from app.journal.models import record
from app.texts import gettext as _

PAGE = 50


class AwaitedEvaluation(Base):
    """Somebody was there long enough, and their completion waits for the evaluation."""

    __tablename__ = "awaited_evaluations"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    at: Mapped[datetime]


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


def wait(session: Session, activity: Activity, ids: Sequence[int], *, at: datetime) -> None:
    """Note that these were there and lack only the evaluation; noted twice it is noted once."""
    noted = select(AwaitedEvaluation.enrolment_id).where(
        AwaitedEvaluation.activity_id == activity.id
    )
    known = set(session.scalars(noted)) if ids else set()
    rows = [
        {"enrolment_id": id, "activity_id": activity.id, "at": at} for id in ids if id not in known
    ]
    if rows:
        session.execute(insert(AwaitedEvaluation), rows)


def lacking(activity_id: int) -> Select[int]:
    """The enrolments that were there long enough and whose completion still waits."""
    had = exists().where(Completion.enrolment_id == AwaitedEvaluation.enrolment_id)
    return select(AwaitedEvaluation.enrolment_id).where(
        AwaitedEvaluation.activity_id == activity_id, ~had
    )


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
    """Those who lack an evaluation, in the order in which they enrolled."""
    every = lacking(activity.id)
    count = session.scalar(select(func.count()).select_from(every.subquery()))
    found = session.scalars(
        select(Enrolment)
        .where(Enrolment.id.in_(every), Enrolment.id > after)
        .options(joinedload(Enrolment.person).selectinload(Person.addresses))
        .order_by(Enrolment.id)
        .limit(PAGE + 1)
    ).all()
    return Lacking(found[:PAGE], count or 0, found[PAGE - 1].id if len(found) > PAGE else None)


def against_waiving(
    session: Session, enrolment: Enrolment, form: EvaluationForm | None, *, at: datetime
) -> list[str]:
    """What stands against doing without an evaluation; none means it may be done."""
    waits = lacking(enrolment.activity_id).where(AwaitedEvaluation.enrolment_id == enrolment.id)
    if session.scalars(waits).first() is None:
        return [_("No certificate of this person waits for an evaluation.")]
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
