"""Agreements at the desk: entered and ended by the platform's administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to
from app.agreements.forms import AgreementForm, TerminationForm
from app.agreements.models import Agreement, Scope
from app.clock import now, today
from app.db import db
from app.forms import render_form
from app.societies.models import Society

blueprint = Blueprint("agreements_staff", __name__, url_prefix="/desk/agreements")
Page = Response | str | tuple[str, int]


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(Audience.PLATFORM)
def enter() -> Page:
    form = AgreementForm()
    societies = list(db.session.scalars(Society.by_name()))
    form.parties.choices = [(s.id, f"{s.short} · {s.name}") for s in societies]
    if form.validate_on_submit():
        announced_on, from_on, until_on = form.days
        agreement = Agreement.conclude(
            db.session,
            form.title.data or "",
            [s for s in societies if s.id in (form.parties.data or ())],
            [Scope(value) for value in form.scopes.data or ()],
            summary=form.summary.data or "",
            announced_on=announced_on,
            from_on=from_on,
            until_on=until_on,
            by=current_person(),
            at=now(),
        )
        flash(_("The agreement is entered."), "good")
        return redirect(url_for("agreements.show", id=agreement.id), 303)
    return render_form("agreements_staff/enter.html", form)


@blueprint.route("/<int:id>/termination", methods=["GET", "POST"])
@open_to(Audience.PLATFORM)
def terminate(id: int) -> Page:
    agreement = one_or_404(Agreement.newest_first().where(Agreement.id == id))
    form = TerminationForm(data={"on": today()})
    if form.validate_on_submit():
        agreement.terminate(
            on=form.on.data or today(), by=current_person(), at=now(), reason=form.reason.data or ""
        )
        flash(_("The end of the agreement is entered."), "good")
        return redirect(url_for("agreements.show", id=id), 303)
    return render_form("agreements_staff/terminate.html", form, agreement=agreement)
