"""The measurements can be made; what they measure is for a quiet machine to say."""

from __future__ import annotations

import json

import pytest

from bench import load
from bench.__main__ import FIGURES, main
from bench.figures import chosen

BRIEF = ["--plain", "--seconds=0.05", "--rounds=1", "--people=12", "--activities=20", "--crowd=120"]
EXPECTED = {
    "pages": {"empty.wsgi", "agenda.page", "webinar.page", "verification.page.signed_in"},
    "statements": {"agenda.page.sql", "desk.participants.page.signed_in.sql"},
    "enrolment.post": {"enrolment.post"},
    "commit.durable": {"commit.durable"},
    "participants.list": {"participants.list"},
    "desk": {"desk.webinar.page", "desk.presence.page", "desk.figures.page"},
    "sheets": {"certificate.typeset", "diploma.typeset", "typst.sheet"},
    "diploma.pipeline": {"diploma.sealed", "diploma.credential", "diploma.seals"},
    "certificate.attendance": {"certificate.attendance"},
    "rechecks.round": {"rechecks.round"},
    "memory": {"memory.web", "memory.all"},
    "start.ready": {"start.ready"},
}


@pytest.mark.slow(50)
def test_every_figure_prints_lines_of_json(capfd: pytest.CaptureFixture[str]):
    status = main([*BRIEF, "--sheets=1", "--diplomas=2", "--starts=1"])

    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line for line in lines if "error" in line] == []
    assert status == 0
    assert set().union(*EXPECTED.values()) <= {line["bench"] for line in lines}


def test_every_figure_is_expected_here():
    assert {figure.name for figure in chosen([])} == set(EXPECTED)
    assert {figure.measure.__module__ for figure in chosen([])} == {one.__name__ for one in FIGURES}


def test_what_wrk_says_is_read():
    told = '{"answers": 30, "microseconds": 2000000, "refused": 0, "broken": 0, "p50": 1, "p95": 2}'

    assert load.read(f"Running 2s test\n{told}\n").rps == 15


def test_a_page_that_fails_under_load_has_no_rate():
    told = '{"answers": 30, "microseconds": 2000000, "refused": 1, "broken": 0, "p50": 1, "p95": 2}'

    with pytest.raises(load.Faulty):
        load.read(told, "/agenda")
