"""Declaring on the personal page, by the link alone."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, open_to
from app.agenda.reach import count, keep_secret, speaker_of
from app.clock import now, today
from app.db import db
from app.disclosures import queries
from app.disclosures.declaring import against_declaring, months_before
from app.disclosures.forms import DeclarationForm, filled
from app.disclosures.models import declare
from app.forms import render_form

blueprint = Blueprint("declaring", __name__, url_prefix="/speak/<token>/disclosure")
blueprint.after_request(keep_secret)


@blueprint.route("", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def make(token: str) -> ResponseReturnValue:
    count(token)
    speaker = speaker_of(token)
    standing = queries.of_speaker(db.session, speaker)
    form = DeclarationForm(data=filled(standing.declared if standing else None))
    facts = {"speaker": speaker, "token": token, "since": months_before(today())}
    if form.is_submitted() and "more" in request.form:
        form.spare()
        return render_template("disclosures/make.html", form=form, **facts)
    if form.validate_on_submit() and not form.refuse(against_declaring(form.declared, on=today())):
        declare(speaker, form.declared, at=now())
        flash(_("Thank you. Your declaration is here and goes on to be reviewed."), "good")
        return redirect(url_for("speaking.show", token=token), 303)
    return render_form("disclosures/make.html", form, **facts)
