"""The desk of schemes: publishing a scheme, an edition, and changing one that nobody uses yet."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.access import (
    Audience,
    current_person,
    is_platform_administrator,
    one_or_404,
    open_to,
    society_ids,
)
from app.agenda.models import Activity, Kind
from app.clock import now, today
from app.db import db
from app.errors import Refusal
from app.forms import render_form
from app.schemes import words
from app.schemes.annex import annex
from app.schemes.annex import faults as against
from app.schemes.forms import AnnexForm, EditionForm, SchemeForm
from app.schemes.models import Nature, Part, Scheme, SchemePart
from app.schemes.publishing import describe_edition, publish_edition, publish_scheme, revise_edition
from app.schemes.queries import candidates_of, required
from app.societies.models import OFFICERS, Society

blueprint = Blueprint("schemes_staff", __name__, url_prefix="/desk/schemes")


@blueprint.get("")
@open_to(Audience.PUBLISHER)
def index() -> ResponseReturnValue:
    schemes = db.session.scalars(_reach().order_by(Scheme.title)).all()
    candidates = candidates_of(db.session, [e for s in schemes for e in s.editions])
    return render_template(
        "schemes_staff/index.html",
        schemes=schemes, candidates=candidates, words=words, required=required, on=today(),
    )  # fmt: skip


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def create() -> ResponseReturnValue:
    societies, courses = list(db.session.scalars(Society.by_name())), _courses()
    form = SchemeForm()
    form.between(societies)
    form.offer(courses)
    if not form.is_submitted() and (mine := society_ids(*OFFICERS)):
        form.first.data = form.body.data = mine[0]
    if form.validate_on_submit() and _publish(form, societies, courses):
        flash(_("The scheme is public. People can see what it asks for."), "good")
        return redirect(url_for("schemes.show", code=form.code.data), 303)
    return render_form("schemes_staff/create.html", form)


@blueprint.route("/<code>/editions/new", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def extend(code: str) -> ResponseReturnValue:
    scheme = _within_reach(code)
    latest = scheme.editions[-1] if scheme.editions else None
    courses = _courses()
    form = EditionForm.like(latest, name="", opens_on=None, closes_on=None)
    form.offer(courses)
    if form.validate_on_submit():
        publish_edition(db.session, scheme, form.rules(courses), by=current_person(), at=now())
        flash(_("The edition is published. Earlier candidates keep theirs."), "good")
        return redirect(url_for(".index"), 303)
    return render_form("schemes_staff/edition.html", form, scheme=scheme, edition=None)


@blueprint.route("/<code>/editions/<int:id>", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def revise(code: str, id: int) -> ResponseReturnValue:
    scheme = _within_reach(code)
    edition = next((e for e in scheme.editions if e.id == id), None) or abort(404)
    courses = _courses()
    form = EditionForm.like(edition)
    form.offer(courses)
    if form.validate_on_submit():
        rules = form.rules(courses)
        revise_edition(db.session, edition, rules, by=current_person(), at=now())
        flash(_("The edition is changed."), "good")
        return redirect(url_for(".index"), 303)
    return render_form("schemes_staff/edition.html", form, scheme=scheme, edition=edition)


@blueprint.route("/<code>/editions/<int:id>/annex", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def describe(code: str, id: int) -> ResponseReturnValue:
    """What the supplement of the diploma says of an edition."""
    scheme = _within_reach(code)
    edition = next((e for e in scheme.editions if e.id == id), None) or abort(404)
    asked = required(edition)
    form = AnnexForm.of(edition, asked)
    if form.validate_on_submit():
        if faults := against(form.given, [one.count for one in asked]):
            form.tell(faults)
        else:
            told = annex(form.given)
            describe_edition(db.session, edition, told, by=current_person(), at=now())
            flash(_("The supplement says so from now on."), "good")
            return redirect(url_for(".index"), 303)
    return render_form("schemes_staff/describe.html", form, scheme=scheme, edition=edition)


def _publish(form: SchemeForm, societies: list[Society], courses: list[Activity]) -> bool:
    """Publish what the form says; a refusal becomes its message, so that nothing typed is lost."""
    by_id = {s.id: s for s in societies}
    mine = society_ids(*OFFICERS)
    if not is_platform_administrator() and not set(mine) & set(form.awarding):
        form.form_errors.append(_("Your society must be one of those that award."))
        return False
    try:
        publish_scheme(
            db.session, code=form.code.data or "", title=form.title.data or "",
            nature=Nature(form.nature.data), body=by_id[form.body.data],
            awarding=[by_id[i] for i in form.awarding],
            endorsing=[by_id[i] for i in form.endorsing.data or []],
            recognising=[by_id[i] for i in form.recognising.data or []],
            summary=form.summary.data or "", description=form.description.data or "",
            rules=form.rules(courses), by=current_person(), at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.form_errors.extend(refusal.reasons)
        return False
    return True


def _reach() -> Select[Scheme]:
    """Schemes that the person's societies award; every scheme for the platform administrator."""
    if is_platform_administrator():
        return Scheme.whole()
    mine = society_ids(*OFFICERS)
    awarded = select(SchemePart.scheme_id).where(
        SchemePart.society_id.in_(mine), SchemePart.part == Part.AWARDING
    )
    return Scheme.whole().where(Scheme.id.in_(awarded))


def _within_reach(code: str) -> Scheme:
    return one_or_404(_reach().where(Scheme.code == code))


def _courses() -> list[Activity]:
    """The announced courses, of which an edition may ask for some."""
    announced = Activity.announced().where(Activity.kind == Kind.COURSE).order_by(Activity.title)
    return list(db.session.scalars(announced).unique())
