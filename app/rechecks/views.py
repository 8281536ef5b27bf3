"""What rechecks have found, for auditors and the platform's administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.access import Audience, current_person, one_or_404, open_to
from app.addresses import key_asked
from app.clock import now
from app.credentials import serial as serials
from app.db import db
from app.forms import render_form
from app.jobs import nudge
from app.rechecks import queries, rounds, words
from app.rechecks.forms import SettlementForm
from app.rechecks.models import Finding, Round

blueprint = Blueprint("rechecks", __name__, url_prefix="/desk/rechecks")
PAGE = 50
ROUNDS = 10


@blueprint.get("")
@open_to(Audience.AUDITOR)
def index() -> ResponseReturnValue:
    open_ones = Finding.open_ones()
    if after := key_asked("after"):
        open_ones = open_ones.where(Finding.id > after)
    found = db.session.scalars(open_ones.limit(PAGE + 1)).all()
    settled = db.session.scalars(_settled()).all()
    return render_template(
        "rechecks/index.html",
        standing=queries.standing(db.session, at=now()),
        found=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        settled=settled,
        documents=queries.serials(db.session, [*found, *settled]),
        rounds=db.session.scalars(Round.newest_first().limit(ROUNDS)).all(),
        part=words.part,
        serial=serials.read,
    )


@blueprint.post("/rounds")
@open_to(Audience.AUDITOR)
def run() -> ResponseReturnValue:
    """Begin a round now; a worker goes through it."""
    rounds.begin(db.session, at=now(), by=current_person())
    nudge(db.session)
    flash(_("Everything is being read again. What is found appears here."), "good")
    return redirect(url_for(".index"), 303)


@blueprint.route("/findings/<int:id>/settlement", methods=["GET", "POST"])
@open_to(Audience.PLATFORM)
def settle(id: int) -> ResponseReturnValue:
    finding, form = one_or_404(select(Finding).where(Finding.id == id)), SettlementForm()
    if form.validate_on_submit():
        finding.settle(by=current_person(), at=now(), reason=form.reason.data or "")
        flash(_("Settled. If it is seen again, it is open again."), "good")
        return redirect(url_for(".index"), 303)
    return render_form(
        "rechecks/settle.html",
        form,
        finding=finding,
        part=words.part,
        serial=serials.read,
        documents=queries.serials(db.session, [finding]),
    )


def _settled() -> Select[Finding]:
    return (
        select(Finding)
        .where(Finding.settled_at.is_not(None))
        .order_by(Finding.settled_at.desc())
        .limit(ROUNDS)
        .options(joinedload(Finding.settled_by))
    )
