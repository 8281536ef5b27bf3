"""The agreements in public: between whom, on what, and whether they are in force."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy import select

from app.access import Audience, offices, one_or_404, open_to
from app.agreements import force
from app.agreements.models import Agreement, Party
from app.agreements.words import scopes
from app.clock import today
from app.db import db
from app.kept import for_strangers
from app.societies.models import Society

blueprint = Blueprint("agreements", __name__)


@blueprint.get("/agreements")
@open_to(Audience.EVERYONE)
@for_strangers
def index() -> str:
    """All agreements, or those of one society."""
    found = Agreement.newest_first()
    society = None
    if code := request.args.get("society", ""):
        society = one_or_404(select(Society).where(Society.code == code))
        theirs = select(Party.agreement_id).where(Party.society_id == society.id)
        found = found.where(Agreement.id.in_(theirs))
    on = today()
    rows = [(a, force.standing(a.term, on=on)) for a in db.session.scalars(found).unique()]
    return render_template("agreements/index.html", rows=rows, society=society, scopes=scopes())


@blueprint.get("/agreements/<int:id>")
@open_to(Audience.EVERYONE)
@for_strangers
def show(id: int) -> str:
    agreement = one_or_404(Agreement.newest_first().where(Agreement.id == id))
    return render_template(
        "agreements/show.html",
        agreement=agreement,
        standing=force.standing(agreement.term, on=today()),
        is_staff=bool(offices()),
        scopes=scopes(),
    )
