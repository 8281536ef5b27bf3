"""The evaluation as learners fill it in, and its report as a speaker reads it."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from app.access import Audience, open_to
from app.agenda.reach import keep_secret, speaker_of
from app.clock import now
from app.db import db
from app.evaluations import evaluating, queries
from app.evaluations.forms import answering
from app.evaluations.reach import evaluation_of

blueprint = Blueprint("evaluations", __name__)


@blueprint.get("/enrolments/<int:id>/evaluation")
@open_to(Audience.SIGNED_IN)
def show(id: int) -> ResponseReturnValue:
    """The form. What is typed is taken in by the room of completions, which may follow from it."""
    enrolment, form = evaluation_of(id)
    against = evaluating.against(db.session, form, enrolment, at=now())
    speakers = queries.speakers_of(enrolment.activity)
    return render_template(
        "evaluations/show.html",
        enrolment=enrolment, activity=enrolment.activity, asked=form, against=against,
        form=answering(form.items if form else [], speakers),
    )  # fmt: skip


@blueprint.get("/speak/<token>/evaluation")
@open_to(Audience.EVERYONE)
def speaker(token: str) -> ResponseReturnValue:
    """What was said of one speaker: behind their own link, without anything about the others."""
    mine = speaker_of(token)
    form = queries.form_of(db.session, mine.activity_id)
    if form is None or not any(item.per_speaker for item in form.items):
        abort(404)
    page = render_template(
        "evaluations/speaker.html",
        speaker=mine, token=token, activity=mine.activity, asked=form,
        report=queries.report(db.session, form, at=now(), speaker=mine),
    )  # fmt: skip
    return keep_secret(make_response(page))
