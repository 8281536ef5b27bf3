"""Countersigning: an officer looks at the head and signs it for the society."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db as database
from app.access import Audience, current_person, offices, one_or_404, open_to, society_ids
from app.accounts.models import Person
from app.clock import now
from app.db import breathe, db
from app.errors import Refusal
from app.forms import render_form
from app.journal.models import record
from app.limits import Limit, guard
from app.societies.models import OFFICERS, Society
from app.transparency import emails, heads, notes, queries
from app.transparency.forms import CountersignForm, SignatureForm
from app.transparency.models import Countersignature, Head
from app.web import attached

blueprint = Blueprint("transparency_staff", __name__, url_prefix="/desk/log")
SIGNS = Limit("log.countersign", burst=20, seconds=60)


@blueprint.get("")
@open_to(Audience.OFFICER)
def index() -> ResponseReturnValue:
    latest = queries.latest(db.session)
    return render_template(
        "transparency_staff/index.html",
        latest=latest,
        note=notes.note_of(latest) if latest else "",
        standing=[(society, _last(society)) for society in _mine()],
    )


@blueprint.post("/<int:size>/countersignature")
@open_to(Audience.OFFICER)
def countersign(size: int) -> ResponseReturnValue:
    """Sign with the key that is kept here, after the log was proved to continue."""
    guard((SIGNS, str(current_person().id)))
    head, society = _head(size), _society(CountersignForm().society.data)
    _refuse_unless_sound(head, society)
    heads.countersign(db.session, head, society, by=current_person(), at=now())
    return _signed(society)


@blueprint.route("/<int:size>/signature", methods=["GET", "POST"])
@open_to(Audience.OFFICER)
def hand_in(size: int) -> ResponseReturnValue:
    """Hand in a signature that was made elsewhere, with a key that only the society has."""
    form = SignatureForm(_mine())
    if form.validate_on_submit():
        guard((SIGNS, str(current_person().id)))
        head, society = _head(size), _society(form.society.data)
        _refuse_unless_sound(head, society)
        signature = _raw(form.file.data.stream.read())
        try:
            heads.take_in(db.session, head, society, signature, by=current_person(), at=now())
        except heads.NotTheirs as refusal:
            form.file.errors = refusal.reasons
        else:
            return _signed(society)
    head = _head(size)
    return render_form("transparency_staff/hand_in.html", form, head=head)


@blueprint.get("/<int:size>/text")
@open_to(Audience.OFFICER)
def text(size: int) -> ResponseReturnValue:
    """Exactly the bytes that a society signs elsewhere."""
    answer = Response(heads.to_sign_elsewhere(_head(size)), mimetype="application/octet-stream")
    return attached(answer, f"head-{size}-to-sign.txt")


def _refuse_unless_sound(head: Head, society: Society) -> None:
    """A log that does not continue is no matter of one page: everybody in office is told."""
    reasons = heads.against(db.session, head, society)
    if not reasons:
        return
    person, size, society_id = current_person().id, head.size, society.id
    breathe(db.session)
    with database.writing() as session:
        head, society = session.get_one(Head, size), session.get_one(Society, society_id)
        by = session.get_one(Person, person)
        record(session, "log.refused", by=by, at=now(), on=head, society_id=society_id,
               reasons=reasons)  # fmt: skip
        emails.raise_alarm(session, head, society, reasons, at=now())
    raise Refusal(*reasons)


def _signed(society: Society) -> ResponseReturnValue:
    flash(_("%(society)s has countersigned the log. Thank you.", society=society.short), "good")
    return redirect(url_for(".index"), 303)


def _raw(content: bytes) -> bytes:
    """A signature as its bytes, whether it came so or in base64."""
    try:
        return b64decode(b"".join(content.split()), validate=True)
    except (NotBase64, ValueError):
        return content


def _head(size: int) -> Head:
    return one_or_404(Head.newest_first().where(Head.size == size))


def _society(key: str | None) -> Society:
    """One of the societies for which the person signs."""
    return next((s for s in _mine() if str(s.id) == key), None) or abort(404)


def _mine() -> list[Society]:
    mine = set(society_ids(*OFFICERS))
    found = {m.society.id: m.society for m in offices() if m.society and m.society.id in mine}
    return list(found.values())


def _last(society: Society) -> Countersignature | None:
    return queries.last_countersigned(db.session, society.id)
