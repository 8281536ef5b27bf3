"""Societies and mandates at the desk: made by the platform's administrators."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import (
    Audience,
    current_person,
    is_platform_administrator,
    one_or_404,
    open_to,
    society_ids,
)
from app.accounts.models import Person
from app.clock import now, today
from app.db import db
from app.forms import render_form
from app.societies import words
from app.societies.forms import EndForm, MandateForm, SocietyForm
from app.societies.models import OFFICERS, Mandate, Office, Society

blueprint = Blueprint("societies_staff", __name__, url_prefix="/desk/societies")
Page = Response | str | tuple[str, int]


@blueprint.get("")
@open_to(Audience.PLATFORM)
def index() -> str:
    platform = db.session.scalars(Mandate.of(None)).unique().all()
    return render_template(
        "societies_staff/index.html",
        societies=db.session.scalars(Society.by_name()).all(),
        platform=[(m, m.is_in_force(on=today())) for m in platform],
        words=words.offices(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(Audience.PLATFORM)
def enter() -> Page:
    form = SocietyForm()
    if form.validate_on_submit() and _is_free(form, None):
        society = Society.enter(db.session, **_facts(form), by=current_person(), at=now())
        flash(_("%(society)s is entered.", society=society.short), "good")
        return redirect(url_for(".mandates", code=society.code), 303)
    return render_form("societies_staff/edit.html", form, society=None)


@blueprint.route("/<code>", methods=["GET", "POST"])
@open_to(Audience.PLATFORM)
def edit(code: str) -> Page:
    society = one_or_404(select(Society).where(Society.code == code))
    form = SocietyForm(obj=society)
    del form.code
    if form.validate_on_submit() and _is_free(form, society):
        society.change(**_facts(form), by=current_person(), at=now())
        flash(_("Saved."), "good")
        return redirect(url_for("societies.show", code=code), 303)
    return render_form("societies_staff/edit.html", form, society=society)


@blueprint.get("/<code>/mandates")
@open_to(Audience.STAFF)
def mandates(code: str) -> str:
    """Who holds which office, for the society's officers and the platform's administrators."""
    society = one_or_404(select(Society).where(Society.code == code))
    if not may_see_mandates(society):
        abort(404)
    found = db.session.scalars(Mandate.of(society)).unique().all()
    return render_template(
        "societies_staff/mandates.html",
        society=society,
        rows=[(m, m.is_in_force(on=today())) for m in found],
        words=words.offices(),
        on=today(),
    )


@blueprint.route("/mandates/new", methods=["GET", "POST"])
@open_to(Audience.PLATFORM)
def give() -> Page:
    form = MandateForm(data={"from_on": today(), "society": request.args.get("society", "")})
    societies = {s.code: s for s in db.session.scalars(Society.by_name())}
    form.society.choices = [("", _("none: the platform itself"))] + [
        (code, society.short) for code, society in societies.items()
    ]
    if form.validate_on_submit() and (person := _person(form)):
        mandate = Mandate.give(
            db.session,
            person,
            Office(form.office.data),
            society=societies.get(form.society.data),
            from_on=form.from_on.data or today(),
            until_on=form.until_on.data,
            by=current_person(),
            at=now(),
        )
        flash(_("%(name)s holds this office now.", name=person.name), "good")
        return redirect(_list_of(mandate), 303)
    return render_form("societies_staff/give.html", form, back=url_for(".index"))


@blueprint.route("/mandates/<int:id>/end", methods=["GET", "POST"])
@open_to(Audience.PLATFORM)
def end(id: int) -> Page:
    mandate = one_or_404(select(Mandate).where(Mandate.id == id))
    form = EndForm()
    if form.validate_on_submit():
        mandate.end(by=current_person(), at=now(), reason=form.reason.data or "")
        flash(_("The mandate of %(name)s has ended.", name=mandate.person.name), "good")
        return redirect(_list_of(mandate), 303)
    return render_form(
        "societies_staff/end.html", form, mandate=mandate, back=_list_of(mandate),
        office=words.offices()[mandate.office],
    )  # fmt: skip


def may_see_mandates(society: Society) -> bool:
    officers = society_ids(*OFFICERS)
    return is_platform_administrator() or society.id in officers


def _list_of(mandate: Mandate) -> str:
    if mandate.society is None:
        return url_for(".index")
    return url_for(".mandates", code=mandate.society.code)


def _person(form: MandateForm) -> Person | None:
    person = db.session.scalars(Person.with_address(form.address.data or "")).one_or_none()
    if person is None:
        told = _("Nobody here has this address confirmed. Ask them to create their account first.")
        form.address.errors = [*form.address.errors, told]
    return person


def _facts(form: SocietyForm) -> dict[str, str]:
    return {field.name: field.data or "" for field in form if field.name != "csrf_token"}


def _is_free(form: SocietyForm, society: Society | None) -> bool:
    """Whether no other society has this code or short name."""
    is_free = True
    for name in ("code", "short"):
        if name in form:
            same = select(Society.id).where(getattr(Society, name) == form[name].data)
            if society is not None:
                same = same.where(Society.id != society.id)
            if db.session.scalar(same) is not None:
                form[name].errors = [*form[name].errors, _("Another society has this already.")]
                is_free = False
    return is_free
