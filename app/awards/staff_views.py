"""The officers' desk: drawing up award lists, freezing them, and turning a society's key."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.addresses import key_asked
from app.awards import drawing_up, release
from app.awards.desk import counsel, desk
from app.awards.forms import ListForm, StrikeForm
from app.awards.models import AwardList
from app.awards.queries import Ready, waiting
from app.clock import now, today
from app.db import db
from app.forms import render_form
from app.schemes import words as scheme_words
from app.schemes.models import Edition
from app.schemes.queries import awarded_editions
from app.societies import words as office_words
from app.societies.models import OFFICERS
from app.web import attached

blueprint = Blueprint("awards", __name__, url_prefix="/desk/awards")
LACKING = 50
"""So many candidates who cannot be chosen are named with what they lack."""


@blueprint.get("")
@open_to(Audience.OFFICER)
def index() -> ResponseReturnValue:
    found = desk(db.session, current_person(), society_ids(*OFFICERS), on=today(),
                 before=key_asked("before"))  # fmt: skip
    return render_template("awards/index.html", desk=found)


@blueprint.route("/editions/<int:id>", methods=["GET", "POST"])
@open_to(Audience.OFFICER)
def draw_up(id: int) -> ResponseReturnValue:
    edition = one_or_404(awarded_editions(society_ids(*OFFICERS)).where(Edition.id == id))
    waits = waiting(db.session, edition, on=today())
    form = ListForm()
    form.candidacies.choices = [(r.candidacy.id, _line(r)) for r in waits.ready]
    if form.validate_on_submit():
        chosen = set(form.candidacies.data or [])
        award_list = drawing_up.draw_up(
            db.session, edition, [r.candidacy for r in waits.ready if r.candidacy.id in chosen],
            title=form.title.data or "", by=current_person(), at=now(),
        )  # fmt: skip
        db.session.flush()
        flash(_("The list is drawn up. Read it, then freeze it so that it can be approved."))
        return redirect(url_for(".show", id=award_list.id), 303)
    if not form.is_submitted():
        form.candidacies.data = [r.candidacy.id for r in waits.ready]
    return render_form("awards/draw_up.html", form, edition=edition, waits=waits,
                       shown=LACKING)  # fmt: skip


@blueprint.get("/<int:id>")
@open_to(Audience.OFFICER)
def show(id: int) -> ResponseReturnValue:
    award_list = _within_reach(id)
    mine = society_ids(*OFFICERS)
    found = counsel(db.session, award_list, current_person(), mine, on=today())
    return render_template(
        "awards/show.html",
        list=award_list,
        counsel=found,
        office_words=office_words.offices(),
        nature=scheme_words.wording(award_list.scheme).nature,
    )


@blueprint.get("/<int:id>/content")
@open_to(Audience.OFFICER)
def content(id: int) -> ResponseReturnValue:
    """Exactly the bytes whose SHA-256 is the digest."""
    award_list = _within_reach(id)
    if award_list.content is None:
        abort(404)
    name = f"award-list-{award_list.id}-{award_list.version}.json"
    return attached(Response(award_list.content, mimetype="application/json"), name)


@blueprint.post("/<int:id>/freezing")
@open_to(Audience.OFFICER)
def freeze(id: int) -> ResponseReturnValue:
    award_list = _within_reach(id)
    drawing_up.freeze(db.session, award_list, by=current_person(), at=now())
    db.session.flush()
    mine = society_ids(*OFFICERS)
    found = counsel(db.session, award_list, current_person(), mine, on=today())
    flash(_("The list is frozen."))
    others = [society.short for society in found.asked if society.id not in mine]
    if others:
        flash(_("The officers of %(societies)s have been written to.",
                societies=", ".join(others)))  # fmt: skip
    return redirect(url_for(".show", id=id), 303)


@blueprint.post("/<int:id>/reopening")
@open_to(Audience.OFFICER)
def reopen(id: int) -> ResponseReturnValue:
    award_list = _within_reach(id)
    drawing_up.reopen(db.session, award_list, by=current_person(), at=now())
    flash(_("The list is open again. Approvals given before are void."))
    return redirect(url_for(".show", id=id), 303)


@blueprint.post("/<int:id>/approvals")
@open_to(Audience.OFFICER)
def approve(id: int) -> ResponseReturnValue:
    award_list = _within_reach(id)
    awarding = {s.code: s for s in award_list.scheme.awarding}
    society = awarding.get(request.form.get("society", "")) or abort(404)
    released = release.approve(
        db.session, award_list, society,
        seen=request.form.get("digest", ""), by=current_person(), at=now(),
    )  # fmt: skip
    flash(
        _("Every society has approved. The list is released and the diplomas are being made.")
        if released
        else _("You have approved for %(society)s.", society=society.short),
        "good",
    )
    return redirect(url_for(".show", id=id), 303)


@blueprint.route("/<int:id>/awards/<int:award_id>/strike", methods=["GET", "POST"])
@open_to(Audience.OFFICER)
def strike(id: int, award_id: int) -> ResponseReturnValue:
    award_list = _within_reach(id)
    award = next((a for a in award_list.awards if a.id == award_id), None) or abort(404)
    form = StrikeForm()
    if form.validate_on_submit():
        reason = form.reason.data or ""
        drawing_up.strike(db.session, award, by=current_person(), at=now(), reason=reason)
        flash(_("%(name)s is struck out.", name=award.holder_name))
        return redirect(url_for(".show", id=id), 303)
    return render_form("awards/strike.html", form, list=award_list, award=award)


def _within_reach(id: int) -> AwardList:
    reach = AwardList.awarded_by(society_ids(*OFFICERS)).options(*AwardList.whole())
    return one_or_404(reach.where(AwardList.id == id))


def _line(ready: Ready) -> Markup:
    """A candidate with the evidence, as one choice."""
    evidence = "; ".join(str(done) for s in ready.standings for done in s.evidence)
    line = Markup('<bdi>{}</bdi><br><span class="quiet small">{}</span>')
    return line.format(ready.candidacy.person.name, evidence)
