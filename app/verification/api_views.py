"""What programs ask. GET is open to any site; the rest asks for a key and takes no cookie."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db as database
from app import limits
from app.access import Audience, open_to
from app.clock import now, today
from app.db import breathe, db
from app.declared import takes_up_to
from app.errors import Refusal
from app.limits import MISSES, Limit, from_here
from app.verification import clocks, many
from app.verification.answers import as_json
from app.verification.apart import Occupied, reader
from app.verification.examine import by_facts, by_serial
from app.verification.models import ApiKey
from app.web import csrf, for_any_site

blueprint = Blueprint("verification_api", __name__, url_prefix="/api/v1/verify")
csrf.exempt(blueprint)
ASKED = Limit("verification.key", burst=600, seconds=0.5)
EXAMINED = Limit("verification.key.files", burst=60, seconds=2)
TABLES = Limit("verification.key.tables", burst=20, seconds=60)
STRANGERS = Limit("verification.key.unknown", burst=20, seconds=30)
LARGEST = 8 * 1024 * 1024


@blueprint.get("/<serial>")
@open_to(Audience.EVERYONE)
def serial(serial: str) -> ResponseReturnValue:
    """One serial; a key lifts the limit on misses."""
    key = _key() if "Authorization" in request.headers else None
    if key is not None:
        limits.guard((ASKED, key))
    verdict = by_serial(db.session, serial, on=today())
    if verdict.credential is None and key is None:
        breathe(db.session)
        limits.guard((MISSES, from_here()))
    return _open(as_json(verdict, on=today()), 200 if verdict.credential else 404)


@blueprint.post("/file")
@open_to(Audience.EVERYONE)
@takes_up_to(LARGEST)
def file() -> ResponseReturnValue:
    """A file, in the part `file` of a form."""
    limits.guard((EXAMINED, _key()))
    sent = request.files.get("file")
    if sent is None:
        abort(422, description=_("Send the file as the part “file” of a form."))
    try:
        facts = reader().read(sent.stream.read())
    except Occupied:
        abort(503)
    with database.reading() as session:
        trusted = clocks.certificates(current_app.config["SETTINGS"])
        verdict = by_facts(session, facts, on=today(), authorities=trusted)
        return _open(as_json(verdict, on=today()), 200)


@blueprint.post("/many")
@open_to(Audience.EVERYONE)
def table() -> ResponseReturnValue:
    """A CSV of serials, or of serials and names; the answer is one too."""
    limits.guard((TABLES, _key()))
    try:
        rows = many.read(request.get_data())
    except Refusal as why:
        return _open({"status": 422, "reason": why.reasons}, 422)
    with database.reading() as session:
        text = many.table(many.answered(session, rows, on=today()), at=now())
    return Response(text, mimetype="text/csv", headers={"Cache-Control": "no-store"})


def _key() -> str:
    """Who asks, by the key in the header; without a good one, 401."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        with database.reading() as session:
            found = session.scalars(ApiKey.living(token.strip())).one_or_none()
        if found is not None:
            return f"key {found.id}"
    limits.guard((STRANGERS, from_here()))
    answer = jsonify({"status": 401, "reason": _("This takes a key; see /my/api-keys.")})
    answer.status_code = 401
    answer.headers["WWW-Authenticate"] = "Bearer"
    abort(answer)


def _open(content: dict[str, Any], status: int) -> Response:
    """An answer that any site may read."""
    answer = jsonify({**content, "checked_at": now().isoformat(timespec="seconds")})
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return for_any_site(answer)
