"""Taking in an evaluation, which may be the last thing that a certificate waited for."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import Audience, current_person, one_or_404, open_to
from app.addresses import key_asked
from app.attendance.reach import webinar_of_staff
from app.clock import now
from app.completions import awaiting, settling
from app.completions.forms import WaiverForm
from app.completions.views import blueprint as learners
from app.db import db
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.evaluations import evaluating, queries
from app.evaluations.forms import answering
from app.evaluations.models import EvaluationForm
from app.evaluations.reach import evaluation_of
from app.forms import render_form

blueprint = Blueprint("waivers", __name__, url_prefix="/desk/activities/<int:id>/evaluation")


@learners.post("/enrolments/<int:id>/evaluation")
@open_to(Audience.SIGNED_IN)
def evaluate(id: int) -> ResponseReturnValue:
    enrolment, asked = evaluation_of(id)
    at = now()
    against = evaluating.against(db.session, asked, enrolment, at=at)
    if asked is None or against:
        raise Refusal(*against)
    form = answering(asked.items, queries.speakers_of(enrolment.activity))
    if not form.validate_on_submit():
        page = render_template(
            "evaluations/show.html", enrolment=enrolment, activity=enrolment.activity,
            asked=asked, against=[], form=form,
        )  # fmt: skip
        return page, 422
    evaluating.evaluate(db.session, asked, enrolment, form.said, at=at)
    if settling.follow(db.session, enrolment, at=at):
        flash(_("Thank you. Your certificate is being typeset; a letter tells you when it is "
                "ready."), "good")  # fmt: skip
    else:
        flash(_("Thank you. What you said carries no name."), "good")
    return redirect(url_for("enrolments.show", id=id), 303)


@blueprint.get("/missing")
@open_to(Audience.ADMINISTRATOR)
def index(id: int) -> ResponseReturnValue:
    """Who was present and has not evaluated: their certificates wait."""
    activity = webinar_of_staff(id)
    asked = select(EvaluationForm).where(EvaluationForm.activity_id == id)
    return render_template(
        "completions_staff/lacking.html",
        activity=activity, at=now(), asked=db.session.scalars(asked).one_or_none(),
        listing=awaiting.lacking_page(db.session, activity, after=key_asked("after") or 0),
    )  # fmt: skip


@blueprint.route("/missing/<int:enrolment_id>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def waive(id: int, enrolment_id: int) -> ResponseReturnValue:
    activity = webinar_of_staff(id)
    enrolment = one_or_404(
        select(Enrolment)
        .where(
            Enrolment.id == enrolment_id, Enrolment.activity_id == id, Enrolment.ended_at.is_(None)
        )
        .options(joinedload(Enrolment.person), joinedload(Enrolment.activity))
    )  # fmt: skip
    form, at = WaiverForm(), now()
    if form.validate_on_submit():
        awaiting.waive(
            db.session, enrolment, reason=form.reason.data or "", by=current_person(), at=at
        )
        settling.follow(db.session, enrolment, at=at)
        flash(_("Accepted. The certificate of %(name)s is being made.",
                name=enrolment.person.name), "good")  # fmt: skip
        return redirect(url_for(".index", id=id), 303)
    return render_form("completions_staff/waive.html", form, activity=activity, one=enrolment)
