"""The holder's pages, and those of whoever issued the documents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import jobs, locale
from app.clock import now
from app.credentials.issuing import issue_diploma
from app.credentials.models import Credential
from app.files import digest_of
from app.journal.models import Entry
from app.outbox.models import Message
from app.sealing.jobs import typeset
from tests.credentials.conftest import address
from tests.sealing.keys import give_keys


@pytest.fixture
def certificate(session, anas_certificate) -> Credential:
    typeset(anas_certificate.id)
    session.expire_all()
    return anas_certificate


@pytest.fixture
def diploma(session, anas_diploma) -> Credential:
    give_keys(session)
    typeset(anas_diploma.id)
    session.expire_all()
    return anas_diploma


def acts(session):
    return set(session.scalars(select(Entry.act)))


def letters(session, kind: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.kind == kind)))


def test_someone_without_certificates_is_told_how_they_come(browser, ben):
    assert (
        "Nothing has been issued to you yet" in browser.sign_in(ben).visit("/my/certificates").text
    )


def test_the_holder_downloads_the_stored_bytes(browser, ana, certificate):
    browser.sign_in(ana).visit("/my/certificates")
    assert certificate.title in browser.page.text
    response = browser.visit(f"/my/certificates/{certificate.serial}/file").response
    assert digest_of(response.data) == certificate.file_digest
    assert response.headers["Cache-Control"] == "no-store"
    assert certificate.serial in response.headers["Content-Disposition"]


def test_another_persons_certificate_does_not_exist_for_a_stranger(browser, ben, certificate):
    browser.sign_in(ben)
    for path in ("", "/file"):
        browser.visit(f"/my/certificates/{certificate.serial}{path}", status=404)
    for path in ("/name", "/correction"):
        browser.post(f"/my/certificates/{certificate.serial}{path}", {"shows": "yes"}, status=404)


def test_a_certificate_that_is_being_made_says_so(browser, ana, anas_certificate):
    page = browser.sign_in(ana).visit(f"/my/certificates/{anas_certificate.serial}")
    assert "It is being made" in page.text
    browser.visit(f"/my/certificates/{anas_certificate.serial}/file", status=404)


def test_the_holder_decides_whether_the_name_is_shown(browser, session, ana, certificate):
    browser.sign_in(ana).visit(f"/my/certificates/{certificate.serial}")
    page = browser.submit("/name")
    assert "now shows your name" in page.text
    assert certificate.shows_name
    assert "no longer shows" in browser.submit("/name").text
    assert {"credential.name_published", "credential.name_hidden"} <= acts(session)


def test_a_correction_is_asked_granted_and_supersedes(
    browser, another_browser, session, ana, eva, certificate
):
    ana.name = "Ana María López"
    session.commit()
    browser.sign_in(ana).visit(f"/my/certificates/{certificate.serial}")
    assert "passed your request on" in browser.submit("/correction").text
    assert "1 holder asks for another name" in another_browser.sign_in(eva).visit("/desk").text
    assert "1 correction asked" in another_browser.visit("/desk/credentials?corrections=1").text
    another_browser.visit(f"/desk/credentials/{certificate.serial}")
    assert "Ana María López" in another_browser.page.text
    another_browser.submit("/grant")
    give_keys(session)
    jobs.run_all()
    session.expire_all()
    assert certificate.supersession.new.holder_name == "Ana María López"
    (letter,) = letters(session, "credentials/correction_answered")
    assert letter.person_id == ana.id and "granted" in letter.subject
    assert "another name" not in another_browser.visit("/desk").text
    assert (
        "See the version in force" in browser.visit(f"/my/certificates/{certificate.serial}").text
    )


def test_a_correction_of_a_diploma_goes_back_to_both_keys(browser, session, ana, erik, diploma):
    ana.name = "Ana María López"
    session.commit()
    browser.sign_in(ana).visit(f"/my/certificates/{diploma.serial}")
    browser.submit("/correction")
    browser.sign_in(erik).visit(f"/desk/credentials/{diploma.serial}")
    page = browser.submit("/grant")
    give_keys(session)
    jobs.run_all()
    session.expire_all()
    assert "award list" in page.text
    assert diploma.supersession is None


def test_a_declined_correction_tells_why(browser, session, ana, eva, certificate):
    ana.name = "Doctor Ana Lopez"
    session.commit()
    browser.sign_in(ana).visit(f"/my/certificates/{certificate.serial}")
    browser.submit("/correction")
    browser.sign_in(eva).visit(f"/desk/credentials/{certificate.serial}")
    assert "Please say why" in browser.submit("/decline", status=422).text
    browser.visit(f"/desk/credentials/{certificate.serial}")
    browser.submit("/decline", reason="Titles are not printed.")
    (letter,) = letters(session, "credentials/correction_answered")
    assert letter.person_id == ana.id and "Titles are not printed." in letter.plain
    assert (
        "Titles are not printed."
        in browser.sign_in(ana).visit(f"/my/certificates/{certificate.serial}").text
    )


def test_an_officer_withdraws_a_diploma_with_a_reason(browser, session, erik, diploma):
    browser.sign_in(erik).visit(f"/desk/credentials/{diploma.serial}/revocation")
    assert "say why" in browser.submit(status=422, reason="").text
    browser.visit(f"/desk/credentials/{diploma.serial}/revocation")
    page = browser.submit(reason="The examination was not the holder's own.")
    assert "withdrawn" in page.text
    assert diploma.revocation.by.name == "Erik Holm"
    assert "credential.withdrawn" in acts(session)
    (letter,) = letters(session, "credentials/withdrawn")
    assert letter.person_id == diploma.person_id
    assert "The examination was not the holder's own." in letter.plain


def test_it_is_not_withdrawn_from_a_day_before_it_was_issued(browser, session, erik, diploma):
    day, why = diploma.issued_on - timedelta(days=1), "A reason that is long enough."
    browser.sign_in(erik).visit(f"/desk/credentials/{diploma.serial}/revocation")
    page = browser.submit(status=422, reason=why, on=day.isoformat())
    assert f"Please name a day from {locale.day(diploma.issued_on)} to today." in page.text
    assert why in page.html
    browser.submit(reason=why, on=diploma.issued_on.isoformat())
    session.expire_all()
    assert diploma.revocation.on == diploma.issued_on


def test_a_search_stays_within_its_tab_and_says_when_it_finds_nothing(browser, eva, certificate):
    page = browser.sign_in(eva).visit("/desk/credentials?corrections=1&q=Nobody")
    assert "Nothing is found for “Nobody”" in page.text
    assert 'name="corrections" value="1"' in page.html
    assert "Nobody waits for a correction" in browser.visit("/desk/credentials?corrections=1").text


def test_a_date_that_is_none_is_answered_at_the_field(browser, erik, diploma):
    browser.sign_in(erik).visit(f"/desk/credentials/{diploma.serial}/revocation")
    page = browser.submit(status=422, reason="A reason that is long enough.", on="31/31/2026")
    assert "31/31/2026" in page.html
    assert "A reason that is long enough." in page.html


def test_a_course_administrator_sees_but_does_not_withdraw_a_diploma(
    browser, eva, diploma, certificate
):
    browser.sign_in(eva).visit(f"/desk/credentials/{certificate.serial}")
    browser.visit(f"/desk/credentials/{diploma.serial}", status=404)
    browser.visit(f"/desk/credentials/{diploma.serial}/revocation", status=404)


def test_an_auditor_sees_and_decides_nothing(browser, otto, diploma):
    browser.sign_in(otto).visit(f"/desk/credentials/{diploma.serial}")
    assert "Withdraw it" not in browser.page.text
    browser.visit(f"/desk/credentials/{diploma.serial}/revocation", status=403)


def test_the_officer_of_another_society_finds_nothing(browser, fay, diploma):
    assert "Nothing here" in browser.sign_in(fay).visit("/desk/credentials").text
    browser.visit(f"/desk/credentials/{diploma.serial}", status=404)


def test_what_could_not_be_set_is_shown_with_its_reason_and_tried_again(
    browser, session, erik, anas_diploma
):
    anas_diploma.failed_at, anas_diploma.last_error = (
        now(),
        "A character is in none of our typefaces.",
    )
    session.commit()
    page = browser.sign_in(erik).visit(f"/desk/credentials/{anas_diploma.serial}")
    assert "none of our typefaces" in page.text
    browser.submit("/attempt")
    give_keys(session)
    jobs.run_all()
    session.expire_all()
    assert anas_diploma.is_ready


def fail(*credentials):
    for one in credentials:
        one.failed_at, one.attempts, one.last_error = now(), 6, "No typeface."


@pytest.mark.parametrize("who", ["erik", "susan", "pia"])
def test_all_that_failed_is_tried_again_at_once(
    browser, session, who, request, anas_diploma, make_award, ben
):
    person = request.getfixturevalue(who)
    bens = issue_diploma(session, make_award(ben), at=now(), address=address)
    fail(anas_diploma, bens)
    session.commit()

    page = browser.sign_in(person).visit("/desk/credentials")
    assert "2 documents could not be made." in page.text
    page = browser.submit("/attempts")

    assert "2 documents are being made again." in page.text
    assert "could not be made." not in page.text
    entry = session.scalars(select(Entry).where(Entry.act == "credentials.retried")).one()
    assert entry.details["serials"] == sorted([anas_diploma.serial, bens.serial])
    session.commit()
    give_keys(session)
    jobs.run_all()
    session.expire_all()
    assert anas_diploma.is_ready
    assert bens.is_ready


def test_only_what_one_may_decide_on_is_tried_again(
    browser, session, eva, otto, fay, anas_diploma, anas_certificate
):
    fail(anas_diploma, anas_certificate)
    session.commit()
    for person in (otto, fay):
        assert "Try all again" not in browser.sign_in(person).visit("/desk/credentials").text
        browser.post("/desk/credentials/attempts")
        assert "Nothing waits to be made again." in browser.visit("/desk/credentials").text
    assert session.scalars(select(Entry).where(Entry.act == "credentials.retried")).all() == []

    browser.sign_in(eva).visit("/desk/credentials")
    assert "1 document is being made again." in browser.submit("/attempts").text

    session.expire_all()
    assert not anas_certificate.has_failed
    assert anas_diploma.has_failed


def test_a_holder_is_found_by_name_and_by_serial(browser, erik, diploma):
    browser.sign_in(erik)
    assert diploma.serial in browser.visit("/desk/credentials?q=lopez").text
    assert diploma.serial in browser.visit(f"/desk/credentials?q={diploma.serial.lower()}").text
    assert "Nothing is found" in browser.visit("/desk/credentials?q=nobody%25_").text


def test_a_society_bears_its_colour_whatever_its_short_name(
    browser, session, societies, ana, certificate
):
    short = certificate.snapshot["awarding"][0]["short"]
    society = next(one for one in vars(societies).values() if one.short == short)
    society.code = "another-code"
    session.commit()
    for url in (f"/my/certificates/{certificate.serial}", f"/v/{certificate.serial}"):
        assert "soc-another-code" in browser.sign_in(ana).visit(url).html
