"""No log tells the secret of a link that is used once."""

from __future__ import annotations

import logging
import re
import time
from pathlib import Path

import pytest
from granian.log import (
    DEFAULT_ACCESSLOG_FMT,
    LogLevels,
    configure_logging,
    log_request_builder,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import error_pages
from app.serve import logging_of
from app.veil import secret_places, veiled

SECRET = "q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8l9Z0x1C"
LINKS = [
    "/sign-up/", "/password/", "/me/addresses/confirmation/", "/speak/", "/join/", "/here/",
    "/reminders/stop/", "/hooks/bbb/", "/hooks/zoom/",
]  # fmt: skip


@pytest.fixture
def access_log(app):
    """The server's access log as `serve --access-log` sets it up; answers what is written."""
    log = logging.getLogger("granian.access")
    before = log.filters[:], log.handlers[:], log.level, log.propagate
    configure_logging(LogLevels.error, logging_of(app.url_map))
    written: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(record.getMessage())

    log.handlers = [Keeper()]
    write = log_request_builder(DEFAULT_ACCESSLOG_FMT)

    def asked(path: str) -> str:
        request = {"addr_remote": "192.0.2.1", "path": path, "qs": "", "method": "GET",
                   "scheme": "http", "protocol": "HTTP/1.1"}  # fmt: skip
        write(time.time(), time.perf_counter(), request, 200)
        return written[-1]

    yield asked
    log.filters, log.handlers, log.level, log.propagate = before


@pytest.mark.parametrize("link", LINKS)
def test_the_access_log_keeps_the_secret_of_a_link(access_log, link):
    assert f'"GET {link}… HTTP/1.1" 200' in access_log(link + SECRET)
    assert SECRET not in access_log(link.replace("/", "//") + SECRET + "/")
    assert SECRET not in access_log(link.replace("s", "%73") + SECRET)


def test_other_paths_stay_as_they_are(app, access_log):
    """The control."""
    for path in ("/password", "/agenda/7", "/v/EUSO-7K2M-9QXW", "/me/addresses", "/%41genda"):
        assert f'"GET {path} HTTP/1.1"' in access_log(path)


def test_every_link_with_a_secret_is_known(app):
    assert secret_places(app.url_map) == sorted(LINKS)
    assert veiled("/password/", LINKS) == "/password/"


def test_a_fault_is_logged_without_the_secret_of_its_link(stage, caplog, monkeypatch):
    monkeypatch.setitem(stage.config, "TESTING", False)
    with stage.test_request_context(f"/password/{SECRET}"), caplog.at_level(logging.ERROR):
        assert error_pages._failed(ValueError("broken")).status_code == 500

    assert "failed: /password/…" in caplog.text
    assert SECRET not in caplog.text


def test_a_fault_of_the_database_names_no_values(session):
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(text("INSERT INTO nowhere VALUES (:link)"), {"link": SECRET})

    assert SECRET not in str(caught.value)


def test_the_guide_names_every_place_of_a_secret_for_the_log_of_a_proxy(app):
    guide = (Path(__file__).parents[1] / "docs" / "operations.md").read_text("utf-8")
    told = guide.partition("access log should leave out")[2].partition("are secrets")[0]
    named = re.findall("`(/[^`]+)`", told)
    unnamed = [one for one in secret_places(app.url_map) if not one.startswith(tuple(named))]
    assert named, "control: the guide speaks of them"
    assert unnamed == []
