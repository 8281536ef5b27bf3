"""Which reminders I want, and the link in every letter that ends them."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.access import Audience, current_person, one_or_404, open_to
from app.accounts.models import Person
from app.clock import now
from app.db import db
from app.forms import render_form
from app.reminders import stopping
from app.reminders.forms import WishForm
from app.reminders.models import Wish, choose
from app.web import csrf

blueprint = Blueprint("reminders", __name__)


@blueprint.route("/my/reminders", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def mine() -> ResponseReturnValue:
    person = current_person()
    held = Wish.of(db.session, person, at=now()).wanted
    form = WishForm(data={"kinds": [str(kind) for kind in held]})
    if form.validate_on_submit():
        choose(db.session, person, form.wanted, at=now())
        flash(_("Saved."), "good")
        return redirect(url_for(".mine"), 303)
    return render_form("reminders/mine.html", form)


@blueprint.get("/reminders/stop/<token>")
@open_to(Audience.EVERYONE)
def stop(token: str) -> ResponseReturnValue:
    """Opening the link ends nothing yet: mail programs open links by themselves."""
    _whose(token)
    return render_template("reminders/stop.html", token=token)


@blueprint.post("/reminders/stop/<token>")
@csrf.exempt
@open_to(Audience.EVERYONE)
def end(token: str) -> ResponseReturnValue:
    """End them, for a person or for their mail program (RFC 8058), which knows no tokens of forms.

    It answers without sending on: a mail program does not follow.
    """
    choose(db.session, _whose(token), set(), at=now())
    return render_template("reminders/stopped.html")


def _whose(token: str) -> Person:
    id = stopping.person_of(current_app.config["SETTINGS"].secret_key, token)
    return one_or_404(select(Person).where(Person.id == (id or abort(404))))
