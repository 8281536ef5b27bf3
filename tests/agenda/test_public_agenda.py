"""The agenda as everybody sees it: the list, its filters, its pages, one activity, the zone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.agenda.models import Course
from app.clock import now
from app.journal.models import Entry
from tests.agenda.conftest import at
from tests.cast import make_webinar


def titles(page):
    return [line for line in page.html.split("<bdi>")[1:] if "</h3>" in line.split("\n")[0]]


def shows(page, *names):
    return [name for name in names if name in page.text]


def test_an_empty_agenda_says_how_it_begins(browser, societies):
    assert "Nothing is announced yet" in browser.visit("/agenda").text


def test_the_list_shows_what_is_announced_and_no_draft(browser, announce):
    announce("DICOM for beginners")
    announce("A secret plan", announced=False)

    page = browser.visit("/agenda")

    assert shows(page, "DICOM for beginners", "A secret plan") == ["DICOM for beginners"]


def test_upcoming_webinars_stand_in_order_and_past_ones_apart(browser, announce):
    announce("Third", 30)
    announce("First", 2)
    announce("Second", 9)
    announce("Long ago", -9)
    announce("Longer ago", -20)

    upcoming, past = browser.visit("/agenda").text, browser.visit("/agenda?when=past").text

    assert upcoming.index("First") < upcoming.index("Second") < upcoming.index("Third")
    assert "ago" not in upcoming
    assert past.index("Long ago") < past.index("Longer ago")
    assert "First" not in past


def test_what_is_on_now_is_still_upcoming(browser, announce):
    announce("On the air", starts_at=now() - timedelta(minutes=30), minutes=60)
    announce("Off the air", starts_at=now() - timedelta(minutes=90), minutes=60)

    assert shows(browser.visit("/agenda"), "On the air", "Off the air") == ["On the air"]
    assert shows(browser.visit("/agenda?when=past"), "On the air", "Off the air") == ["Off the air"]


def test_courses_without_a_day_stand_at_the_end_of_what_is_to_come(browser, announce, course):
    announce("A webinar")

    text = browser.visit("/agenda").text

    assert text.index("A webinar") < text.index("Foundations of imaging informatics")
    assert "Foundations" not in browser.visit("/agenda?when=past").text


def test_the_filters_choose(browser, announce, societies, course):
    announce("For all of us")
    announce("With SIIM", others=[societies.siim], audiences=["radiologist"])
    announce("Mit Bildern", language="de", speakers=["Ulla Ljung", "د. ليلى الحسيني"])

    every = ("For all of us", "With SIIM", "Mit Bildern", "Foundations of imaging")

    def found(query):
        return shows(browser.visit(f"/agenda?{query}"), *every)

    assert found("") == list(every)
    assert found("kind=course") == ["Foundations of imaging"]
    assert found("kind=webinar") == list(every[:3])
    assert found("kind=concert") == list(every)
    assert found("society=siim") == ["With SIIM", "Foundations of imaging"]
    assert found("society=nobody") == []
    assert found("audience=radiographer") == [
        "For all of us",
        "Mit Bildern",
        "Foundations of imaging",
    ]
    assert found("audience=radiologist") == list(every)
    assert found("language=de") == ["Mit Bildern"]
    assert found("q=with+siim") == ["With SIIM"]
    assert found("q=ljung") == ["Mit Bildern"]
    assert found("q=ليلى") == ["Mit Bildern"]
    assert found("q=100%25") == []
    assert found("kind=webinar&society=eusomii&language=en&q=all") == ["For all of us"]


def test_a_search_without_result_leads_back_to_everything(browser, announce):
    announce("A webinar")

    page = browser.visit("/agenda?q=astrology")

    assert "Nothing on the agenda fits" in page.text
    assert "/agenda" in page.links


def test_the_list_is_paged_by_key_and_loses_nothing(browser, announce, session, eva, societies):
    for number in range(43):
        announce(f"Webinar {number:02}", 1 + number // 4)
    for number in range(5):
        course = Course(title=f"Course {number}", created_at=now(), created_by=eva)
        course.held_by(societies.eusomii)
        session.add(course)
        session.flush()
        course.announce(by=eva, at=now())

    seen, url, pages = [], "/agenda", 0
    while url:
        page = browser.visit(url, budget=10)
        seen += [t[:10] for t in titles(page)]
        url = next((link for link in page.links if "after=" in link and "zone" not in link), "")
        pages += 1

    assert pages == 3
    assert len(seen) == 48 == len(set(seen))
    assert seen[:43] == [f"Webinar {n:02}" for n in range(43)]
    assert seen[43].startswith("Course 0")


def test_many_that_have_just_ended_do_not_empty_the_first_page(browser, announce):
    for number in range(25):
        announce(f"Over {number}", starts_at=now() - timedelta(hours=3, minutes=number), minutes=60)
    announce("Still to come", 2)

    assert "Still to come" in browser.visit("/agenda").text


def test_a_key_that_is_none_begins_at_the_beginning(browser, announce):
    announce("The first of all")

    for key in ("x", "~", "2026-10-14~3", "open~-1", "9999-99-99T00:00:00Z~1", "open~" + "9" * 30):
        assert "The first of all" in browser.visit("/agenda", query_string={"after": key}).text


def test_a_thousand_activities_cost_no_more_statements(browser, announce):
    for number in range(60):
        announce(f"Webinar {number}", 1 + number)

    few = len(browser.visit("/agenda?q=Webinar+7").statements)

    assert len(browser.visit("/agenda").statements) <= few + 1
    assert few <= 8


def test_the_page_of_a_webinar_says_everything_but_the_link(browser, webinar):
    page = browser.visit(f"/agenda/{webinar.id}", budget=10)

    for said in ("DICOMweb, FHIR and IHE in practice", "Dr Ida Nyström", "Uppsala", "SIIM",
                 "18:00–19:30", "Introductory", "English", "1 hour 30 minutes"):  # fmt: skip
        assert said in page.text
    assert "<h3>Outline</h3>" in page.html
    assert "meet.example" not in page.html


def test_a_stranger_sees_times_in_the_zone_of_their_choice(browser, announce):
    webinar = announce("Far away", starts_at=at(2027, 7, 14, 18))
    browser.visit("/zone?next=/agenda")

    page = browser.submit(zone="America/New_York")

    assert "12:00–13:30 EDT" in page.text
    assert "Times in America/New York" in page.text
    own = browser.visit(f"/agenda/{webinar.id}").text
    assert "Wed 14 July 2027, 12:00–13:30 EDT" in own
    assert "18:00–19:30 CEST (Europe/Vienna)" in own


def test_the_zone_of_a_device_is_offered_and_nothing_is_kept_before_it_is_chosen(
    browser, societies
):
    for offered, shown in (("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Olympus", "Europe/Vienna")):
        page = browser.visit(f"/zone?next=/agenda&zone={offered}")
        assert page.form()["fields"]["zone"] == [shown]
    assert "Times in Europe/Vienna" in browser.visit("/agenda").text


def test_the_zone_of_a_person_is_kept_in_the_profile(browser, ana, session, announce):
    announce("Far away", starts_at=at(2027, 7, 14, 18))
    browser.sign_in(ana).visit("/zone?next=/agenda")

    page = browser.submit(zone="Asia/Kathmandu")

    assert ana.zone == "Asia/Kathmandu"
    assert "21:45–23:15 UTC+0545" in page.text
    assert session.scalar(select(Entry).where(Entry.act == "person.zone_chosen")) is not None


def test_a_zone_that_is_none_is_asked_again_and_leads_nowhere_else(browser, societies):
    browser.visit("/zone?next=https://evil.example/")

    page = browser.submit(zone="Mars/Olympus", status=422)

    assert "evil.example" not in page.html


def test_a_time_just_before_midnight_stands_under_the_readers_own_day(browser, ana, announce):
    announce("Late", starts_at=at(2027, 5, 31, 23, 30))
    ana.zone = "Asia/Tokyo"

    assert "June 2027" in browser.sign_in(ana).visit("/agenda").text
    assert "May 2027" in browser.sign_out().visit("/agenda").text


def test_a_draft_is_nobodys_page(browser, session, eva, societies):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)

    browser.visit(f"/agenda/{draft.id}", status=404)
    browser.visit(f"/agenda/{draft.id}.ics", status=404)
    browser.sign_in(eva).visit(f"/agenda/{draft.id}", status=404)


def test_what_people_write_is_shown_and_not_run(browser, announce):
    webinar = announce("<script>alert(1)</script>", speakers=["<img src=x onerror=alert(1)>"])
    webinar.description = "<script>alert(2)</script> [x](javascript:alert(3))"

    html = browser.visit(f"/agenda/{webinar.id}").html

    assert "<script>alert" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<script>alert" not in browser.visit("/agenda").html
