"""Verification without signing in: by serial, by QR code, by file."""

from __future__ import annotations

import json

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import db as database
from app import limits
from app.access import Audience, current_person, open_to
from app.clock import now, today
from app.credentials import serial as serials
from app.db import breathe, db
from app.error_pages import wants_json
from app.errors import Refusal
from app.forms import Form
from app.kept import for_strangers
from app.limits import MISSES, Limit, from_here
from app.signing_keys.models import Purpose
from app.signing_keys.queries import ever
from app.societies.models import Society
from app.verification import clocks, many, wording
from app.verification.answers import as_json
from app.verification.apart import Occupied, reader
from app.verification.bundle import bundle
from app.verification.examine import Verdict, by_facts, by_serial, history
from app.verification.forms import NO_SERIAL, FileForm, NameForm, SerialForm, TableForm
from app.verification.names import same
from app.verification.register import known
from app.web import attached, for_any_site

blueprint = Blueprint("verification", __name__)
NAMES = Limit("verification.names", burst=10, seconds=60)
FILES = Limit("verification.files", burst=60, seconds=2)
TABLES = Limit("verification.tables", burst=10, seconds=120)


@blueprint.get("/verify")
@open_to(Audience.EVERYONE)
def index() -> ResponseReturnValue:
    """With ?serial=, as the frames on other sites ask, straight to the answer."""
    asked = request.args.get("serial")
    if asked is None:
        return _ask(SerialForm(formdata=None), FileForm(formdata=None))
    if number := serials.read(asked):
        return redirect(url_for(".show", serial=number), 303)
    limits.guard((MISSES, from_here()))
    form = SerialForm(formdata=None, serial=asked[:100])
    form.serial.errors = [NO_SERIAL]
    return _ask(form, FileForm(formdata=None)), 422


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
    trusted = clocks.certificates(current_app.config["SETTINGS"])
    with database.reading() as session:
        return _answer(by_facts(session, facts, on=today(), authorities=trusted), status=200)


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
        breathe(db.session)
        limits.guard((MISSES, from_here()))
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


@blueprint.get("/verify/many")
@open_to(Audience.SIGNED_IN)
def ask_many() -> ResponseReturnValue:
    return _table(TableForm(formdata=None))


@blueprint.post("/verify/many")
@open_to(Audience.SIGNED_IN)
def answer_many() -> ResponseReturnValue:
    """A table of serials, and of names if wanted; what was sent is not kept."""
    form = TableForm()
    if not form.validate_on_submit():
        return _table(form), 422
    limits.guard((TABLES, str(current_person().id)))
    try:
        rows = many.read(form.table.data.stream.read())
    except Refusal as why:
        form.table.errors = why.reasons
        return _table(form), 422
    with database.reading() as session:
        text = many.table(many.answered(session, rows, on=today()), at=now())
    answer = Response(text, mimetype="text/csv", headers={"Cache-Control": "no-store"})
    return attached(answer, f"verified-{today().isoformat()}.csv")


@blueprint.get("/verify/by-other-means")
@open_to(Audience.EVERYONE)
@for_strangers
def other_means() -> ResponseReturnValue:
    """How to verify with other programs, and the fingerprints to compare."""
    societies = db.session.scalars(Society.by_name()).all()
    keys = {
        society.code: [known(key) for key in ever(db.session, Purpose.SEAL, society_id=society.id)]
        for society in societies
    }
    ours = [key for key in ever(db.session, Purpose.LOG) if not key.has_ended]
    return render_template(
        "verification/other_means.html",
        societies=[one for one in societies if keys[one.code]],
        keys=keys,
        platform_key=ours[-1] if ours else None,
        wording=wording,
    )


@blueprint.get("/trust.json")
@open_to(Audience.EVERYONE)
@for_strangers
def trust() -> ResponseReturnValue:
    """The signed bundle with which files are examined offline."""
    settings = current_app.config["SETTINGS"]
    made = bundle(db.session, at=now(), authorities=clocks.certificates(settings))
    answer = Response(json.dumps(made, indent=1, ensure_ascii=False), mimetype="application/json")
    return for_any_site(answer)


def _ask(serial_form: Form, file_form: Form) -> str:
    return render_template("verification/index.html", serial_form=serial_form, file_form=file_form)


def _table(form: TableForm) -> str:
    return render_template("verification/many.html", form=form, most=many.MOST_ROWS)


def _answer(verdict: Verdict, *, status: int, asked: str = "") -> ResponseReturnValue:
    if wants_json():
        said = as_json(verdict, on=today())
        answer = jsonify({**said, "checked_at": now().isoformat(timespec="seconds")})
        return for_any_site(answer), status
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
