"""What every request and answer passes through: one transaction, safe headers, errors in words."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import unquote, urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError, default_exceptions
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map, MapAdapter, Rule
from werkzeug.wrappers import Response as AnyResponse

from app import db
from app.errors import Refusal
from app.journal.models import Origin
from app.sealed import CannotOpen
from app.veil import secret_places, veiled

P = ParamSpec("P")
R = TypeVar("R")
A = TypeVar("A", bound=AnyResponse)
csrf = CSRFProtect()
log = logging.getLogger("confer")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WAY_BACK = frozenset({400, 409, 422})
"""Answers to a form that lead back to the page on which it stood."""
LONGEST_TEXT = 2 * 1024 * 1024
"""Bytes of a form without a file: the longest lesson in a script whose letters take twelve."""


class Key(IntegerConverter):
    """The key of a row, as far as a column holds one: beyond that there is nothing."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=db.LARGEST_KEY)


class Route(Rule):
    """A rule that learns to build its addresses when the first one is asked for.

    Werkzeug compiles two functions for each rule at once: a quarter of a second for hundreds.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiler, name = super()._compile_builder, "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            compiled = compiler(append_unknown).__get__(rule, None)
            setattr(rule, name, compiled)
            built: tuple[str, str] = compiled(**values)
            return built

        return build


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
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CannotOpen, _shut)
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _failed)
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce,
        is_demonstration=settings.demonstration,
        csrf_token=generate_csrf,
        external_url=external_url,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def external_url(endpoint: str, **values: Any) -> str:
    """An absolute address, always on the configured public address, never on the Host header."""
    public = current_app.config["SETTINGS"].public_url
    return f"{public}{_addresses(current_app.url_map).build(endpoint, values)}"


@lru_cache(maxsize=8)
def _addresses(addresses: Map) -> MapAdapter:
    """Paths of this site, whoever asks: neither the request nor its host takes part."""
    return addresses.bind("")


def safe_next(target: str | None, default: str) -> str:
    """A path on this site to go on to; anything else is replaced by the default."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(c) < 33 or c in "\\\x7f" for c in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def key_asked(name: str) -> int | None:
    """The key from which an address reads a list on; none when it names nothing that is one."""
    text = request.args.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    return min(int(text), db.LARGEST_KEY) if is_number else None


def csp_nonce() -> str:
    """A nonce for this answer; the policy names it only when a page has asked for one."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def takes_up_to(largest: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare that a view takes files of so many bytes, more than others do."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        cast(Any, view).largest = largest
        return view

    return declare


def shows_frames(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a page shows other pages of this site in frames."""
    cast(Any, view).has_frames = True
    return view


def _largest() -> int | None:
    """How large a file this view takes, if it has declared it."""
    view = current_app.view_functions.get(request.endpoint or "")
    return cast("int | None", getattr(view, "largest", None))


def _measure() -> AnyResponse | None:
    """Only a form with a file may be large, and every body says how long it is.

    Werkzeug cuts a body without a length at the limit, so that half a text could be saved.
    """
    if request.mimetype == "multipart/form-data":  # read piece by piece until it is too much
        if largest := _largest():
            request.max_content_length = largest + LONGEST_TEXT
        return None
    if request.mimetype and request.content_length is None:
        return _page(411)
    request.max_content_length = LONGEST_TEXT
    return None


def _begin() -> AnyResponse | None:
    """A request carries where it came from; one that another site sent goes no further."""
    if request.endpoint is None or request.endpoint.startswith("assets."):
        return None
    if "\x00" in unquote(request.full_path):
        return _page(400, _("This address holds a character that no address may hold."))
    info = db.db.session.info
    info["origin"] = Origin(address=request.remote_addr or "", route=request.endpoint or "")
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _page(403, _("This form was sent from another site, so nothing was done."))
    return None


def _finish(response: Response) -> Response:
    """Commit what a request below 400 did; anything else leaves no trace."""
    if request.method in SAFE or request.endpoint is None:
        return response
    if response.status_code < 400:
        try:
            db.commit(db.db.session)
        except OperationalError as busy:
            db.db.session.rollback()
            return cast(Response, _busy(busy))
    else:
        db.db.session.rollback()
    return response


def _headers(response: Response) -> Response:
    nonce = f"'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    view = current_app.view_functions.get(request.endpoint or "")
    frames = "frame-src 'self'; " if getattr(view, "has_frames", False) else ""
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


def wants_json() -> bool:
    """Whether whoever asks reads JSON rather than pages; programs do, whatever they accept."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.args.get("format") == "json" or best == "application/json"


def _page(status: int, reason: str = "", reasons: list[str] | None = None) -> AnyResponse:
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
    return _page(409, reasons=refusal.reasons)


def _shut(error: CannotOpen) -> AnyResponse:
    """Credentials do not open: whoever asks learns no more than that, the log a little more."""
    log.error("credentials could not be opened: %s", error)
    told = _(
        "What this needs is stored under lock, and cannot be opened at present. "
        "The administrators of this platform have to see to it."
    )
    return _page(409, reasons=[told])


def _explain(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):  # called by a name that is not ours: no address is known
        return Response("This is not an address of this platform.\n", 400, mimetype="text/plain")
    if isinstance(error, CSRFError):
        return _page(
            400,
            _(
                "This form was open for too long or in another sign-in. Go back, load the page "
                "again and send it once more."
            ),
        )
    if error.code == 401:
        return redirect(url_for("accounts.sign_in", next=_back()), 303)
    if error.code == 413 and request.mimetype == "multipart/form-data":
        limit = (_largest() or current_app.config["SETTINGS"].upload_limit) // (1024 * 1024)
        return _page(
            413, _("This file is larger than %(limit)s MB. Nothing was stored.", limit=limit)
        )
    answer = _page(error.code, _said(error))
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


def _overtaken(error: IntegrityError) -> AnyResponse:
    """Two acts at once, of which a unique key let one through: a second click, another officer."""
    code = getattr(error.orig, "sqlstate", None)
    if code != "23505" and "UNIQUE constraint failed" not in str(error.orig):
        return _failed(error)
    log.warning("a unique key refused a second act: %s", error.orig)
    return _page(
        409,
        reasons=[
            _(
                "The same was done a moment ago, by you or by somebody else. "
                "Load the page again to see how things stand."
            )
        ],
    )


def _busy(error: OperationalError) -> AnyResponse:
    log.warning("database not available: %s", error.__class__.__name__, exc_info=error)
    answer = _page(
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
    return _page(500, _("The number of this fault is %(number)s.", number=number))
