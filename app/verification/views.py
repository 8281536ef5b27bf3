"""Verification without signing in: by serial, by QR code, by file."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import limits
from app.access import Audience, open_to
from app.clock import now, today
from app.credentials import serial as serials
from app.db import breathe, db
from app.forms import Form
from app.kept import for_strangers
from app.limits import Limit, from_here
from app.verification import wording
from app.verification.answers import as_json
from app.verification.apart import Occupied, reader
from app.verification.examine import Verdict, by_facts, by_serial, history
from app.verification.forms import FileForm, NameForm, SerialForm
from app.verification.names import same
from app.web import wants_json

blueprint = Blueprint("verification", __name__)
MISSES = Limit("verification.misses", burst=30, seconds=10)
NAMES = Limit("verification.names", burst=10, seconds=60)
FILES = Limit("verification.files", burst=60, seconds=2)


@blueprint.get("/verify")
@open_to(Audience.EVERYONE)
def index() -> ResponseReturnValue:
    return _ask(SerialForm(formdata=None), FileForm(formdata=None))


@blueprint.post("/verify")
@open_to(Audience.EVERYONE)
def look_up() -> ResponseReturnValue:
    form = SerialForm()
    if form.validate_on_submit():
        return redirect(url_for(".show", serial=serials.read(form.serial.data or "")), 303)
    limits.guard((MISSES, from_here()))
    return _ask(form, FileForm(formdata=None)), 422


@blueprint.post("/verify/file")
@open_to(Audience.EVERYONE)
def compare() -> ResponseReturnValue:
    form = FileForm()
    if not form.validate_on_submit():
        return _ask(SerialForm(formdata=None), form), 422
    limits.guard((FILES, from_here()))  # the request's transaction ends here
    try:
        facts = reader().read(form.file.data.stream.read())
    except Occupied:
        abort(503)
    return _answer(by_facts(db.session, facts, on=today()), status=200)


@blueprint.get("/v/<serial>")
@open_to(Audience.EVERYONE)
@for_strangers
def show(serial: str) -> ResponseReturnValue:
    verdict = by_serial(db.session, serial, on=today())
    if verdict.credential is None:
        breathe(db.session)
        limits.guard((MISSES, from_here()))
        return _answer(verdict, status=404, asked=serial)
    return _answer(verdict, status=200)


@blueprint.route("/v/<serial>/name", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def check_name(serial: str) -> ResponseReturnValue:
    """Compare a name the visitor was given; what was typed is not kept."""
    verdict = by_serial(db.session, serial, on=today())
    if verdict.credential is None:
        return _answer(verdict, status=404, asked=serial)
    form, match = NameForm(), None
    if form.validate_on_submit():
        breathe(db.session)
        limits.guard((NAMES, from_here()), (NAMES, verdict.credential.serial))
        match = same(form.name.data or "", verdict.credential.holder_name)
    page = render_template(
        "verification/name.html", form=form, match=match, credential=verdict.credential
    )
    return page, 422 if form.is_submitted() and match is None else 200


def _ask(serial_form: Form, file_form: Form) -> str:
    return render_template("verification/index.html", serial_form=serial_form, file_form=file_form)


def _answer(verdict: Verdict, *, status: int, asked: str = "") -> ResponseReturnValue:
    if wants_json():
        return jsonify(
            {**as_json(verdict, on=today()), "checked_at": now().isoformat(timespec="seconds")}
        ), status
    template = "verification/verdict.html" if verdict.credential else "verification/unknown.html"
    page = render_template(
        template,
        verdict=verdict,
        credential=verdict.credential,
        asked=asked[:60],
        came_by_file=verdict.file is not None,
        at=now(),
        history=history(verdict.credential, on=today()) if verdict.credential else [],
        wording=wording,
    )
    return page, status
