"""What every request and answer passes through: one transaction, safe headers."""

from __future__ import annotations

import secrets
from typing import TypeVar, cast
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from app import db, error_pages
from app.addresses import Key, Route, external_url
from app.declared import has_frames, largest
from app.journal.models import Origin

A = TypeVar("A", bound=AnyResponse)
csrf = CSRFProtect()
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_TEXT = 2 * 1024 * 1024
"""Bytes of a form without a file: the longest lesson in a script whose letters take twelve."""


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-confer" if settings.is_secure else "confer",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME=urlsplit(settings.public_url).scheme,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.url_rule_class = Route
    app.url_map.converters["int"] = Key
    app.before_request(_measure)
    csrf.init_app(app)
    app.before_request(_begin)
    app.after_request(_finish)
    app.after_request(_headers)
    error_pages.init_app(app)
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce,
        is_demonstration=settings.demonstration,
        csrf_token=generate_csrf,
        external_url=external_url,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def csp_nonce() -> str:
    """A nonce for this answer; the policy names it only when a page has asked for one."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _measure() -> AnyResponse | None:
    """Only a form with a file may be large, and every body says how long it is.

    Werkzeug cuts a body without a length at the limit, so that half a text could be saved.
    """
    if request.mimetype == "multipart/form-data":  # read piece by piece until it is too much
        if bound := largest():
            request.max_content_length = bound + LONGEST_TEXT
        return None
    if request.mimetype and request.content_length is None:
        return error_pages.page(411)
    request.max_content_length = LONGEST_TEXT
    return None


def _begin() -> AnyResponse | None:
    """A request carries where it came from; one that another site sent goes no further."""
    if request.endpoint is None or request.endpoint.startswith("assets."):
        return None
    if "\x00" in unquote(request.full_path):
        return error_pages.page(400, _("This address holds a character that no address may hold."))
    info = db.db.session.info
    info["origin"] = Origin(address=request.remote_addr or "", route=request.endpoint or "")
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return error_pages.page(
            403, _("This form was sent from another site, so nothing was done.")
        )
    return None


def _finish(response: Response) -> Response:
    """Commit what a request below 400 did; anything else leaves no trace."""
    if request.method in SAFE or request.endpoint is None:
        return response
    if response.status_code < 400:
        try:
            db.commit(db.db.session)
        except IntegrityError as late:  # the view has answered: no handler hears of it
            db.db.session.rollback()
            return cast(Response, error_pages.overtaken(late))
        except OperationalError as busy:
            db.db.session.rollback()
            return cast(Response, error_pages.busy(busy))
    else:
        db.db.session.rollback()
    return response


def _headers(response: Response) -> Response:
    nonce = f"'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    frames = "frame-src 'self'; " if has_frames() else ""
    headers = response.headers
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        f"{frames}img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        f"style-src 'self' {nonce}; script-src 'self' {nonce}".replace("  ", " "),
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if "frame-ancestors *" not in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault(
        "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    )
    if current_app.config["SETTINGS"].is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store" if "_user_id" in session else "no-cache"
    if not response.cache_control.immutable:  # our own files are the same for everybody
        response.vary.add("Cookie")
    return response


def for_any_site(answer: Response) -> Response:
    """Let the pages of any site read this answer."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def attached(answer: A, name: str) -> A:
    """Let browsers keep this answer as a file of that name, and never show it."""
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
