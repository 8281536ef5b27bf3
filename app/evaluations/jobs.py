"""A webinar that needs an evaluation has one when it is over, even if nobody drew it up."""

from __future__ import annotations

import logging

from sqlalchemy import select

from app import db
from app.agenda.models import Activity, Announcement
from app.clock import now
from app.evaluations.drawing_up import draw_up_if_missing
from app.evaluations.kinds import usual
from app.evaluations.models import EvaluationForm, EvaluationItem
from app.jobs import chore

log = logging.getLogger("confer.evaluations")


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
        ids = session.scalars(missing.order_by(Activity.id)).all()
    for activity_id in ids:
        try:
            with db.writing() as session:
                activity = session.get_one(Activity, activity_id)
                draw_up_if_missing(session, activity, usual(), at=now())
        except Exception:
            log.exception("the evaluation of webinar %s is not drawn up", activity_id)
