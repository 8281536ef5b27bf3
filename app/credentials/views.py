"""The holder's own certificates and diplomas."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to
from app.addresses import key_asked
from app.clock import now, today
from app.credentials import corrections
from app.credentials.models import Credential
from app.credentials.standing import standing
from app.db import db
from app.files import files
from app.journal.models import record
from app.web import attached

blueprint = Blueprint("credentials", __name__)
PAGE = 30


@blueprint.get("/my/certificates")
@open_to(Audience.SIGNED_IN)
def mine() -> ResponseReturnValue:
    before = key_asked("before")
    select = Credential.of(current_person())
    if before:
        select = select.where(Credential.id < before)
    found = db.session.scalars(select.limit(PAGE + 1)).unique().all()
    rows = [(c, standing(c, on=today())) for c in found[:PAGE]]
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template("credentials/mine.html", rows=rows, more=more)


@blueprint.get("/my/certificates/<serial>")
@open_to(Audience.SIGNED_IN)
def show(serial: str) -> ResponseReturnValue:
    credential = _mine(serial)
    return render_template(
        "credentials/show.html", credential=credential, standing=standing(credential, on=today())
    )


@blueprint.get("/my/certificates/<serial>/file")
@open_to(Audience.SIGNED_IN)
def download(serial: str) -> ResponseReturnValue:
    """The stored bytes, as they were issued."""
    credential = _mine(serial)
    if credential.file_digest is None:
        abort(404)
    return pdf(credential, files.read(credential.file_digest))


@blueprint.post("/my/certificates/<serial>/name")
@open_to(Audience.SIGNED_IN)
def publish_name(serial: str) -> ResponseReturnValue:
    """Let the verification page print the holder's name, or no longer."""
    credential = _mine(serial)
    credential.shows_name = request.form.get("shows") == "yes"
    act = "credential.name_published" if credential.shows_name else "credential.name_hidden"
    record(db.session, act, by=current_person(), at=now(), on=credential)
    flash(
        _("The verification page now shows your name.")
        if credential.shows_name
        else _("The verification page no longer shows your name."),
        "good",
    )
    return redirect(url_for(".show", serial=serial), 303)


@blueprint.post("/my/certificates/<serial>/correction")
@open_to(Audience.SIGNED_IN)
def ask_correction(serial: str) -> ResponseReturnValue:
    corrections.ask(db.session, _mine(serial), at=now())
    flash(_("We have passed your request on. You will find the answer here."), "good")
    return redirect(url_for(".show", serial=serial), 303)


def pdf(credential: Credential, content: bytes) -> Response:
    """A stored file as a download of its own."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    return attached(response, f"{credential.kind}-{credential.serial}.pdf")


def _mine(serial: str) -> Credential:
    return one_or_404(Credential.of(current_person()).where(Credential.serial == serial))
