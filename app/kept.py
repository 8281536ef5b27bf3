"""Public pages for strangers, kept in memory for two seconds.

When a newsletter sends a hundred thousand people to one page, each process makes it once in two
seconds. Only a view that says so is kept, only for requests without any cookie, and only answers
that set none; so nothing personal can be kept, and nothing public is older than two seconds.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, current_app, request, session
from flask import Response as FlaskResponse

P = ParamSpec("P")
R = TypeVar("R")
SECONDS = 2
MOST_PAGES = 256
MOST_BYTES = 200_000
KEY = (
    "wsgi.url_scheme", "HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO",
    "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE",
)  # fmt: skip


def for_strangers(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a public view's page may be kept for people without a cookie."""
    cast(Any, view).is_kept = True
    return view


@dataclass(frozen=True)
class Page:
    """An answer as it went out."""

    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]
    until: float


class Kept:
    """Answers from memory what was answered to a stranger a moment ago."""

    def __init__(self, wsgi_app: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self.wsgi_app, self.clock = wsgi_app, clock
        self.pages: OrderedDict[tuple[str, ...], Page] = OrderedDict()
        self.lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" in environ:
            return cast("Iterable[bytes]", self.wsgi_app(environ, start_response))
        key = tuple(environ.get(name, "") for name in KEY)
        page = self.pages.get(key)
        if page is None or page.until < self.clock():
            page = self._make(key, environ)
        start_response(page.status, page.headers)
        return page.body

    def _make(self, key: tuple[str, ...], environ: dict[str, Any]) -> Page:
        said: list[Any] = []
        answer = self.wsgi_app(
            environ, lambda status, headers, _exc=None: said.extend((status, headers))
        )
        try:
            body = list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        page = Page(said[0], said[1], body, self.clock() + SECONDS)
        if self._may_keep(page):
            with self.lock:
                self.pages[key] = page
                self.pages.move_to_end(key)
                while len(self.pages) > MOST_PAGES:
                    self.pages.popitem(last=False)
        return page

    @staticmethod
    def _may_keep(page: Page) -> bool:
        headers = {name.lower(): value for name, value in page.headers}
        return (
            page.status.startswith("200")
            and headers.get("cache-control") == f"public, max-age={SECONDS}"
            and "set-cookie" not in headers
            and sum(map(len, page.body)) <= MOST_BYTES
        )


def _mark(response: FlaskResponse) -> FlaskResponse:
    view = current_app.view_functions.get(request.endpoint or "")
    if (
        getattr(view, "is_kept", False)
        and request.method == "GET"
        and response.status_code == 200
        and not request.cookies
        and not session.modified
    ):
        response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
        response.vary.update(("Accept", "Accept-Language"))
    return response


def init_app(app: Flask) -> None:
    app.after_request(_mark)
    app.wsgi_app = Kept(app.wsgi_app)  # type: ignore[method-assign]
