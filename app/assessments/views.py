"""A learner's sittings."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import Audience, current_person, one_or_404, open_to
from app.assessments.forms import paper_form
from app.assessments.models import Sitting
from app.assessments.sitting import open_sitting
from app.clock import now
from app.db import db
from app.learning.reach import place_on

blueprint = Blueprint("assessments", __name__)


@blueprint.post("/courses/<int:id>/sittings")
@open_to(Audience.SIGNED_IN)
def open(id: int) -> ResponseReturnValue:
    sitting = open_sitting(db.session, place_on(id), at=now(), seed=secrets.randbits(64))
    db.session.flush()
    return redirect(url_for(".show", id=sitting.id), 303)


@blueprint.get("/sittings/<int:id>")
@open_to(Audience.SIGNED_IN)
def show(id: int) -> ResponseReturnValue:
    sitting = one_or_404(Sitting.by(current_person()).where(Sitting.id == id))
    if sitting.grading is None:
        return render_template(
            "assessments/show.html", sitting=sitting, form=paper_form(sitting.asked)
        )
    return render_template(
        "assessments/result.html",
        sitting=sitting,
        grading=sitting.grading,
        opens_at=sitting.opens_again_at,
        at=now(),
    )
