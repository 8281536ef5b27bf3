"""Keys of employers' programs: one's own, and all of them for the platform's administrators."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from app import limits
from app.access import Audience, current_person, one_or_404, open_to
from app.addresses import key_asked
from app.clock import now
from app.db import db
from app.limits import Limit
from app.verification import keyring
from app.verification.forms import KeyForm
from app.verification.models import ApiKey

blueprint = Blueprint("api_keys", __name__)
MADE = Limit("verification.keys", burst=10, seconds=3600)
PAGE = 50


@blueprint.get("/my/api-keys")
@open_to(Audience.SIGNED_IN)
def mine() -> ResponseReturnValue:
    return _mine(KeyForm(formdata=None))


@blueprint.post("/my/api-keys")
@open_to(Audience.SIGNED_IN)
def make() -> ResponseReturnValue:
    """The text of the key is shown on this answer, and never again."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _mine(form), 422
    person = current_person()
    limits.guard((MADE, str(person.id)))
    key, token = keyring.make(
        db.session,
        person=current_person(),
        organisation=form.organisation.data or "",
        purpose=form.purpose.data or "",
        at=now(),
    )
    return render_template("verification/key.html", key=key, token=token), 201


@blueprint.post("/my/api-keys/<int:id>/withdrawal")
@open_to(Audience.SIGNED_IN)
def withdraw(id: int) -> ResponseReturnValue:
    key = one_or_404(ApiKey.of(current_person()).where(ApiKey.id == id))
    keyring.withdraw(db.session, key, by=current_person(), at=now())
    flash(_("Nobody asks with this key any longer."), "good")
    return redirect(url_for(".mine"), 303)


@blueprint.get("/desk/api-keys")
@open_to(Audience.PLATFORM)
def everyones() -> ResponseReturnValue:
    keys, more = _page(ApiKey.all())
    return render_template("verification/keys_desk.html", keys=keys, more=more)


@blueprint.post("/desk/api-keys/<int:id>/withdrawal")
@open_to(Audience.PLATFORM)
def withdraw_any(id: int) -> ResponseReturnValue:
    key = one_or_404(ApiKey.all().where(ApiKey.id == id))
    keyring.withdraw(db.session, key, by=current_person(), at=now())
    flash(_("Nobody asks with this key any longer."), "good")
    return redirect(url_for(".everyones"), 303)


def _mine(form: KeyForm) -> str:
    keys, more = _page(ApiKey.of(current_person()))
    return render_template("verification/keys.html", form=form, keys=keys, more=more)


def _page(found: Select[ApiKey]) -> tuple[Sequence[ApiKey], int | None]:
    """A page of keys, and from where the next one reads on."""
    if before := key_asked("before"):
        found = found.where(ApiKey.id < before)
    keys = db.session.scalars(found.limit(PAGE + 1)).all()
    return keys[:PAGE], keys[PAGE - 1].id if len(keys) > PAGE else None
