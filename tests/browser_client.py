"""A thin browser over Flask's test client that refuses unhealthy pages.

Every HTML page it opens must have the expected status, a title, exactly one h1, a label for every
input, a token in every form that posts, unique ids, links that lead somewhere, and no more SQL
statements than its budget.
"""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import flask
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app import db
from app.accounts.models import Person
from app.accounts.models import Session as SignedIn
from app.clock import now

BUDGET = 12
VOID_INPUTS = {"hidden", "submit", "button", "image", "reset"}


class Page(HTMLParser):
    """What a page holds, as far as its health goes."""

    def __init__(self, response: TestResponse, url: str, statements: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.response, self.url, self.statements = response, url, statements
        self.status = response.status_code
        self.title = ""
        self.h1: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.forms: list[dict[str, Any]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._label_depth = 0
        self._textarea: dict[str, str] | None = None
        self._select: dict[str, str] | None = None
        self.html = (
            response.get_data(as_text=True)
            if response.mimetype
            in {"text/html", "text/plain", "application/json", "text/calendar", "text/css"}
            else ""
        )
        if response.mimetype == "text/html":
            self.feed(self.html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words)).strip()

    @property
    def json(self) -> Any:
        return self.response.get_json()

    def form(self, action: str | None = None) -> dict[str, Any]:
        """The form that posts to this address (its end is enough), or the only one that posts."""
        posts = [f for f in self.forms if f["method"] == "post" and "/sign-out" not in f["action"]]
        if action is not None:
            posts = [f for f in posts if urlsplit(f["action"]).path.endswith(action)]
        assert posts, f"no form{' to ' + action if action else ''} on {self.url}"
        if action is None:
            posts = [f for f in posts if f["action"] in ("", self.url)] or posts
        return posts[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        assert "style" not in values, (
            f"inline style on {self.url}: <{tag} style={values.get('style')!r}>"
        )
        assert not any(k.startswith("on") for k in values), (
            f"inline handler on {self.url}: {values}"
        )
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "label":
            self._label_depth += 1
            self.labels.add(values.get("for", ""))
        if tag == "form":
            self.forms.append(
                {
                    "method": values.get("method", "get").lower(),
                    "action": values.get("action", ""),
                    "fields": {},
                    "files": set(),
                }
            )
        if tag in {"input", "select", "textarea"}:
            self._field(tag, values)
        if tag == "option" and self._select is not None and self.forms and "selected" in values:
            self._put(self._select["name"], values.get("value", ""))
        if tag == "option" and self._select is not None and "first" not in self._select:
            self._select["first"] = values.get("value", "")
        if tag in {"title", "h1", "script", "style", "svg"}:
            self._open.append(tag)
            if tag == "h1":
                self.h1.append("")

    def _field(self, tag: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        self.inputs.append({**values, "tag": tag, "labelled": "yes" if self._label_depth else ""})
        name = values.get("name")
        if not name or not self.forms:
            return
        if tag == "select":
            self._select = {"name": name, "multiple": "yes" if "multiple" in values else ""}
        elif tag == "textarea":
            self._textarea = {"name": name}
            self.forms[-1]["fields"].setdefault(name, [""])
        elif kind == "file":
            self.forms[-1]["files"].add(name)
        elif kind in {"checkbox", "radio"}:
            if "checked" in values:
                self._put(name, values.get("value", "on"))
        elif kind not in {"submit", "button"} and "disabled" not in values:
            self._put(name, values.get("value", ""))

    def _put(self, name: str, value: str) -> None:
        self.forms[-1]["fields"].setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label_depth -= 1
        if tag == "textarea":
            self._textarea = None
        if tag == "select" and self._select is not None:
            if self.forms and not self._select["multiple"]:
                self.forms[-1]["fields"].setdefault(
                    self._select["name"], [self._select.get("first", "")]
                )
            self._select = None
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self.forms:
            self.forms[-1]["fields"][self._textarea["name"]][0] += data.removeprefix(
                "\r\n"
            ).removeprefix("\n")
        where = self._open[-1] if self._open else ""
        if where == "title":
            self.title += data
        elif where == "h1":
            self.h1[-1] += data
        if where not in {"script", "style", "title"}:
            self.words.append(data)


class Browser:
    """Visits pages and sends forms as one person."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.client = app.test_client()
        self.page: Page | None = None
        self.checked_links: set[str] = set()

    def sign_in(self, person: Person) -> Browser:
        """Sign in as a person, without the form."""
        signed_in = SignedIn.start(person, at=now(), browser="tests", origin="127.0.0.1")
        self.session.add(signed_in)
        self.session.commit()
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = signed_in.token
            cookie["_fresh"] = True
        return self

    def sign_out(self) -> Browser:
        with self.client.session_transaction() as cookie:
            cookie.clear()
        return self

    def visit(self, url: str, *, status: int = 200, budget: int = BUDGET, **kwargs: Any) -> Page:
        """Open a page; anything but the expected status fails."""
        return self._send("GET", url, status, budget, **kwargs)

    def submit(
        self,
        action: str | None = None,
        *,
        status: int = 303,
        follow: bool = True,
        budget: int = 40,
        **values: Any,
    ) -> Page:
        """Fill in and send a form of the page that is open; by default it must be accepted.

        A value may be a list (check boxes) or `(bytes, file name)`; None leaves a field out.
        """
        assert self.page is not None
        form = self.page.form(action)
        unknown = (
            set(values)
            - set(form["fields"])
            - form["files"]
            - {i.get("name") for i in self.page.inputs}
        )
        assert not unknown, f"the form on {self.page.url} has no {unknown}"
        data: dict[str, Any] = {**form["fields"]}
        for name, value in values.items():
            if value is None:
                data.pop(name, None)
            elif isinstance(value, tuple):
                data[name] = (io.BytesIO(value[0]), value[1])
            else:
                data[name] = value if isinstance(value, list) else [value]
        page = self._send("POST", urljoin(self.page.url, form["action"]), status, budget, data=data)
        if follow and page.status in {302, 303}:
            return self.visit(page.response.headers["Location"], budget=budget)
        return page

    def post(
        self, url: str, data: dict[str, Any] | None = None, *, status: int = 303, budget: int = 40
    ) -> Page:
        """Send a form that no page shows, with a good token (for refusals and reach)."""
        return self._send(
            "POST", url, status, budget, data={"csrf_token": self.token(), **(data or {})}
        )

    def token(self) -> str:
        """A CSRF token of this browser's session."""
        from flask_wtf.csrf import generate_csrf

        with self.client.session_transaction() as cookie:
            held = dict(cookie)
        with self.app.test_request_context():
            flask.session.update(held)
            token = str(generate_csrf())
            raw = flask.session["csrf_token"]
        with self.client.session_transaction() as cookie:
            cookie["csrf_token"] = raw
        return token

    def _send(self, method: str, url: str, status: int, budget: int, **kwargs: Any) -> Page:
        self.session.commit()
        self.app.wsgi_app.pages.clear()  # each visit is later than strangers' pages are kept for
        # Tests keep one application context open; what a request remembers must not outlive it.
        for remembered in [name for name in flask.g if not name.startswith("_sqlalchemy")]:
            flask.g.pop(remembered)
        statements: list[str] = []
        with self.app.app_context():
            engine = db.db.engine

        def count(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        try:
            with self.app.app_context():  # of its own, as on a server: nothing of `g` outlives it
                response = self.client.open(url, method=method, **kwargs)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        self.session.expire_all()
        page = Page(response, url, statements)
        shown = page.text[:600] if response.mimetype == "text/html" else ""
        assert response.status_code == status, (
            f"{method} {url}: {response.status_code}, not {status}. {shown}"
        )
        if response.mimetype == "text/html" and response.status_code not in {
            301,
            302,
            303,
            304,
            307,
        }:
            self._healthy(page, budget)
        if response.status_code not in {301, 302, 303}:
            self.page = page
        return page

    def _healthy(self, page: Page, budget: int) -> None:
        assert page.title.strip().endswith("Confer"), f"no title on {page.url}: {page.title!r}"
        assert len(page.h1) == 1 and page.h1[0].strip(), (
            f"{page.url} has {len(page.h1)} h1: {page.h1}"
        )
        twice = {i for i in page.ids if page.ids.count(i) > 1}
        assert not twice, f"ids twice on {page.url}: {twice}"
        for field in page.inputs:
            if field["tag"] == "input" and field.get("type") in VOID_INPUTS:
                continue
            named = field.get("aria-label") or field.get("aria-labelledby") or field["labelled"]
            assert named or field.get("id") in page.labels, f"unlabelled {field} on {page.url}"
        for form in page.forms:
            if form["method"] == "post":
                assert "csrf_token" in form["fields"], (
                    f"a form without token on {page.url}: {form['action']}"
                )
        if page.status == 200:
            assert len(page.statements) <= budget, (
                f"{page.url} took {len(page.statements)} statements, budget {budget}:\n"
                + "\n".join(page.statements)
            )
        for link in set(page.links) - self.checked_links:
            self._leads_somewhere(link, page)
            self.checked_links.add(link)

    def _leads_somewhere(self, link: str, page: Page) -> None:
        parts = urlsplit(urljoin(page.url, link))
        own = self.app.config["SETTINGS"].public_url
        if parts.scheme in {"mailto", "webcal"} or (
            parts.netloc and not urljoin(page.url, link).startswith(own)
        ):
            return
        if link.startswith("#"):
            assert link == "#" or link[1:] in page.ids, f"{link} leads nowhere on {page.url}"
            return
        adapter = self.app.url_map.bind("localhost")
        try:
            adapter.match(parts.path or "/", method="GET")
            status = 200
        except HTTPException as error:
            status = error.code or 500
        assert status < 400, f"dead link {link} on {page.url}"
