"""The log as everybody reads it: people on a page, machines as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import limits
from app.access import Audience, one_or_404, open_to
from app.addresses import key_asked
from app.credentials import serial as serials
from app.credentials.models import Credential
from app.db import breathe, db
from app.kept import for_strangers
from app.limits import Limit, from_here
from app.transparency import notes, queries
from app.transparency.models import Head
from app.web import attached, for_any_site

blueprint = Blueprint("transparency", __name__, url_prefix="/log")
MISSES = Limit("transparency.misses", burst=30, seconds=10)
PAGE = 20
MOST_ENTRIES = 256


@blueprint.get("")
@open_to(Audience.EVERYONE)
@for_strangers
def index() -> ResponseReturnValue:
    """What the log is, its latest head, and those before it."""
    found = Head.newest_first()
    if before := key_asked("before"):
        found = found.where(Head.size < before)
    heads = db.session.scalars(found.limit(PAGE + 1)).all()
    latest = heads[0] if heads and not before else None
    return render_template(
        "transparency/index.html",
        latest=latest,
        newest=latest or queries.latest(db.session),
        note=notes.note_of(latest) if latest else "",
        verifier_key=notes.verifier_key(latest.origin, latest.key.public_key) if latest else "",
        heads=heads[:PAGE],
        more=heads[PAGE - 1].size if len(heads) > PAGE else None,
    )


@blueprint.get("/head")
@open_to(Audience.EVERYONE)
@for_strangers
def head() -> ResponseReturnValue:
    """The latest head as JSON; with ?size= an earlier one."""
    size = key_asked("size")
    found = queries.latest(db.session) if size is None else queries.head(db.session, size)
    if found is None:
        return _missing(_("There is no such head."))
    key = notes.verifier_key(found.origin, found.key.public_key)
    return jsonify({**queries.signed(found), "verifier_key": key})


@blueprint.get("/heads/<int:size>")
@open_to(Audience.EVERYONE)
def note(size: int) -> ResponseReturnValue:
    """A head with its signatures as the text that is mailed and archived."""
    found = one_or_404(Head.newest_first().where(Head.size == size))
    return Response(notes.note_of(found), mimetype="text/plain")


@blueprint.get("/entries")
@open_to(Audience.EVERYONE)
def entries() -> ResponseReturnValue:
    """Entries from one position to another, both included; at most so many at once."""
    size = queries.size_of(db.session)
    first = key_asked("from") or 0
    last = key_asked("to")
    last = min(size - 1 if last is None else last, first + MOST_ENTRIES - 1, size - 1)
    found = queries.leaves(db.session, first, last)
    after = last + 1 if found and last + 1 < size else None
    return jsonify(
        {
            "size": size,
            "entries": queries.contents(found),
            "next": after and f"{url_for('.entries')}?from={after}",
        }
    )


@blueprint.get("/consistency")
@open_to(Audience.EVERYONE)
def consistency() -> ResponseReturnValue:
    """The proof that the log of one size continues that of another; else, of the latest head."""
    old, new = key_asked("from"), key_asked("to")
    size = queries.size_of(db.session)
    latest = queries.latest(db.session) if old is None else None
    old = (latest.size if latest else 0) if old is None else old
    new = size if new is None else new
    if not 0 < old <= new <= size:
        return _asked_wrongly(
            _("Ask for two sizes, as in ?from=100&to=200, of which the second is not the smaller "
              "and not beyond the log.")
        )  # fmt: skip
    path = queries.consistency(db.session, old, new)
    return jsonify({"from": old, "to": new, "path": [step.hex() for step in path]})


@blueprint.get("/heads/<int:size>/growth")
@open_to(Audience.EVERYONE)
def growth(size: int) -> ResponseReturnValue:
    """A head, the latest (or that of ?to=), and the proof that it continues the first: one file."""
    to, old = key_asked("to"), queries.head(db.session, size)
    new = queries.latest(db.session) if to is None else queries.head(db.session, to)
    if old is None or new is None or old.size > new.size:
        return _missing(_("There are no such heads, or the second is the older one."))
    told = queries.statement(db.session, old, new)
    return attached(for_any_site(jsonify(told)), f"consistency-{old.size}-{new.size}.json")


@blueprint.get("/proof/<serial>")
@open_to(Audience.EVERYONE)
def proof(serial: str) -> ResponseReturnValue:
    """What proves that a document stands in the log; to be kept beside it."""
    number = serials.read(serial)
    found = number and db.session.query(Credential).filter_by(serial=number).one_or_none()
    told = queries.inclusion(db.session, found) if found else None
    if told is None:
        breathe(db.session)
        limits.guard((MISSES, from_here()))
        return _missing(
            _("The log has no entry for this serial yet. A new document is entered within minutes.")
        )
    return attached(for_any_site(jsonify(told)), f"proof-{number}.json")


def _missing(reason: str) -> ResponseReturnValue:
    return _told(404, reason)


def _asked_wrongly(reason: str) -> ResponseReturnValue:
    return _told(400, reason)


def _told(status: int, reason: str) -> ResponseReturnValue:
    """An address for machines answers machines also when it has nothing for them."""
    body: dict[str, Any] = {"status": status, "reason": reason}
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        abort(status, description=reason)
    return for_any_site(jsonify(body)), status
