"""The schemes in public, and a signed-in person's own progress on the same page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, me, one_or_404, open_to
from app.clock import now, today
from app.db import db
from app.errors import Refusal
from app.kept import for_strangers
from app.schemes import applying, words
from app.schemes.models import Scheme
from app.schemes.queries import progress

blueprint = Blueprint("schemes", __name__)


@blueprint.get("/certificates")
@open_to(Audience.EVERYONE)
@for_strangers
def index() -> ResponseReturnValue:
    schemes = db.session.scalars(Scheme.whole().order_by(Scheme.title)).all()
    return render_template("schemes/index.html", schemes=schemes, words=words, on=today())


@blueprint.get("/schemes")
@open_to(Audience.EVERYONE)
def index_by_its_other_name() -> ResponseReturnValue:
    """Addresses of keys and badges begin with /schemes: whoever shortens one arrives."""
    return redirect(url_for(".index"), 308)


@blueprint.get("/schemes/<code>")
@open_to(Audience.EVERYONE)
def show_by_its_other_name(code: str) -> ResponseReturnValue:
    scheme = one_or_404(Scheme.whole().where(Scheme.code == code))
    return redirect(url_for(".show", code=scheme.code), 308)


@blueprint.get("/certificates/<code>")
@open_to(Audience.EVERYONE)
@for_strangers
def show(code: str) -> ResponseReturnValue:
    scheme = one_or_404(Scheme.whole().where(Scheme.code == code))
    mine = progress(db.session, scheme, me(), on=today())
    return render_template("schemes/show.html", scheme=scheme, words=words, mine=mine, on=today())


@blueprint.post("/certificates/<code>/candidacy")
@open_to(Audience.SIGNED_IN)
def apply(code: str) -> ResponseReturnValue:
    scheme = one_or_404(Scheme.whole().where(Scheme.code == code))
    edition = scheme.edition_on(today())
    if edition is None:
        raise Refusal(_("No edition of this scheme has been published yet."))
    applying.apply(db.session, edition, current_person(), at=now())
    flash(_("You have applied. The societies are asked to decide; nothing more to do."), "good")
    return redirect(url_for(".show", code=code), 303)
