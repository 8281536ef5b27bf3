"""Calendar files: the entry of a webinar and the feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from app.agenda.planning import Texts
from app.clock import now
from tests.agenda.conftest import at


def events(page):
    assert page.response.mimetype == "text/calendar"
    return Calendar.from_ical(page.html).walk("VEVENT")


def test_the_entry_of_a_webinar_names_its_hour_its_zone_and_its_page(browser, announce):
    webinar = announce("In July", starts_at=at(2027, 7, 14, 18))

    page = browser.visit(f"/agenda/{webinar.id}.ics")
    [event] = events(page)

    assert event["UID"] == f"activity-{webinar.id}@127.0.0.1"
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2027, 7, 14, 16, tzinfo=UTC)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=90)
    assert event["DTSTART"].params["TZID"] == "Europe/Vienna"
    assert "BEGIN:VTIMEZONE" in page.html
    assert event["URL"].endswith(f"/agenda/{webinar.id}")
    assert "meet.example" not in page.html


def test_a_change_keeps_the_entry_and_counts_up(browser, announce, eva):
    webinar = announce("Before")
    [before] = events(browser.visit(f"/agenda/{webinar.id}.ics"))

    webinar.amend(Texts(title="After"), by=eva, at=now())
    [after] = events(browser.visit(f"/agenda/{webinar.id}.ics"))

    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["SUMMARY"] == "After"
    assert after.decoded("DTSTAMP") > before.decoded("DTSTAMP")


def test_the_feed_has_the_filters_of_the_list(browser, announce, societies, course):
    announce("With SIIM", 5, others=[societies.siim])
    announce("Alone", 6)
    announce("Last month", -30)
    announce("Last year", -300)
    announce("A draft", 8, announced=False)

    def found(query):
        return [str(e["SUMMARY"]) for e in events(browser.visit(f"/agenda/feed.ics{query}"))]

    assert sorted(found("")) == ["Alone", "Last month", "With SIIM"]
    assert found("?society=siim") == ["With SIIM"]
    assert found("?q=alone") == ["Alone"]
    assert found("?society=nobody") == []


def test_whoever_has_the_feed_is_told_that_nothing_changed(browser, announce, eva):
    webinar = announce("The same")
    tag = browser.visit("/agenda/feed.ics").response.headers["ETag"]

    browser.visit("/agenda/feed.ics", headers={"If-None-Match": tag}, status=304)

    webinar.amend(Texts(title="Another"), by=eva, at=now())
    browser.visit("/agenda/feed.ics", headers={"If-None-Match": tag}, status=200)


def test_long_and_foreign_texts_survive_the_file(browser, announce):
    title = "الذكاء الاصطناعي; بحث, وتطوير " * 5
    webinar = announce(title.strip())

    [event] = events(browser.visit(f"/agenda/{webinar.id}.ics"))

    assert str(event["SUMMARY"]) == title.strip()


def test_a_course_has_no_hour_and_so_no_entry(browser, course):
    browser.visit(f"/agenda/{course.id}.ics", status=404)


def test_the_list_leads_to_the_feed_of_what_it_shows(browser, announce):
    announce("Alone")

    page = browser.visit("/agenda?society=eusomii")

    assert "webcal://127.0.0.1:8000/agenda/feed.ics?society=eusomii" in page.links
