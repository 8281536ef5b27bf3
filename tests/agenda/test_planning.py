"""What stands against a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from app.agenda.kinds import Kind
from app.agenda.obstacles import (
    FarAway,
    ImpossibleLength,
    NoPlaces,
    NotALink,
    Passed,
    Skipped,
    Twice,
    Untied,
    WithoutHour,
)
from app.agenda.planning import Plan, obstacles

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEBINAR = Plan(kind=Kind.WEBINAR, on=date(2026, 10, 14), start=time(18), minutes=90, capacity=120)
COURSE = Plan(kind=Kind.COURSE)


def kinds(plan, **facts):
    return [type(o) for o in obstacles(plan, at=NOW, **facts)]


def test_a_sound_plan_has_nothing_against_it():
    assert kinds(WEBINAR, groups=[["EuSoMII", "SIIM"]], link="https://meet.example/a") == []
    assert kinds(COURSE) == []


def test_a_webinar_needs_its_hour_and_a_course_does_not():
    assert kinds(replace(WEBINAR, start=None)) == [WithoutHour]
    assert kinds(replace(COURSE, on=date(2026, 10, 1))) == []


def test_what_is_planned_lies_ahead():
    assert kinds(replace(WEBINAR, on=date(2026, 2, 28))) == [Passed]
    assert kinds(replace(COURSE, on=date(2026, 2, 28))) == [Passed]
    assert kinds(replace(COURSE, on=date(2026, 3, 1))) == []


def test_the_hour_of_today_decides_in_its_own_zone():
    today = replace(WEBINAR, on=date(2026, 3, 1), start=time(12, 30))

    assert kinds(replace(today, zone="UTC")) == []
    assert kinds(replace(today, zone="Europe/Vienna")) == [Passed]


def test_a_slip_in_the_year_is_asked_about():
    assert kinds(replace(WEBINAR, on=date(2062, 10, 14))) == [FarAway]


def test_a_time_that_the_clocks_skip_is_refused_with_what_the_clocks_do():
    [obstacle] = obstacles(replace(WEBINAR, on=date(2026, 3, 29), start=time(2, 30)), at=NOW)

    assert isinstance(obstacle, Skipped)
    assert "the clocks go forward from 02:00 to 03:00" in str(obstacle)
    assert kinds(replace(WEBINAR, on=date(2026, 3, 29), start=time(3))) == []


def test_a_time_that_the_clocks_show_twice_is_asked_about():
    twice = replace(WEBINAR, on=date(2026, 10, 25), start=time(2, 30))
    [obstacle] = obstacles(twice, at=NOW)

    assert isinstance(obstacle, Twice)
    assert [label for _, label in obstacle.choices] == [
        "the first time, CEST (UTC+2)",
        "the second time, an hour or so later, CET (UTC+1)",
    ]
    assert kinds(replace(twice, fold=0)) == []
    first, second = replace(twice, fold=0).starts_at, replace(twice, fold=1).starts_at
    assert first is not None
    assert second is not None
    assert (second - first).total_seconds() == 3600


@pytest.mark.parametrize(("minutes", "found"), [(4, 1), (5, 0), (720, 0), (721, 1), (None, 1)])
def test_a_webinar_lasts_from_five_minutes_to_twelve_hours(minutes, found):
    assert kinds(replace(WEBINAR, minutes=minutes)) == [ImpossibleLength] * found


def test_a_course_may_leave_its_work_open_but_not_name_nonsense():
    assert kinds(replace(COURSE, minutes=None)) == []
    assert kinds(replace(COURSE, minutes=-1)) == [ImpossibleLength]
    assert kinds(replace(COURSE, minutes=2001 * 60)) == [ImpossibleLength]


def test_a_house_has_at_least_one_place():
    assert kinds(replace(WEBINAR, capacity=0)) == [NoPlaces]
    assert kinds(replace(WEBINAR, capacity=None)) == []


@pytest.mark.parametrize(
    "link",
    ["meet.example/a", "javascript:alert(1)", "https://", "ftp://a.example", "https://a b.example",
     "https://[", "https://a.example:port/", "https://a.example/<script>"],
)  # fmt: skip
def test_a_link_is_one_that_a_browser_opens(link):
    assert kinds(WEBINAR, link=link) == [NotALink]
    assert kinds(WEBINAR, link="http://a.example:8080/x?y=1#z") == []


def test_the_missing_tie_is_named():
    [obstacle] = obstacles(WEBINAR, at=NOW, groups=[["EuSoMII", "SIIM"], ["EFRS"]])

    assert isinstance(obstacle, Untied)
    assert str(obstacle) == (
        "No agreement that covers webinars and is in force on 14 October 2026 "
        "ties EuSoMII and SIIM to EFRS."
    )


def test_every_reason_is_told_at_once():
    bad = replace(WEBINAR, on=date(2026, 2, 28), minutes=0, capacity=0)

    found = kinds(bad, groups=[["SIIM"], ["EFRS"]], link="nowhere")

    assert found == [Passed, ImpossibleLength, NoPlaces, NotALink, Untied]
