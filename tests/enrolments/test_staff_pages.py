"""The list of participants, for the administrators of the organising societies."""

import csv
import io
from datetime import timedelta

from app.clock import now
from app.enrolments.booking import enrol, withdraw
from app.tables import safe
from tests.cast import make_webinar


def test_the_list_shows_who_has_a_place_waits_and_left(browser, session, eva, two_places, enrolled):
    first, second, third, fourth = enrolled(two_places, 4)
    withdraw(session, first, by=first.person, at=now())
    url = f"/desk/activities/{two_places.id}/participants"

    page = browser.sign_in(eva).visit(url)
    assert "from the waiting list" in page.text
    for show, one in (
        ("place", second),
        ("place", third),
        ("waiting", fourth),
        ("withdrawn", first),
    ):
        shown = browser.visit(f"{url}?show={show}")
        assert one.person.name in shown.text
    assert second.person.name not in browser.visit(f"{url}?show=waiting").text


def test_both_organising_societies_reach_the_list_and_nobody_else(
    browser, session, eva, sam, fay, ana, webinar, make_person, give_mandate, societies
):
    from app.societies.models import Office

    efrs = make_person("Eli Stone")
    give_mandate(efrs, Office.COURSE_ADMINISTRATOR, societies.efrs)
    url = f"/desk/activities/{webinar.id}"

    for person in (eva, sam):
        browser.sign_in(person).visit(f"{url}/participants")
    browser.sign_in(efrs).visit(f"{url}/participants", status=404)
    browser.visit(f"{url}/participants.csv", status=404)
    browser.post(f"{url}/capacity", {"capacity": "9"}, status=404)
    for person in (fay, ana):
        browser.sign_in(person).visit(f"{url}/participants", status=403)
    assert webinar.capacity == 120


def test_the_list_goes_on_by_key_in_both_directions(browser, session, eva, webinar, enrolled):
    enrolled(webinar, 120)
    url = f"/desk/activities/{webinar.id}/participants"

    def shown(page):
        return [n for n in range(1, 121) if f"Person{n} " in page.text]

    def link(page, rel):
        start = page.html.index(f'rel="{rel}" href="') + len(f'rel="{rel}" href="')
        return page.html[start : page.html.index('"', start)].replace("&amp;", "&")

    first = browser.sign_in(eva).visit(url)
    second = browser.visit(link(first, "next"))
    third = browser.visit(link(second, "next"))
    assert [shown(page)[0] for page in (first, second, third)] == [1, 51, 101]
    assert 'rel="next"' not in third.html
    assert shown(browser.visit(link(third, "prev"))) == shown(second)
    assert shown(browser.visit(link(second, "prev"))) == shown(first)
    assert 'rel="prev"' not in browser.visit(link(second, "prev")).html


def test_people_are_found_by_name_and_address_in_any_script(
    browser, session, eva, webinar, make_person
):
    zoe = make_person("Zoë Łukasiewicz-Ångström", "zoe@clinic.example")
    odd = make_person("100% Sure_Thing", "sure@clinic.example")
    for person in (zoe, odd):
        enrol(session, webinar, person, at=now())
    url = f"/desk/activities/{webinar.id}/participants"
    browser.sign_in(eva)

    for q in ("łukasiewicz", "Łukas", "ZOE@", "ångström"):
        page = browser.visit(url, query_string={"q": q})
        assert zoe.name in page.text
        assert odd.name not in page.text
    assert zoe.name not in browser.visit(url, query_string={"q": "%"}).text
    assert "Nobody found" in browser.visit(url, query_string={"q": "xyz"}).text


def test_raising_the_capacity_promotes_and_tells(browser, session, eva, two_places, enrolled):
    *_placed, third, fourth = enrolled(two_places, 4)
    browser.sign_in(eva).visit(f"/desk/activities/{two_places.id}/participants")

    page = browser.submit(f"/{two_places.id}/capacity", capacity="3")

    assert "1 person from the waiting list has a place now" in page.text
    assert third.has_place
    assert fourth.waits


def test_only_the_leading_society_changes_the_number_of_places(
    browser, session, eva, sam, two_places
):
    url = f"/desk/activities/{two_places.id}"

    page = browser.sign_in(sam).visit(f"{url}/participants")
    assert "Change the number of places" not in page.text
    browser.post(f"{url}/capacity", {"capacity": "3"}, status=404)
    assert two_places.capacity == 2

    browser.sign_in(eva).visit(f"{url}/participants")
    browser.submit("/capacity", capacity="3")
    session.refresh(two_places)
    assert two_places.capacity == 3


def test_what_is_over_keeps_its_number_of_places(browser, session, societies, eva):
    over = make_webinar(session, eva, societies.eusomii, starts_at=now() - timedelta(days=1))
    url = f"/desk/activities/{over.id}"

    page = browser.sign_in(eva).visit(f"{url}/participants")
    assert "Change the number of places" not in page.text
    page = browser.post(f"{url}/capacity", {"capacity": "300"}, status=409)

    assert "This is over" in page.text
    session.refresh(over)
    assert over.capacity == 120


def test_lowering_below_what_is_taken_is_explained_at_the_field(
    browser, session, eva, two_places, enrolled
):
    enrolled(two_places, 2)
    browser.sign_in(eva).visit(f"/desk/activities/{two_places.id}/participants")

    for wrong, said in (("1", "2 places are taken"), ("0", "a number from 1"), ("many", "integer")):
        page = browser.submit(f"/{two_places.id}/capacity", capacity=wrong, status=422)
        assert said in page.text
        assert f'value="{wrong}"' in page.html
        browser.visit(f"/desk/activities/{two_places.id}/participants")
    assert two_places.capacity == 2


def test_the_export_holds_everybody_and_no_formula(
    browser, session, eva, webinar, make_person, enrolled
):
    enrolled(webinar, 3)
    enrol(session, webinar, make_person("=cmd|' /C calc'!A0", "cmd@clinic.example"), at=now())
    page = browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/participants.csv")

    rows = list(csv.DictReader(io.StringIO(page.response.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["name"] for row in rows] == [
        "Person1 Family1", "Person2 Family2", "Person3 Family3", "'=cmd|' /C calc'!A0",
    ]  # fmt: skip
    assert {row["state"] for row in rows} == {"place"}


def test_what_a_spreadsheet_would_run_is_made_text():
    assert [safe(cell) for cell in ("=1", "+1", "-1", "@x", "\tx", "%x", "plain", "")] == [
        "'=1", "'+1", "'-1", "'@x", "'\tx", "'%x", "plain", "",
    ]  # fmt: skip
