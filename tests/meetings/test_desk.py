"""The desk of a webinar's meetings: made, watched, entered, taken back, within one's reach."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.agenda.acts import consent
from app.clock import now
from app.enrolments.booking import enrol
from app.meetings.joining import link_token
from app.meetings.models import JoinLink, Meeting, Task
from tests.cast import make_webinar
from tests.meetings.test_joining import leads_to


@pytest.fixture
def url(session, webinar):
    webinar.link = ""
    session.commit()
    return f"/desk/activities/{webinar.id}/meetings"


def test_an_administrator_makes_a_meeting_and_sees_it_come(browser, session, eva, url, webinar,
                                                           zoom_account, work):  # fmt: skip
    browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}")
    assert "Where is it held?" in browser.page.text
    assert "Nowhere yet" in browser.visit(url).text
    browser.visit(f"{url}/1")
    page = browser.submit(where=str(zoom_account.id))
    assert "Being made" in page.text
    assert "Look again" in page.text
    work()
    page = browser.visit(url)
    assert "Ready" in page.text
    assert "Zoom of the office" in page.text
    assert "Where is it held?" not in browser.visit(f"/desk/activities/{webinar.id}").text


def test_a_plain_link_is_ready_at_once(browser, eva, url, webinar):
    browser.sign_in(eva).visit(f"{url}/1")
    page = browser.submit(where="link", link="meet.jit.si/room", status=422)
    assert "A link begins with https://." in page.text
    page = browser.submit(where="link", link="https://meet.jit.si/room")
    assert "A plain link" in page.text
    assert "Ready" in page.text


def test_a_failure_stands_there_in_words_with_a_button(browser, eva, url, bbb_account, bbb_server,
                                                        work):  # fmt: skip
    bbb_server.secret, good = "changed there", bbb_server.secret
    browser.sign_in(eva).visit(f"{url}/1")
    browser.submit(where=str(bbb_account.id))
    work()
    page = browser.visit(url)
    assert "does not accept the shared secret" in page.text
    bbb_server.secret = good
    browser.submit("/retry")
    work()
    assert "Ready" in browser.visit(url).text


def test_what_is_taken_back_leaves_room_for_another(browser, eva, url, zoom_account, zoom_at, work):
    browser.sign_in(eva).visit(f"{url}/1")
    browser.submit(where=str(zoom_account.id))
    work()
    browser.visit(url)
    browser.submit("/withdrawal")
    work()
    assert "Nowhere yet" in browser.visit(url).text
    assert not zoom_at.meetings


def test_a_society_beside_the_leading_one_takes_back_what_is_held_on_its_account_alone(
    browser, session, societies, sam, eva, url, zoom_account, work
):
    browser.sign_in(eva).visit(f"{url}/1")
    browser.submit(where=str(zoom_account.id))
    work()
    meeting = session.scalars(select(Meeting)).one().id
    browser.sign_in(sam)
    assert "Take it back" not in browser.visit(url).text
    page = browser.post(f"/desk/meetings/{meeting}/withdrawal", status=409)
    assert "leading society" in page.text
    assert session.get_one(Meeting, meeting).task is None
    zoom_account.society = societies.siim
    session.commit()
    assert "Take it back" in browser.visit(url).text
    browser.submit("/withdrawal")
    assert session.get_one(Meeting, meeting).task is Task.END


def test_the_host_comes_in_as_one_who_runs_it(browser, eva, url, bbb_account, work):
    browser.sign_in(eva).visit(f"{url}/1")
    browser.submit(where=str(bbb_account.id))
    work()
    browser.visit(url)
    page = browser.submit("/entrance", status=200)
    assert "role=MODERATOR" in leads_to(page)


def test_the_report_is_asked_for_again_by_hand(browser, session, eva, url, webinar, zoom_account,
                                               zoom_at, work):  # fmt: skip
    browser.sign_in(eva).visit(f"{url}/1")
    browser.submit(where=str(zoom_account.id))
    work()
    key = session.scalars(select(Meeting.external_id)).one()
    zoom_at.participants[int(key)] = []
    with time_machine.travel(webinar.sessions[0].ends_at + timedelta(minutes=1)):
        browser.sign_in(eva).visit(url)
        page = browser.submit("/report")
        assert "Asking for the report" in page.text
        work()
        assert "Report fetched" in browser.visit(url).text


def test_the_accounts_of_every_society_that_holds_it_are_offered(browser, sam, url, zoom_account):
    page = browser.sign_in(sam).visit(f"{url}/1")
    assert "Zoom of the office (Zoom, EuSoMII)" in page.text


def test_to_name_a_society_beside_ones_own_does_not_lend_its_account(
    browser, session, societies, sam, eva, zoom_account
):
    draft = make_webinar(session, sam, societies.siim, societies.eusomii, announced=False)
    session.commit()
    page = f"/desk/activities/{draft.id}/meetings/1"
    assert "Zoom of the office" not in browser.sign_in(sam).visit(page).text
    browser.submit(where=str(zoom_account.id), status=422)
    assert session.scalars(select(Meeting)).all() == []
    assert "Zoom of the office" in browser.sign_in(eva).visit(page).text, "control: her own"
    consent(draft, societies.eusomii, by=eva, at=now())
    session.commit()
    assert "Zoom of the office" in browser.sign_in(sam).visit(page).text


def test_who_holds_nothing_of_it_sees_and_does_nothing(
    browser, session, eva, ana, fay, url, zoom_account, make_person, give_mandate, societies, work
):
    from app.societies.models import Office

    browser.sign_in(eva).visit(f"{url}/1")
    browser.submit(where=str(zoom_account.id))
    work()
    meeting = session.scalars(select(Meeting)).one().id
    stranger = make_person("Rita Vos")
    give_mandate(stranger, Office.COURSE_ADMINISTRATOR, societies.efrs)
    for person, status in ((stranger, 404), (fay, 403), (ana, 403)):
        browser.sign_in(person)
        browser.visit(url, status=status)
        browser.visit(f"{url}/1", status=status)
        for act in ("retry", "withdrawal", "report", "entrance"):
            browser.post(f"/desk/meetings/{meeting}/{act}", status=status)
    assert session.get_one(Meeting, meeting).ended_at is None


def test_a_session_that_is_not_on_the_plan_is_told_in_words(browser, eva, url):
    page = browser.sign_in(eva).visit(f"{url}/7", status=409)
    assert "not on the plan" in page.text


def test_with_hundreds_enrolled_the_page_asks_no_more(browser, session, eva, url, webinar,
                                                      make_person, zoom_account, work):  # fmt: skip
    webinar.capacity = None
    for number in range(30):
        enrol(session, webinar, make_person(f"P{number} Q"), at=now())
    browser.sign_in(eva).visit(url, budget=12)


def test_when_credentials_cannot_be_read_the_host_is_told_and_no_more(
    browser, session, eva, url, bbb_account, work
):
    browser.sign_in(eva).visit(f"{url}/1")
    browser.submit(where=str(bbb_account.id))
    work()
    bbb_account.sealed = "s1.00000000.AAAA"
    session.commit()
    meeting = session.scalars(select(Meeting)).one().id
    page = browser.post(f"/desk/meetings/{meeting}/entrance", status=409)
    assert "cannot be opened at present" in page.text
    assert "sealed" not in page.text
    assert "key" not in page.text


def test_the_doctor_looks_at_the_seals_of_links_too(here, session, ana_enrolled):
    from app.doctor import examine

    link_token(session, ana_enrolled, at=now())
    session.commit()
    found = {finding.check: finding for finding in examine()}
    assert found["seal"].level == "good"
    assert found["seal"].says.startswith("1 sealed texts open")
    session.scalars(select(JoinLink)).one().sealed = "s1.00000000.AAAA"
    session.commit()
    found = {finding.check: finding for finding in examine()}
    assert found["seal"].level == "bad"


def test_the_doctor_looks_at_every_seal(here, session, bbb_account):
    from app.doctor import examine

    session.commit()
    found = {finding.check: finding for finding in examine()}
    assert found["seal"].level == "good"
    assert found["seal"].says.startswith("1 sealed texts open")
    bbb_account.sealed = "s1.00000000.AAAA"
    session.commit()
    found = {finding.check: finding for finding in examine()}
    assert found["seal"].level == "bad"
