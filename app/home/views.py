"""The start page, the desk, and the signs of life."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app import migrating
from app.access import Audience, current_person, me, offices, open_to
from app.clock import now, today
from app.db import db, is_reachable
from app.files import files
from app.home import desk as desk_queries
from app.home import start as start_queries
from app.home.style import BadSample, Sample
from app.kept import for_strangers

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@open_to(Audience.EVERYONE)
@for_strangers
def start() -> ResponseReturnValue:
    person = me()
    coming = start_queries.coming(db.session, at=now())
    if person is None:
        return render_template("home/welcome.html", coming=coming)
    mine = start_queries.mine(db.session, person, at=now())
    return render_template("home/start.html", coming=coming, mine=mine, at=now())


@blueprint.get("/desk")
@open_to(Audience.STAFF)
def desk() -> ResponseReturnValue:
    turns = desk_queries.turns(db.session, current_person(), offices(), at=now(), on=today())
    return render_template("home/desk.html", turns=turns)


@blueprint.get("/healthz")
@open_to(Audience.EVERYONE)
def alive() -> ResponseReturnValue:
    return {"alive": True}


@blueprint.get("/readyz")
@open_to(Audience.EVERYONE)
def ready() -> ResponseReturnValue:
    """Whether requests can be served: database, migrations, storage."""
    found = {"database": False, "migrations": False, "storage": False}
    try:
        found["database"] = is_reachable(db.session)
        found["migrations"] = migrating.is_current()
        found["storage"] = files.is_writable()
    except (SQLAlchemyError, OSError):
        current_app.logger.exception("not ready")
    ok = all(found.values())
    return jsonify({"ready": ok, **found}), 200 if ok else 503


@blueprint.get("/style")
@open_to(Audience.EVERYONE)
def style() -> ResponseReturnValue:
    """Every component in every state; only where the application is being built."""
    if not current_app.config["SETTINGS"].debug:
        abort(404)
    bad = BadSample(formdata=None, prefix="bad")
    bad.fill_with_faults()
    return render_template("style/index.html", form=Sample(formdata=None), bad_form=bad)
