"""Reading the outbox, for platform administrators."""

from __future__ import annotations

import base64
import hashlib
import re

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.access import Audience, current_person, one_or_404, open_to
from app.clock import now
from app.outbox.forms import OutboxFilter
from app.outbox.models import Message, masked
from app.web import attached

blueprint = Blueprint("outbox", __name__)
PAGE = 50


@blueprint.route("/outbox")
@open_to(Audience.PLATFORM)
def index() -> ResponseReturnValue:
    wanted = OutboxFilter(request.args)
    found = db.db.session.scalars(wanted.narrow(Message.newest_first()).limit(PAGE + 1)).all()
    return render_template(
        "outbox/index.html", form=wanted, messages=found[:PAGE], more=len(found) > PAGE,
        has_server=_has_server(),
    )  # fmt: skip


@blueprint.route("/outbox/<int:id>")
@open_to(Audience.PLATFORM)
def show(id: int) -> ResponseReturnValue:
    message = _message(id)
    return render_template(
        "outbox/show.html", message=message, plain=_shown(message.plain), has_server=_has_server()
    )


@blueprint.route("/outbox/<int:id>/letter")
@open_to(Audience.PLATFORM)
def letter(id: int) -> ResponseReturnValue:
    """The letter as it looks to its reader, shut off from this site and from every other."""
    return shut_off(_shown(_message(id).html))


def shut_off(html: str, *, framed: bool = False) -> Response:
    """A letter as an answer that can do nothing; `framed`: pages of this site may show it."""
    styles = [_hash(style) for style in re.findall(r"<style>(.*?)</style>", html, re.S)]
    allowed = " ".join(styles) or "'none'"
    ancestors = "'self'" if framed else "'none'"
    answer = Response(html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        f"sandbox; default-src 'none'; img-src data:; style-src {allowed}; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {ancestors}"
    )
    if framed:
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@blueprint.route("/outbox/<int:id>/attachments/<int:number>")
@open_to(Audience.PLATFORM)
def attachment(id: int, number: int) -> ResponseReturnValue:
    parts = _message(id).attachments
    if not 0 < number <= len(parts):
        abort(404)
    part = parts[number - 1]
    answer = Response(part["text"].encode(), content_type=part["type"])
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return attached(answer, part["name"])


@blueprint.route("/outbox/<int:id>/again", methods=["POST"])
@open_to(Audience.PLATFORM)
def send_again(id: int) -> ResponseReturnValue:
    message = _message(id)
    message.send_again(by=current_person(), at=now())
    flash(_("The letter to %(address)s is sent again.", address=message.to), "good")
    return redirect(url(".show", id=message.id), 303)


def _message(id: int) -> Message:
    return one_or_404(Message.newest_first().where(Message.id == id))


def _has_server() -> bool:
    return bool(current_app.config["SETTINGS"].smtp_url)


def _shown(text: str) -> str:
    """Where letters really go out, the links that open a door are their reader's alone."""
    settings = current_app.config["SETTINGS"]
    return masked(text) if _has_server() and not settings.demonstration else text


def _hash(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
