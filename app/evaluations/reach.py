"""Whose evaluation somebody fills in, and which ones they draw up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import current_person, one_or_404, society_ids
from app.agenda.models import Activity, Kind, Organiser
from app.db import db
from app.enrolments.models import Enrolment
from app.evaluations.models import EvaluationForm, EvaluationItem
from app.evaluations.queries import form_of
from app.societies.models import Office


def evaluation_of(enrolment_id: int) -> tuple[Enrolment, EvaluationForm | None]:
    """One of the reader's own enrolments and the evaluation of its webinar."""
    activity = joinedload(Enrolment.activity, innerjoin=True)
    enrolment = one_or_404(
        Enrolment.of(current_person())
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Enrolment.id == enrolment_id, Activity.kind == Kind.WEBINAR)
        .options(
            joinedload(Enrolment.place),
            activity.selectinload(Activity.organisers).joinedload(Organiser.society),
            activity.selectinload(Activity.sessions), joinedload(Enrolment.person),
        )
    )  # fmt: skip
    return enrolment, form_of(db.session, enrolment.activity_id)


def webinar_held(id: int) -> Activity:
    """A webinar that a society of the reader's office holds, announced or not."""
    mine = Activity.organised_by(mine_societies())
    return one_or_404(mine.where(Activity.id == id, Activity.kind == Kind.WEBINAR))


def webinar_led(id: int) -> Activity:
    """A webinar that a society of the reader's office leads: it says how it is evaluated."""
    mine = Activity.led_by(mine_societies())
    return one_or_404(mine.where(Activity.id == id, Activity.kind == Kind.WEBINAR))


def mine_societies() -> list[int]:
    """The societies in which the reader is course administrator."""
    return society_ids(Office.COURSE_ADMINISTRATOR)


def item_led(id: int) -> EvaluationItem:
    """An item of a webinar's form within the reader's reach; a template's has no page."""
    held = select(Organiser.activity_id).where(Organiser.society_id.in_(mine_societies()))
    form = joinedload(EvaluationItem.form, innerjoin=True)
    activity = form.joinedload(EvaluationForm.activity)
    return one_or_404(
        select(EvaluationItem)
        .join(EvaluationForm)
        .where(EvaluationItem.id == id, EvaluationForm.activity_id.in_(held))
        .options(
            form.selectinload(EvaluationForm.items),
            activity.selectinload(Activity.organisers).joinedload(Organiser.society),
        )
    )
