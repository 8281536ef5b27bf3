"""What people read when something is refused or goes wrong: in words, and how to go on."""

from __future__ import annotations

import json
import logging
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError, default_exceptions
from werkzeug.wrappers import Response as AnyResponse

from app.addresses import safe_next
from app.declared import largest
from app.errors import Refusal
from app.sealed import CannotOpen
from app.veil import secret_places, veiled

log = logging.getLogger("confer")
WAY_BACK = frozenset({400, 409, 413, 422})
"""Answers to a form that lead back to the page on which it stood."""


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CannotOpen, _shut)
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(IntegrityError, overtaken)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(Exception, _failed)


def wants_json() -> bool:
    """Whether whoever asks reads JSON rather than pages; programs do, whatever they accept."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.args.get("format") == "json" or best == "application/json"


def page(status: int, reason: str = "", reasons: list[str] | None = None) -> AnyResponse:
    if wants_json():
        body = json.dumps({"status": status, "reason": reason or reasons})
        return Response(body, status, mimetype="application/json")
    return Response(
        render_template(
            "errors/error.html",
            status=status,
            reason=reason,
            reasons=reasons or [],
            back=_back() if status in WAY_BACK else "/",
        ),
        status,
    )


def _refused(refusal: Refusal) -> AnyResponse:
    return page(409, reasons=refusal.reasons)


def _shut(error: CannotOpen) -> AnyResponse:
    """Credentials do not open: whoever asks learns no more than that, the log a little more."""
    log.error("credentials could not be opened: %s", error)
    told = _(
        "What this needs is stored under lock, and cannot be opened at present. "
        "The administrators of this platform have to see to it."
    )
    return page(409, reasons=[told])


def _explain(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):  # called by a name that is not ours: no address is known
        return Response("This is not an address of this platform.\n", 400, mimetype="text/plain")
    if isinstance(error, CSRFError):
        return page(
            400,
            _(
                "This form was open for too long or in another sign-in. Go back, load the page "
                "again and send it once more."
            ),
        )
    if error.code == 401:
        return redirect(url_for("accounts.sign_in", next=_back()), 303)
    if error.code == 413 and request.mimetype == "multipart/form-data":
        limit = (largest() or current_app.config["SETTINGS"].upload_limit) // (1024 * 1024)
        return page(
            413, _("This file is larger than %(limit)s MB. Nothing was stored.", limit=limit)
        )
    answer = page(error.code, _said(error))
    if error.code == 405 and (allowed := getattr(error, "valid_methods", None)):
        answer.headers["Allow"] = ", ".join(allowed)
    return answer


def _said(error: HTTPException) -> str:
    """What one of our views has to say; nothing for the words that come with every such error."""
    usual = default_exceptions.get(error.code or 0)
    is_usual = error.description in {None, usual and usual.description, type(error).description}
    return "" if is_usual else str(error.description)


def _back() -> str:
    """The page on which the form stood that was sent, if it is one of ours; else the start."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host:
        return safe_next(came_from._replace(scheme="", netloc="", fragment="").geturl(), "/")
    return "/"


def overtaken(error: IntegrityError) -> AnyResponse:
    """Two acts at once, of which a unique key let one through: a second click, another officer."""
    code = getattr(error.orig, "sqlstate", None)
    if code != "23505" and "UNIQUE constraint failed" not in str(error.orig):
        return _failed(error)
    log.warning("a unique key refused a second act: %s", error.orig)
    return page(
        409,
        reasons=[
            _(
                "The same was done a moment ago, by you or by somebody else. "
                "Load the page again to see how things stand."
            )
        ],
    )


def busy(error: OperationalError) -> AnyResponse:
    log.warning("database not available: %s", error.__class__.__name__, exc_info=error)
    answer = page(
        503, _("Too much is going on at once. Nothing was lost; please try again in a moment.")
    )
    answer.headers["Retry-After"] = "5"
    return answer


def _failed(error: Exception) -> AnyResponse:
    if current_app.testing or current_app.debug:
        raise error
    number = secrets.token_hex(4)
    path = veiled(request.path, secret_places(current_app.url_map))
    log.error("request %s failed: %s", number, path, exc_info=error)
    return page(500, _("The number of this fault is %(number)s.", number=number))
