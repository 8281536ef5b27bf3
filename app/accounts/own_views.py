"""The pages of a signed-in person: profile, password, addresses, sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import db
from app.access import Audience, current_person, current_session, one_or_404, open_to
from app.accounts import addresses, emails, password, resets, sessions
from app.accounts.forms import AddressForm, ButtonForm, ChangePasswordForm, ProfileForm
from app.accounts.models import EmailAddress, Session, normal
from app.accounts.views import FROM_HERE, LETTERS, blueprint, expired
from app.clock import now
from app.forms import render_form
from app.limits import Limit, from_here, guard

PASSWORD = Limit("password.of", 8, 120)


@blueprint.route("/me", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def profile() -> ResponseReturnValue:
    person = current_person()
    form = ProfileForm(obj=person)
    if form.validate_on_submit():
        person.change(
            name=form.name.data, profession=form.profession.data, country=form.country.data,
            zone=form.zone.data, language=form.language.data, at=now(),
        )  # fmt: skip
        flash(_("Your profile is saved."), "good")
        return redirect(url_for(".profile"), 303)
    return render_form("accounts/profile.html", form, person=person)


@blueprint.route("/me/password", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    session, person = db.db.session, current_person()
    form = ChangePasswordForm()
    form.person = person
    if form.is_submitted():
        guard((FROM_HERE, from_here()), (PASSWORD, str(person.id)))
    if form.validate_on_submit():
        kept = person.password
        db.breathe(session)
        if password.verify(kept, form.current.data):
            chosen = password.digest(form.password.data)
            resets.change(session, person, password=chosen, at=now(), keep=current_session())
            emails.password_changed(session, person, at=now())
            flash(_("Your password is changed. Every other browser is signed out."), "good")
            return redirect(url_for(".profile"), 303)
        form.current.errors = [_("This is not your password.")]
    return render_form("accounts/change_password.html", form)


@blueprint.route("/me/addresses", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def own_addresses() -> ResponseReturnValue:
    session, person = db.db.session, current_person()
    form = AddressForm()
    if form.is_submitted():
        guard((FROM_HERE, from_here()))
    if form.validate_on_submit():
        guard((LETTERS, normal(form.address.data)))
        one, token = addresses.add(session, person, form.address.data, at=now())
        if addresses.is_taken(session, one.address, by_other_than=person):
            emails.address_taken(session, one.address, at=now())
        else:
            emails.confirm_address(session, one, token, at=now())
        flash(_("A letter is on its way to %(address)s. Open it to confirm.", address=one.address))
        return redirect(url_for(".own_addresses"), 303)
    own = session.scalars(addresses.of(person)).all()
    return render_form("accounts/addresses.html", form, addresses=own)


@blueprint.route("/me/addresses/confirmation/<token>", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def confirm_address(token: str) -> ResponseReturnValue:
    guard((FROM_HERE, from_here()))
    session, person = db.db.session, current_person()
    one = addresses.of_token(session, person, token, at=now())
    if one is None:
        return expired(url_for(".own_addresses"), _("To your addresses"))
    form = ButtonForm()
    if form.validate_on_submit():
        addresses.confirm(session, one, by=person, at=now())
        emails.addresses_changed(session, person, person.address, at=now())
        flash(_("%(address)s is confirmed.", address=one.address), "good")
        return redirect(url_for(".own_addresses"), 303)
    return render_form("accounts/confirm_address.html", form, address=one)


@blueprint.route("/me/addresses/<int:id>/first", methods=["POST"])
@open_to(Audience.SIGNED_IN)
def make_address_first(id: int) -> ResponseReturnValue:
    person, one = current_person(), _address(id)
    before = person.address
    addresses.make_first(db.db.session, one, by=person, at=now())
    if before != one.address:
        emails.addresses_changed(db.db.session, person, before, at=now())
    flash(_("Letters go to %(address)s from now on.", address=one.address), "good")
    return redirect(url_for(".own_addresses"), 303)


@blueprint.route("/me/addresses/<int:id>/removal", methods=["POST"])
@open_to(Audience.SIGNED_IN)
def remove_address(id: int) -> ResponseReturnValue:
    person, one = current_person(), _address(id)
    addresses.remove(db.db.session, one, by=person, at=now())
    if one.is_confirmed:
        emails.addresses_changed(db.db.session, person, one.address, at=now())
    flash(_("%(address)s is removed.", address=one.address))
    return redirect(url_for(".own_addresses"), 303)


@blueprint.route("/me/sessions")
@open_to(Audience.SIGNED_IN)
def own_sessions() -> ResponseReturnValue:
    living = db.db.session.scalars(Session.of(current_person(), at=now())).all()
    rows = [(one, sessions.browser_name(one.browser)) for one in living]
    return render_template("accounts/sessions.html", rows=rows, here=current_session())


@blueprint.route("/me/sessions/<int:id>/end", methods=["POST"])
@open_to(Audience.SIGNED_IN)
def end_session(id: int) -> ResponseReturnValue:
    person = current_person()
    one = one_or_404(select(Session).where(Session.id == id, Session.person_id == person.id))
    sessions.end(db.db.session, one, by=person, at=now())
    flash(_("You are signed out there."), "good")
    return redirect(url_for(".own_sessions"), 303)


@blueprint.route("/me/sessions/others/end", methods=["POST"])
@open_to(Audience.SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    person = current_person()
    sessions.end_all(db.db.session, person, by=person, at=now(), keep=current_session())
    flash(_("You are signed out everywhere but here."), "good")
    return redirect(url_for(".own_sessions"), 303)


def _address(id: int) -> EmailAddress:
    return one_or_404(addresses.of(current_person()).where(EmailAddress.id == id))
