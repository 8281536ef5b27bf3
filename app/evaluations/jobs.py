"""A webinar that needs an evaluation has one when it is over, even if nobody drew it up."""

from __future__ import annotations

from sqlalchemy import select

from app import db
from app.agenda.models import Activity, Announcement
from app.clock import now
from app.evaluations.drawing_up import draw_up
from app.evaluations.kinds import usual
from app.evaluations.models import EvaluationForm, EvaluationItem
from app.jobs import chore


@chore("evaluations.draw up")
def draw_up_what_is_missing() -> None:
    """The usual set, where a certificate would wait for an evaluation that asks nothing."""
    asked = (
        select(EvaluationItem.id)
        .join(EvaluationForm)
        .where(EvaluationForm.activity_id == Activity.id)
    )
    missing = (
        select(Activity.id)
        .join(Announcement)
        .where(
            Activity.needs_evaluation, Activity.until_at <= now(), Activity.cancelled_at.is_(None),
            ~asked.exists(),
        )
    )  # fmt: skip
    with db.reading() as session:
        ids = session.scalars(missing).all()
    for activity_id in ids:
        with db.writing() as session:
            activity = session.get_one(Activity, activity_id)
            draw_up(session, activity, usual(), by=None, at=now())
