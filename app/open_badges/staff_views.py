"""Endorsements at the desk: an officer's society vouches for a scheme that others award."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.clock import now
from app.db import db
from app.forms import render_form
from app.open_badges import endorsing, queries
from app.open_badges.forms import EndorsementForm, WithdrawalForm
from app.schemes.models import Edition, Endorsement, Part, Scheme
from app.societies.models import OFFICERS, Society

blueprint = Blueprint("endorsements", __name__, url_prefix="/desk/endorsements")


@blueprint.get("")
@open_to(Audience.OFFICER)
def index() -> ResponseReturnValue:
    """What the person's societies are named as endorsing, and what they have said so far."""
    schemes = db.session.scalars(queries.endorsable(_mine())).unique().all()
    editions = [edition for scheme in schemes for edition in scheme.editions]
    standing = queries.endorsements(db.session, [edition.id for edition in editions])
    rows = [
        (edition, society, standing.get((edition.id, society.id)))
        for edition in editions
        for society in _endorsing(edition.scheme)
    ]
    return render_template("endorsements/index.html", rows=rows)


@blueprint.route("/editions/<int:id>", methods=["GET", "POST"])
@open_to(Audience.OFFICER)
def endorse(id: int) -> ResponseReturnValue:
    edition = _edition(id)
    standing = queries.endorsements(db.session, [id])
    societies = _endorsing(edition.scheme)
    society = next((s for s in societies if (id, s.id) not in standing), None)
    if society is None:
        flash(_("Your society vouches for it already."), "good")
        return redirect(url_for(".index"), 303)
    if endorsing.key_of(db.session, society, at=now()) is None:
        return render_template("endorsements/keyless.html", edition=edition, society=society)
    form = EndorsementForm()
    if form.validate_on_submit():
        comment = " ".join((form.comment.data or "").split())
        endorsing.endorse(
            db.session, edition, society, comment=comment, by=current_person(), at=now()
        )
        flash(
            _("%(society)s vouches for it now. Diplomas issued from today on name your statement.",
              society=society.short), "good",
        )  # fmt: skip
        return redirect(url_for(".index"), 303)
    return render_form("endorsements/endorse.html", form, edition=edition, society=society)


@blueprint.route("/<int:id>/withdrawal", methods=["GET", "POST"])
@open_to(Audience.OFFICER)
def withdraw(id: int) -> ResponseReturnValue:
    endorsement = one_or_404(
        select(Endorsement)
        .where(Endorsement.id == id, Endorsement.society_id.in_(_mine()))
        .options(joinedload(Endorsement.society), joinedload(Endorsement.edition))
    )
    form = WithdrawalForm()
    if form.validate_on_submit():
        endorsing.withdraw(
            db.session, endorsement, by=current_person(), at=now(), reason=form.reason.data or ""
        )
        flash(_("Your society vouches for it no longer."), "good")
        return redirect(url_for(".index"), 303)
    return render_form("endorsements/withdraw.html", form, endorsement=endorsement)


def _mine() -> list[int]:
    return society_ids(*OFFICERS)


def _edition(id: int) -> Edition:
    """One of a scheme that a society of the person endorses."""
    reach = queries.endorsable(_mine()).with_only_columns(Scheme.id).order_by(None)
    return one_or_404(select(Edition).where(Edition.id == id, Edition.scheme_id.in_(reach)))


def _endorsing(scheme: Scheme) -> list[Society]:
    """The societies of the person that endorse a scheme."""
    return [one for one in scheme.societies(Part.ENDORSING) if one.id in _mine()]
