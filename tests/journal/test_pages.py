"""Auditors read what concerns their society, platform administrators everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import today
from app.journal.models import Entry, record
from app.societies.models import Office
from tests.cast import NOON


def test_an_auditor_sees_their_society_and_no_other(browser, session, otto, eva, sam, societies):
    eusomii = societies.eusomii.id
    mine = record(session, "webinar.announced", by=eva, at=NOON, on=eva, society_id=eusomii)
    on_it = record(session, "society.changed", by=eva, at=NOON, on=societies.eusomii)
    other = record(session, "webinar.moved", by=sam, at=NOON, on=sam, society_id=societies.siim.id)
    nobodys = record(session, "person.changed", by=sam, at=NOON, on=sam)
    session.commit()

    page = browser.sign_in(otto).visit("/desk/journal")
    assert "webinar.announced" in page.text
    assert "society.changed" in page.text
    assert "webinar.moved" not in page.text
    assert "person.changed" not in page.text
    browser.visit(f"/desk/journal/{mine.id}")
    browser.visit(f"/desk/journal/{on_it.id}")
    browser.visit(f"/desk/journal/{other.id}", status=404)
    browser.visit(f"/desk/journal/{nobodys.id}", status=404)


def test_the_auditors_of_every_society_concerned_see_a_joint_act(
    browser, session, otto, webinar, eva, societies, make_person, give_mandate
):
    siims, efrs = make_person("Sofia Lang"), make_person("Emil Vos")
    give_mandate(siims, Office.AUDITOR, societies.siim)
    give_mandate(efrs, Office.AUDITOR, societies.efrs)
    webinar.amend(replace(webinar.texts, title="DICOM, anew"), by=eva, at=NOON)
    session.commit()
    entry = session.scalars(select(Entry).where(Entry.act == "webinar.amended")).one()

    for auditor in (otto, siims):
        page = browser.sign_in(auditor).visit("/desk/journal")
        assert page.text.count("webinar.amended") == 1
        browser.visit(f"/desk/journal/{entry.id}")
    assert "webinar.amended" not in browser.sign_in(efrs).visit("/desk/journal").text
    browser.visit(f"/desk/journal/{entry.id}", status=404)


def test_a_platform_administrator_sees_everything(browser, session, pia, sam, societies):
    other = record(session, "webinar.moved", by=sam, at=NOON, on=sam, society_id=societies.siim.id)
    nobodys = record(session, "person.changed", by=sam, at=NOON, on=sam)
    session.commit()

    page = browser.sign_in(pia).visit("/desk/journal")
    assert "webinar.moved" in page.text
    assert "person.changed" in page.text
    browser.visit(f"/desk/journal/{other.id}")
    browser.visit(f"/desk/journal/{nobodys.id}")


def test_an_auditor_of_yesterday_sees_nothing(
    browser, session, make_person, give_mandate, societies
):
    once = make_person("Olga Brandt")
    give_mandate(once, Office.AUDITOR, societies.eusomii, until_on=today() - timedelta(days=1))

    browser.sign_in(once).visit("/desk/journal", status=403)


def test_the_journal_is_closed_to_everyone_else(browser, ana, eva, erik):
    browser.visit("/desk/journal", status=302)
    for person in (ana, eva, erik):
        browser.sign_in(person).visit("/desk/journal", status=403)


def test_the_list_goes_back_by_key(browser, make_entries, pia):
    entries = make_entries(120)
    browser.sign_in(pia)

    seen, url = [], "/desk/journal"
    while url:
        page = browser.visit(url)
        seen += [int(link.rsplit("/", 1)[1]) for link in page.links if "/desk/journal/" in link]
        url = next((link for link in page.links if "before=" in link), "")
    assert seen == [e.id for e in reversed(entries)]


def test_a_page_of_fifty_takes_no_more_statements_than_a_page_of_one(browser, make_entries, pia):
    make_entries(1)
    few = len(browser.sign_in(pia).visit("/desk/journal").statements)
    make_entries(60)

    assert len(browser.visit("/desk/journal").statements) == few


def test_entries_are_found_by_act_and_by_person(browser, session, pia, ana, ben):
    record(session, "webinar.announced", by=ana, at=NOON, on=ana)
    record(session, "enrolment.made", by=ben, at=NOON, on=ana)
    record(session, "course.announced", by=ben, at=NOON, on=ben)
    session.commit()
    browser.sign_in(pia)

    def acts(query):
        page = browser.visit(f"/desk/journal{query}")
        known = ("webinar.announced", "enrolment.made", "course.announced")
        return {act for act in known if act in page.html.split("<tbody>")[-1]}

    assert acts("?act=announced") == {"webinar.announced", "course.announced"}
    assert acts("?act=Webinar") == {"webinar.announced"}
    assert acts("?person=okoro") == {"enrolment.made", "course.announced"}
    assert acts("?person=ana&act=made") == {"enrolment.made"}
    assert "No entry fits" in browser.visit("/desk/journal?act=%25").text  # a per cent sign is one
    assert "No entry fits" in browser.visit("/desk/journal?person=nobody").text


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=-1",
        "before=99999999999999999999",
        "before=1e9",
        "act=" + "x" * 5000,
        "person=%F0%9F%98%80&before=",
    ],
)
def test_a_strange_question_gets_an_answer(browser, make_entries, pia, query):
    make_entries(1)
    browser.sign_in(pia).visit(f"/desk/journal?{query}")


def test_an_entry_shows_everything_that_was_written_down(browser, make_entries, session, pia):
    entry = make_entries(1)[0]
    page = browser.sign_in(pia).visit(f"/desk/journal/{entry.id}")

    for text in ("Ana Lopez", "person.changed", "naïve 日本", "2026-09-01T12:00:00.000000+00:00"):
        assert text in page.text
    assert entry.link.digest.hex() in page.text.replace(" ", "")


def test_what_people_write_is_shown_as_text(browser, session, pia, make_person):
    eve = make_person("<script>alert(1)</script>", "eve@clinic.example")
    entry = record(session, "person.changed", by=eve, at=NOON, on=eve, note="<img src=x onerror=y>")
    session.commit()

    for url in ("/desk/journal", f"/desk/journal/{entry.id}"):
        html = browser.sign_in(pia).visit(url).html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
