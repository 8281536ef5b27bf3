"""Webinars of several sessions: planned, refused at their rows, shown, and in calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.agenda.kinds import Kind
from app.agenda.models import Activity
from app.agenda.obstacles import AtSession, FarApart, Overlapping, Passed, Skipped, Twice
from app.agenda.planning import Hour, Plan, obstacles

NEW = "/desk/activities/new/webinar"
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
FIRST = date(2027, 3, 21)
PLAN = Plan(kind=Kind.WEBINAR, on=FIRST, start=time(18), minutes=60)


def hour(day, start=time(18), minutes=60, **facts):
    return Hour(on=day, start=start, minutes=minutes, **facts)


def against(*further, **facts):
    return obstacles(replace(PLAN, further=tuple(further)), at=NOW, **facts)


def test_sessions_follow_each_other_and_may_meet_back_to_back():
    assert against(hour(FIRST, time(19)), hour(date(2027, 3, 28), time(1, 30))) == []


@pytest.mark.parametrize(
    ("further", "kind"),
    [
        (hour(FIRST, time(18, 59)), Overlapping),
        (hour(date(2027, 3, 20)), Overlapping),
        (hour(date(2027, 4, 30)), FarApart),
        (hour(date(2027, 2, 1)), Passed),
        (hour(date(2027, 3, 28), time(2, 30)), Skipped),
    ],
)
def test_what_stands_against_a_further_session_names_it(further, kind):
    found = against(further)

    assert kind in [type(one.obstacle) for one in found if isinstance(one, AtSession)]
    assert str(found[0]).startswith("Session 2: ")


def test_a_further_session_at_an_hour_shown_twice_is_asked_about():
    autumn = replace(PLAN, on=date(2027, 10, 30))
    twice = hour(date(2027, 10, 31), time(2, 30))

    [found] = obstacles(replace(autumn, further=(twice,)), at=NOW)

    assert isinstance(found, AtSession)
    assert isinstance(found.obstacle, Twice)
    assert found.field == "further-0-fold"
    assert obstacles(replace(autumn, further=(replace(twice, fold=1),)), at=NOW) == []


def test_sessions_that_have_begun_are_not_asked_about_their_hour():
    begun = replace(PLAN, on=date(2027, 2, 28), further=(hour(FIRST),))

    assert [type(one) for one in obstacles(begun, at=NOW)] == [Passed]
    assert obstacles(begun, at=NOW, begun=1) == []


def the_one(session):
    return session.scalars(select(Activity)).one()


@pytest.fixture
def three_evenings(browser, eva, session):
    """A draft of three evenings over the change to summer time, planned at the form."""
    page = browser.sign_in(eva).visit(NEW)
    typed = {
        "outcomes": "- read a plan",
        "captions": "English",
        "title": "Three evenings",
        "on": "2027-03-21",
        "start": "18:00",
        "minutes": "60",
    }
    for number in (1, 2):
        fields = {name: values[-1] for name, values in page.form()["fields"].items() if values}
        fields |= {**typed, "more_sessions": "1"}
        page = browser.post(NEW, fields, status=200)
        assert f"Session {number + 1}" in page.text
    browser.submit(**{"further-0-on": "2027-03-28", "further-1-on": "2027-03-29",
                      "further-1-start": "23:30"})  # fmt: skip
    return the_one(session)


def test_several_sessions_are_planned_row_by_row(three_evenings):
    webinar = three_evenings
    assert [one.starts_local for one in webinar.sessions] == [
        "2027-03-21T18:00", "2027-03-28T18:00", "2027-03-29T23:30",
    ]  # fmt: skip
    assert [one.starts_at.hour for one in webinar.sessions] == [17, 16, 21]
    assert webinar.minutes == 180
    assert webinar.until_at == datetime(2027, 3, 29, 22, 30, tzinfo=UTC)
    assert webinar.windows[0] == (
        datetime(2027, 3, 21, 17, tzinfo=UTC), datetime(2027, 3, 21, 18, tzinfo=UTC),
    )  # fmt: skip


def test_a_draft_loses_a_session_whose_day_is_emptied(three_evenings, browser, session):
    kept = [one.id for one in three_evenings.sessions]
    browser.visit(f"/desk/activities/{three_evenings.id}/plan")

    browser.submit(**{"further-1-on": ""})

    session.expire_all()
    assert [one.id for one in three_evenings.sessions] == kept[:2]
    assert three_evenings.minutes == 120


def test_a_refusal_is_told_at_the_row_of_the_session(three_evenings, browser):
    browser.visit(f"/desk/activities/{three_evenings.id}/plan")

    page = browser.submit(status=422, **{"further-0-on": "2027-03-20"})

    assert "It starts before the session above it is over" in page.text


def test_pages_and_calendars_show_every_session(three_evenings, browser, another_browser):
    browser.visit(f"/desk/activities/{three_evenings.id}")
    browser.submit("/announcement")
    page = another_browser.visit(f"/agenda/{three_evenings.id}")
    shown = ("Session 1", "Session 3", "23:30–00:30 CEST", "3 hours", "read a plan", "Captions")
    for said in shown:
        assert said in page.text
    assert "several sessions until 30 March 2027" in another_browser.visit("/agenda").text
    month = another_browser.visit("/agenda/month/2027-03")
    assert month.html.count("Three evenings") == 3

    file = another_browser.visit(f"/agenda/{three_evenings.id}.ics").response.text
    entries = Calendar.from_ical(file).walk("VEVENT")
    uids = [str(one["uid"]).split("@")[0] for one in entries]
    first = f"activity-{three_evenings.id}"
    assert uids == [first, f"{first}-2", f"{first}-3"]
    assert [one.decoded("dtstart").hour for one in entries] == [18, 18, 23]
    assert "(3/3)" in entries[2]["summary"]
