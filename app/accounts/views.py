"""Signing up, signing in and out, and letters that let one choose a new password."""

from __future__ import annotations

import logging

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.access import Audience, me, open_to
from app.accounts import emails, password, resets, signing_up
from app.accounts.arrival import intent_here
from app.accounts.entrance import enter, leave
from app.accounts.forms import ButtonForm, ForgottenForm, NewPasswordForm, SignInForm, SignUpForm
from app.accounts.models import Person, normal
from app.addresses import safe_next
from app.clock import now
from app.forms import render_form
from app.limits import Limit, from_here, guard

blueprint = Blueprint("accounts", __name__)
log = logging.getLogger("confer")

FROM_HERE = Limit("door.from", 60, 10)
"""All doors together, for one network address: a hospital shares one."""
SIGN_IN = Limit("sign-in.to", 10, 60)
LETTERS = Limit("letters.to", 5, 900)
"""Letters that somebody can have sent to an address without being asked."""


@blueprint.route("/sign-up", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def sign_up() -> ResponseReturnValue:
    form = SignUpForm()
    if request.method == "POST":
        guard((FROM_HERE, from_here()))
    if not form.validate_on_submit():
        return render_form("accounts/sign_up.html", form)
    guard((LETTERS, normal(form.address.data)))
    secret = password.digest(form.password.data)
    newcomer = signing_up.Newcomer(
        name=form.name.data, address=form.address.data, password=secret, country=form.country.data,
        profession=form.profession.data, zone=form.zone.data,
    )  # fmt: skip
    _welcome(newcomer)
    return redirect(url_for(".sign_up_sent"), 303)


def _welcome(newcomer: signing_up.Newcomer) -> None:
    """Write to the address: to a new one how to confirm it, to a known one that it is known."""
    session, at = db.db.session, now()
    wish, token = signing_up.sign_up(session, newcomer, at=at, intent=intent_here())
    if wish.person is None:
        emails.confirm_sign_up(session, wish.address, token, at=at)
    else:
        emails.known_already(session, wish.person, wish.address, at=at)


@blueprint.route("/sign-up/sent")
@open_to(Audience.EVERYONE)
def sign_up_sent() -> ResponseReturnValue:
    return render_template("accounts/sign_up_sent.html")


@blueprint.route("/sign-up/<token>", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def confirm(token: str) -> ResponseReturnValue:
    guard((FROM_HERE, from_here()))
    wish = signing_up.of_token(db.db.session, token, at=now())
    if wish is None:
        if me() is not None:
            return expired(url_for("home.start"), _("To the start"))
        return expired(url_for(".sign_up"), _("Sign up again"))
    form = ButtonForm()
    if form.validate_on_submit():
        person = signing_up.confirm(db.db.session, wish, at=now())
        words = _("Welcome, %(name)s. Your address is confirmed.", name=person.name)
        return enter(person, at=now(), go_on="/", intent=wish.intent, words=words)
    return render_form("accounts/confirm.html", form, wish=wish)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def sign_in() -> ResponseReturnValue:
    go_on = safe_next(request.args.get("next"), "/")
    if request.method == "GET" and me() is not None:
        return redirect(go_on)
    form = SignInForm()
    if form.is_submitted():
        guard((FROM_HERE, from_here()), (SIGN_IN, normal(form.address.data or "")))
    if form.validate_on_submit():
        person = _who(form.address.data, form.password.data)
        if person is not None:
            return enter(person, at=now(), go_on=go_on)
        form.form_errors.append(
            _("This address and this password do not belong together. Please check both.")
        )
    return render_form("accounts/sign_in.html", form, next=request.args.get("next"))


def _who(address: str, secret: str) -> Person | None:
    """The person of an address and a password. Nothing is locked while the password is weighed."""
    session = db.db.session
    person = session.scalars(Person.with_address(address)).one_or_none()
    kept = person.password if person else None
    db.breathe(session)
    if not password.verify(kept, secret):
        log.warning("sign-in refused for %s from %s", person.id if person else "-", from_here())
        return None
    assert person is not None
    assert kept is not None
    renewed = password.digest(secret) if password.is_dated(kept) else kept
    if person.password != kept:
        return None
    person.password = renewed
    return person


@blueprint.route("/sign-out", methods=["POST"])
@open_to(Audience.EVERYONE)
def sign_out() -> ResponseReturnValue:
    leave(at=now())
    flash(_("You are signed out."))
    return redirect("/", 303)


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm()
    if form.is_submitted():
        guard((FROM_HERE, from_here()))
    if not form.validate_on_submit():
        return render_form("accounts/forgotten.html", form)
    guard((LETTERS, normal(form.address.data)))
    session = db.db.session
    person = session.scalars(Person.with_address(form.address.data)).one_or_none()
    if person is not None:
        token = resets.ask(session, person, at=now())
        emails.reset_password(session, person, normal(form.address.data), token, at=now())
    return redirect(url_for(".forgotten_sent"), 303)


@blueprint.route("/password/forgotten/sent")
@open_to(Audience.EVERYONE)
def forgotten_sent() -> ResponseReturnValue:
    return render_template("accounts/forgotten_sent.html")


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def choose_password(token: str) -> ResponseReturnValue:
    guard((FROM_HERE, from_here()))
    session = db.db.session
    reset = resets.of_token(session, token, at=now())
    if reset is None:
        return expired(url_for(".forgotten"), _("Ask for a new letter"))
    form = NewPasswordForm()
    form.person = reset.person
    if not form.validate_on_submit():
        return render_form("accounts/choose_password.html", form)
    db.breathe(session)
    chosen = password.digest(form.password.data)
    person = resets.use(session, reset, password=chosen, at=now())
    emails.password_changed(session, person, at=now())
    words = _("Your password is changed. You are signed in here, and nowhere else.")
    return enter(person, at=now(), go_on="/", words=words)


def expired(way_on: str, label: str) -> ResponseReturnValue:
    """The same answer to a letter that was used, is too old or never was."""
    return render_template("accounts/expired.html", way_on=way_on, label=label), 410
