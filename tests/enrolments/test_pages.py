"""Enrolling on the page, one's own enrolments, leaving."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from app.clock import now
from app.enrolments.booking import enrol, withdraw
from app.enrolments.models import Enrolment
from app.outbox.models import Message
from tests.cast import make_webinar


def test_one_click_enrols(browser, session, ana, webinar):
    page = browser.sign_in(ana).visit(f"/agenda/{webinar.id}")
    assert "120 of 120 places left" in page.text

    page = browser.submit(f"/agenda/{webinar.id}/enrolment")

    assert "You are enrolled" in page.text
    assert session.scalars(select(Enrolment)).one().has_place
    assert "You are enrolled" in browser.visit(f"/agenda/{webinar.id}").text


def test_a_second_click_gets_the_first_answer(browser, session, ana, webinar):
    browser.sign_in(ana)
    first = browser.post(f"/agenda/{webinar.id}/enrolment")
    second = browser.post(f"/agenda/{webinar.id}/enrolment")

    assert first.response.headers["Location"] == second.response.headers["Location"]
    assert session.scalars(select(Enrolment)).one().person == ana


def test_a_full_webinar_offers_the_waiting_list(browser, session, ana, two_places, enrolled):
    enrolled(two_places, 3)
    page = browser.sign_in(ana).visit(f"/agenda/{two_places.id}")
    assert "Join the waiting list" in page.text
    assert "Full · 1 waits" in page.text

    page = browser.submit(f"/agenda/{two_places.id}/enrolment")

    assert "You are number 2 on the waiting list" in page.text
    assert "number 2 on the waiting list" in browser.visit(f"/agenda/{two_places.id}").text
    assert two_places.title in browser.visit("/my/enrolments?show=waiting").text


def test_a_stranger_is_told_what_happens_and_is_enrolled_on_arrival(browser, session, webinar):
    assert f"/agenda/{webinar.id}/enrolment" in browser.visit(f"/agenda/{webinar.id}").links
    browser.visit(f"/agenda/{webinar.id}/enrolment", status=303)
    assert "Then you are enrolled at once" in browser.visit("/sign-up").text

    browser.submit(
        name="Nora Berg", address="nora@clinic.example",
        password="violet harbour 7 lanterns", profession="radiologist", country="NO",
    )  # fmt: skip
    assert session.scalars(select(Enrolment)).all() == []
    letter = session.scalars(select(Message).where(Message.to == "nora@clinic.example")).one()
    link = next(word for word in letter.plain.split() if "/sign-up/" in word)
    browser.visit(link.split(":8000")[-1] if ":8000" in link else link)
    page = browser.submit()

    enrolment = session.scalars(select(Enrolment)).one()
    assert enrolment.person.name == "Nora Berg"
    assert enrolment.has_place
    assert "You are enrolled" in page.text


def test_what_is_not_announced_or_not_there_cannot_be_enrolled_in(
    browser, session, ana, eva, societies
):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)
    browser.sign_in(ana)

    browser.post(f"/agenda/{draft.id}/enrolment", status=404)
    browser.post("/agenda/999/enrolment", status=404)
    assert session.scalars(select(Enrolment)).all() == []


def test_what_is_over_answers_in_words(browser, session, ana, eva, societies):
    over = make_webinar(session, eva, societies.eusomii, starts_at=now() - timedelta(days=1))
    page = browser.sign_in(ana).post(f"/agenda/{over.id}/enrolment", status=409)

    assert "This webinar is over." in page.text


def test_the_button_to_join_appears_a_quarter_of_an_hour_before_the_start(
    browser, session, ana, webinar
):
    place = enrol(session, webinar, ana, at=now())
    early, soon = (webinar.starts_at - timedelta(minutes=m) for m in (16, 15))
    page_of, button = f"/enrolments/{place.id}", f"/enrolments/{place.id}/joining"

    with time_machine.travel(early, tick=False):
        page = browser.sign_in(ana).visit(page_of)
        assert button not in page.html
        assert "The button to join appears here" in page.text
    with time_machine.travel(soon, tick=False):
        assert button in browser.visit(page_of).html
        assert "https://meet.example/room" in browser.submit(button).html
        assert "https://meet.example/room" not in browser.visit(f"/agenda/{webinar.id}").html
    with time_machine.travel(webinar.ends_at, tick=False):
        assert button not in browser.visit(page_of).html


def test_who_waits_does_not_see_the_link(browser, session, two_places, enrolled):
    *_placed, third = enrolled(two_places, 3)
    with time_machine.travel(two_places.starts_at, tick=False):
        page = browser.sign_in(third.person).visit(f"/enrolments/{third.id}")

    assert "https://meet.example/room" not in page.html
    assert "You are number 1 on the waiting list" in page.text


def test_a_person_leaves_with_a_reason(browser, session, ana, webinar):
    place = enrol(session, webinar, ana, at=now())
    browser.sign_in(ana).visit(f"/enrolments/{place.id}/withdrawal")

    page = browser.submit(reason="night shifts")

    assert place.withdrawal is not None
    assert place.withdrawal.reason == "night shifts"
    assert "You have left" in page.text
    assert "You may come back" in browser.visit(f"/agenda/{webinar.id}").text
    assert "You have left already" in browser.visit(f"/enrolments/{place.id}/withdrawal").text
    assert webinar.title in browser.visit("/my/enrolments?show=past").text


def test_a_reason_too_long_is_kept_and_explained(browser, session, ana, webinar):
    place = enrol(session, webinar, ana, at=now())
    browser.sign_in(ana).visit(f"/enrolments/{place.id}/withdrawal")

    page = browser.submit(reason="x" * 501, status=422)

    assert "Please keep this to 500 characters." in page.text
    assert "x" * 501 in page.html
    assert place.is_active


def test_nobody_sees_or_ends_another_persons_enrolment(browser, session, ana, ben, webinar):
    place = enrol(session, webinar, ana, at=now())
    browser.sign_in(ben)

    browser.visit(f"/enrolments/{place.id}", status=404)
    browser.visit(f"/enrolments/{place.id}/calendar.ics", status=404)
    browser.post(f"/enrolments/{place.id}/withdrawal", status=404)
    assert place.is_active


def test_the_calendar_file_names_the_webinar(browser, session, ana, webinar):
    place = enrol(session, webinar, ana, at=now())
    page = browser.sign_in(ana).visit(f"/enrolments/{place.id}/calendar.ics")

    assert page.response.mimetype == "text/calendar"
    assert "SUMMARY:DICOMweb\\, FHIR and IHE in practice" in page.html


def test_my_enrolments_come_in_the_order_of_their_dates_page_by_page(
    browser, session, ana, eva, societies, course
):
    start = now().replace(microsecond=600_000) + timedelta(days=3)
    for day in reversed(range(22)):
        webinar = make_webinar(
            session, eva, societies.eusomii, title=f"Webinar {day:02}",
            starts_at=start + timedelta(days=day),
        )  # fmt: skip
        enrol(session, webinar, ana, at=now())
    enrol(session, course, ana, at=now())
    first = browser.sign_in(ana).visit("/my/enrolments")
    second = browser.visit(next(link for link in first.links if "after=" in link))

    assert [n for n in range(22) if f"Webinar {n:02}" in first.text] == list(range(20))
    assert [n for n in range(22) if f"Webinar {n:02}" in second.text] == [20, 21]
    assert course.title in second.text
    assert "after=" not in " ".join(second.links)


def test_what_is_over_stands_among_the_past_from_the_minute_it_ends(browser, session, ana, webinar):
    enrol(session, webinar, ana, at=now())
    last = webinar.ends_at - timedelta(seconds=1)

    with time_machine.travel(last, tick=False):
        browser.sign_in(ana)
        assert webinar.title in browser.visit("/my/enrolments").text
        assert webinar.title not in browser.visit("/my/enrolments?show=past").text
    with time_machine.travel(webinar.ends_at, tick=False):
        assert webinar.title not in browser.visit("/my/enrolments").text
        assert webinar.title in browser.visit("/my/enrolments?show=past").text


def test_strange_keys_of_pages_are_left_out_of_account(browser, session, ana, webinar):
    place = enrol(session, webinar, ana, at=now())
    browser.sign_in(ana)
    for key in ("x", "1-", "-1", "99999999999999999999-1", "١-٢", "1-2-3"):
        browser.visit("/my/enrolments", query_string={"after": key})
    withdraw(session, place, by=ana, at=now())
    assert "Nothing ahead of you yet" in browser.visit("/my/enrolments").text


def test_the_agenda_says_who_has_a_place_and_who_waits(
    session, browser, another_browser, ana, ben, eva, societies
):
    small = make_webinar(session, eva, societies.eusomii, capacity=1)
    for person in (ana, ben):
        enrol(session, small, person, at=now())

    seen = browser.sign_in(ana).visit("/agenda").text
    assert "You are enrolled" in seen
    assert "You are on the waiting list" not in seen
    assert "You are on the waiting list" in another_browser.sign_in(ben).visit("/agenda").text
