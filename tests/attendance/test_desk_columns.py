"""A file with unknown headings at the desk: asked about once, remembered, seen and forgotten."""

import pytest
from sqlalchemy import select

from app.attendance.models import ColumnMapping, Participant, PresenceReport
from app.societies.models import Office
from tests.attendance import files
from tests.attendance.test_desk_upload import counts, load
from tests.attendance.test_mapping import POLISH, TOTALS_ONLY
from tests.cast import make_webinar

pytestmark = pytest.mark.usefixtures("the_day_after")


def test_a_polish_report_is_asked_about_once_and_read_by_itself_ever_after(
    browser, session, eva, small, societies
):
    page = load(browser.sign_in(eva), small, POLISH, "raport.csv")
    assert "What are these columns?" in page.text
    assert "Godzina dołączenia" in page.text
    assert counts(session) == [0, 0, 0]

    page = browser.submit()
    assert "you need not choose it again" in page.text
    page = browser.submit()

    assert "raport.csv is loaded." in page.text
    taken = session.scalars(select(PresenceReport)).one()
    assert taken.provider == "table"
    names = session.scalars(select(Participant.name).order_by(Participant.id)).all()
    assert names == ["Zofia Nowak", "Jan Gość"]

    again = make_webinar(session, eva, societies.eusomii, starts_at=small.starts_at)
    assert "is loaded" in load(browser, again, POLISH).text


def test_what_was_said_can_be_seen_and_forgotten(browser, session, eva, small):
    load(browser.sign_in(eva), small, POLISH)
    browser.submit()
    page = browser.visit("/desk/presence/remembered")
    assert "Godzina dołączenia" in page.text
    assert "day first" in page.text

    browser.submit("/withdrawal")

    assert session.scalars(select(ColumnMapping)).one().ended_at is not None
    assert "What are these columns?" in load(browser, small, POLISH).text


def test_a_choice_that_cannot_be_right_is_answered_at_its_field(browser, session, eva, small):
    load(browser.sign_in(eva), small, POLISH)

    page = browser.submit(name="", address="", status=422)
    assert "choose the column with the name or the address" in page.text
    page = browser.submit(name="0", joined="0", status=422)
    assert "Line 13 has “Zofia Nowak” under “Imię i nazwisko”" in page.text
    page = browser.submit(joined="1", left="1", status=422)
    assert "chosen for joining already" in page.text
    page = browser.submit(joined="2", left="1", status=422)
    assert "Line 13 has somebody leave" in page.text

    assert session.scalars(select(ColumnMapping)).all() == []


def test_units_in_another_language_are_said_once(browser, session, eva, small):
    load(browser.sign_in(eva), small, TOTALS_ONLY)

    page = browser.submit(lines="totals", hours="", status=422)
    assert "Line 8 has “1 godz.” under “Czas trwania”" in page.text
    browser.submit(hours="godz.")

    assert "is loaded" in browser.submit().text


def test_a_date_that_may_be_either_is_asked_about(browser, session, eva, small):
    either = files.lines(
        files.PLAIN[0], "Ana Lopez,ana@clinic.example,10/10/2026 18:00,10/10/2026 19:00"
    )
    page = load(browser.sign_in(eva), small, either)
    assert "What are these columns?" in page.text

    assert "which comes first" in browser.submit(order="", status=422).text
    browser.submit(order="dmy")

    assert session.scalars(select(ColumnMapping)).one().column_plan.order == "dmy"


def test_whoever_doubts_a_reading_may_say_it_themselves(browser, session, eva, small):
    page = load(browser.sign_in(eva), small, files.RIGHT["teams"], ask="y")

    assert "What are these columns?" in page.text
    assert "In-Meeting" not in page.text


def test_without_its_file_the_page_asks_for_it(browser, session, eva, small):
    url = f"/desk/activities/{small.id}/presence/columns"
    browser.sign_in(eva).visit(url, status=303)

    assert (
        "choose the file once more"
        in browser.visit(f"/desk/activities/{small.id}/presence/report").text
    )


def test_another_society_neither_sees_nor_forgets_it(
    browser, session, eva, small, societies, make_person, give_mandate
):
    load(browser.sign_in(eva), small, POLISH)
    browser.submit()
    mapping = session.scalars(select(ColumnMapping)).one()
    efrs = make_person("Eli Stone")
    give_mandate(efrs, Office.COURSE_ADMINISTRATOR, societies.efrs)

    browser.sign_in(efrs)

    assert "Godzina" not in browser.visit("/desk/presence/remembered").text
    browser.post(f"/desk/presence/columns/{mapping.id}/withdrawal", status=404)
    assert mapping.ended_at is None
