"""Where a form comes from: the usual set, a society's template, or another webinar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.agenda.models import Activity, Organiser
from app.evaluations.kinds import Wording
from app.evaluations.models import EvaluationForm
from app.societies.models import Society

MOST_OFFERED = 50


def draw_up(
    session: Session, activity: Activity, wordings: Sequence[Wording], *, by: Person | None,
    at: datetime,
) -> EvaluationForm:  # fmt: skip
    """Ask these things about a webinar; what was asked before, and nobody answered, is replaced."""
    form = session.scalars(EvaluationForm.of(activity.id)).one_or_none()
    if form is None:
        form = EvaluationForm(activity=activity)
        session.add(form)
        session.flush()
    form.ask_instead(wordings, by=by, at=at)
    return form


def draw_up_if_missing(
    session: Session, activity: Activity, wordings: Sequence[Wording], *, at: datetime
) -> EvaluationForm | None:
    """Ask these things where nothing is asked, also by now; None leaves everything as it is."""
    held = EvaluationForm.of(activity.id).with_for_update()
    form = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if activity.is_cancelled or (form is not None and form.items):
        return None
    return draw_up(session, activity, wordings, by=None, at=at)


def keep_as_template(
    session: Session, form: EvaluationForm, society: Society, name: str, *,
    by: Person, at: datetime,
) -> EvaluationForm:  # fmt: skip
    """A society keeps what is asked here, to start from again; one of the same name is replaced."""
    known = select(EvaluationForm).where(
        EvaluationForm.society_id == society.id, EvaluationForm.name == name
    )
    template = session.scalars(known).first()
    if template is None:
        template = EvaluationForm(society=society, name=name)
        session.add(template)
        session.flush()
    template.ask_instead([item.wording for item in form.items], by=by, at=at)
    return template


def templates(session: Session, society_ids: Sequence[int]) -> Sequence[EvaluationForm]:
    """What these societies keep to start from, by name."""
    return session.scalars(
        select(EvaluationForm)
        .where(EvaluationForm.society_id.in_(society_ids))
        .options(joinedload(EvaluationForm.society))
        .order_by(EvaluationForm.name, EvaluationForm.id)
    ).all()


def others(
    session: Session, society_ids: Sequence[int], activity_id: int
) -> Sequence[EvaluationForm]:
    """The forms of other webinars that these societies hold, the latest first."""
    held = select(Organiser.activity_id).where(Organiser.society_id.in_(society_ids))
    return session.scalars(
        select(EvaluationForm)
        .where(
            EvaluationForm.activity_id.in_(held), EvaluationForm.activity_id != activity_id
        )
        .options(joinedload(EvaluationForm.activity))
        .order_by(EvaluationForm.id.desc())
        .limit(MOST_OFFERED)
    ).all()  # fmt: skip


def wordings_of(session: Session, form_id: int, society_ids: Sequence[int]) -> list[Wording] | None:
    """What a form within these societies' reach asks; None when it is out of reach."""
    held = select(Organiser.activity_id).where(Organiser.society_id.in_(society_ids))
    form = session.scalars(
        select(EvaluationForm).where(
            EvaluationForm.id == form_id,
            EvaluationForm.society_id.in_(society_ids) | EvaluationForm.activity_id.in_(held),
        )
    ).first()
    return [item.wording for item in form.items] if form else None
