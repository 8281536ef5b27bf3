"""Every URL, method and audience in one table, reviewed like a contract."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from app.access import Audience, audience_of, open_to
from config import ROOT
from tests import routes

TABLE = [
    row
    for module in pkgutil.iter_modules(routes.__path__)
    for row in importlib.import_module(f"tests.routes.{module.name}").ROUTES
]


def found(app):
    return {
        (method, rule.rule): audience_of(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_table_is_the_whole_of_the_application(app):
    written = {(method, rule): audience for method, rule, audience in TABLE}
    assert len(written) == len(TABLE), "a route stands twice in the table"
    assert found(app) == written


def test_no_rule_that_changes_something_shares_its_address_with_another_audience(app):
    by_rule: dict[str, set[Audience | None]] = {}
    for (_method, rule), audience in found(app).items():
        by_rule.setdefault(rule, set()).add(audience)
    assert {rule: a for rule, a in by_rule.items() if len(a) > 1} == {}


def test_the_application_does_not_start_with_a_view_that_names_no_audience(app):
    from flask import Flask

    from app import access

    bare = Flask("bare")
    bare.add_url_rule("/open", view_func=lambda: "x", endpoint="undeclared")
    with pytest.raises(RuntimeError, match="undeclared"):
        access.init_app(bare)


def test_an_audience_is_declared_on_the_view_itself():
    @open_to(Audience.STAFF)
    def view() -> str:
        return ""

    assert view.audience is Audience.STAFF  # type: ignore[attr-defined]


NAMED = re.compile(r"""(?:url_for|external_url|link)\(\s*"([a-z_]+\.[a-z_]+)\"""")


def test_every_address_that_a_page_or_a_view_names_exists(app):
    files = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "app").rglob("*.py")]
    named = {
        (path.relative_to(ROOT).as_posix(), endpoint)
        for path in files
        for endpoint in NAMED.findall(path.read_text())
    }

    assert len(named) > 200
    assert {one for one in named if one[1] not in app.view_functions} == set()
