"""Coming in: a link of one's own, a button that notes the press, and no presence from it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.agenda import acts
from app.attendance.models import Presence
from app.clock import now
from app.enrolments.booking import enrol, withdraw
from app.meetings import making
from app.meetings.emails import join_link
from app.meetings.joining import Opens, door
from app.meetings.models import Click, JoinLink, Seat
from app.meetings.queries import clicks_of, presence_rows
from app.outbox.models import Message
from tests.meetings.test_accounts import everything

LINK = "https://meet.jit.si/dicomweb-" + "x" * 12


@pytest.fixture
def path(session, ana_enrolled):
    """The path of Ana's link."""
    link = join_link(session, ana_enrolled)
    session.commit()
    return "/join/" + link.rsplit("/", 1)[1]


@pytest.fixture
def at_the_door(webinar):
    """It is ten minutes before the start."""
    with time_machine.travel(webinar.sessions[0].starts_at - timedelta(minutes=10)) as clock:
        yield clock


@pytest.fixture
def held_on(session, webinar, eva, work):
    """Hold the webinar on an account, or behind a link."""

    def hold(account=None, link=""):
        meeting = making.ask(session, webinar, webinar.sessions[0], account, link=link, by=eva,
                             at=now())  # fmt: skip
        session.commit()
        work()
        return meeting

    return hold


def leads_to(page):
    """The address to which the page of the room goes on."""
    (url,) = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page.html)
    return url.replace("&amp;", "&")


def clicks(session):
    return session.scalar(select(func.count()).select_from(Click))


def test_the_letter_of_an_enrolment_carries_the_persons_own_link(session, ana_enrolled, path):
    letter = session.scalars(select(Message).where(Message.kind == "enrolments/enrolled")).one()
    assert path in letter.plain
    assert path in letter.html


def test_who_waits_has_no_link_yet_and_who_is_promoted_gets_it(session, webinar, ana, ben):
    webinar.capacity = 1
    first = enrol(session, webinar, ana, at=now())
    waiting = enrol(session, webinar, ben, at=now())
    letters = select(Message).where(Message.person_id == ben.id).order_by(Message.id)
    assert not any("/join/" in letter.plain for letter in session.scalars(letters))
    withdraw(session, first, by=ana, at=now())
    assert "/join/" in session.scalars(letters).all()[-1].plain
    assert waiting.has_place


def test_the_secret_of_the_link_is_long_and_kept_as_a_digest_and_sealed(session, path):
    token = path.removeprefix("/join/")
    assert len(token) == 43
    session.query(Message).delete()
    assert token not in everything(session)


def test_every_letter_carries_the_same_link(session, ana_enrolled, path):
    assert join_link(session, ana_enrolled).endswith(path)
    assert session.scalar(select(func.count()).select_from(JoinLink)) == 1


def test_a_link_sealed_with_a_key_that_is_gone_is_replaced_in_the_next_letter(
    browser, session, ana_enrolled, path
):
    session.get_one(JoinLink, ana_enrolled.id).sealed = "s1.00000000.AAAA"
    another = "/join/" + join_link(session, ana_enrolled).rsplit("/", 1)[1]
    session.commit()
    assert another != path
    browser.visit(another)
    browser.visit(path, status=404)


def test_before_the_doors_open_the_page_says_when(browser, session, path, webinar):
    page = browser.visit(path)
    assert "The door opens in 1" in page.text or "The door opens in 2" in page.text
    assert "Join now" not in page.text
    assert "Ana Lopez" in page.text
    assert "CET" in page.text
    browser.visit(f"{path}/room", status=303)
    page = browser.post(path)
    assert page.response.headers["Location"].endswith(path)
    assert clicks(session) == 0


def test_from_fifteen_minutes_before_the_button_leads_to_the_room(browser, session, path, webinar,
                                                                  held_on):  # fmt: skip
    held_on(link=LINK)
    starts_at = webinar.sessions[0].starts_at
    with time_machine.travel(starts_at - timedelta(minutes=15, seconds=2)):
        assert "Join now" not in browser.visit(path).text
    with time_machine.travel(starts_at - timedelta(minutes=15)):
        assert "Join now" in browser.visit(path).text
        page = browser.submit(path)
        assert leads_to(page) == LINK


def test_until_the_end_and_not_longer(browser, path, webinar, held_on):
    held_on(link=LINK)
    ends_at = webinar.sessions[0].ends_at
    with time_machine.travel(ends_at - timedelta(seconds=5)):
        assert "Join now" in browser.visit(path).text
    with time_machine.travel(ends_at):
        assert "This webinar is over" in browser.visit(path).text
        browser.visit(f"{path}/room", status=303)


def test_opening_the_page_changes_nothing_and_pressing_the_button_is_noted(
    browser, session, path, ana_enrolled, held_on, at_the_door
):
    held_on(link=LINK)
    browser.visit(path)
    browser.visit(f"{path}/room")
    assert clicks(session) == 0
    browser.visit(path)
    browser.submit(path)
    assert list(clicks_of(session, ana_enrolled.activity)) == [ana_enrolled.id]


def test_pressed_twice_at_once_it_is_one_click(browser, session, path, held_on, at_the_door):
    held_on(link=LINK)
    browser.visit(path)
    browser.post(path)
    browser.post(path)
    assert clicks(session) == 1


def test_a_click_is_no_presence(browser, session, path, webinar, ana_enrolled, held_on,
                                bbb_account, at_the_door):  # fmt: skip
    held_on(bbb_account)
    browser.visit(path)
    for _press in range(3):
        browser.post(path)
        at_the_door.shift(timedelta(minutes=20))
    assert clicks(session) == 3
    assert presence_rows(session, webinar) == []
    assert session.scalars(select(Presence)).all() == []


def test_a_link_that_nobody_has_leads_nowhere(browser, path):
    for wrong in ("/join/" + "A" * 43, "/join/x", path[:-1], f"{path}x"):
        browser.visit(wrong, status=404)
        browser.visit(f"{wrong}/room", status=404)
        browser.post(wrong, status=404)


def test_who_has_left_does_not_come_in(browser, session, path, ana, ana_enrolled, held_on, webinar):
    held_on(link=LINK)
    withdraw(session, ana_enrolled, by=ana, at=now())
    session.commit()
    with time_machine.travel(webinar.sessions[0].starts_at):
        assert "You have no place" in browser.visit(path).text
        browser.visit(f"{path}/room", status=303)
        browser.post(path)
        assert clicks(session) == 0


def test_into_a_cancelled_webinar_nobody_comes(browser, session, path, webinar, eva, held_on,
                                               at_the_door):  # fmt: skip
    held_on(link=LINK)
    acts.cancel(webinar, reason="The speaker is ill.", by=eva, at=now())
    session.commit()
    assert "was cancelled" in browser.visit(path).text
    browser.visit(f"{path}/room", status=303)


def test_the_page_keeps_its_address_to_itself(browser, path):
    headers = browser.visit(path).response.headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"


def test_who_is_signed_in_comes_in_with_one_press(browser, session, ana, ana_enrolled, held_on,
                                                  at_the_door):  # fmt: skip
    held_on(link=LINK)
    browser.sign_in(ana).visit("/my/enrolments")
    page = browser.submit(f"/enrolments/{ana_enrolled.id}/joining")
    assert leads_to(page) == LINK
    assert clicks(session) == 1
    browser.visit(f"/enrolments/{ana_enrolled.id}")
    assert leads_to(browser.submit(f"/enrolments/{ana_enrolled.id}/joining")) == LINK


def test_the_room_is_never_shown_as_a_link_to_pass_on(browser, ana, ana_enrolled, held_on,
                                                      at_the_door):  # fmt: skip
    held_on(link=LINK)
    for url in ("/my/enrolments", f"/enrolments/{ana_enrolled.id}",
                f"/enrolments/{ana_enrolled.id}/joining"):  # fmt: skip
        assert LINK not in browser.sign_in(ana).visit(url).html


def test_nobody_comes_in_on_the_enrolment_of_another(browser, ben, ana_enrolled):
    browser.sign_in(ben)
    browser.visit(f"/enrolments/{ana_enrolled.id}/joining", status=404)
    browser.visit(f"/enrolments/{ana_enrolled.id}/room", status=404)
    browser.post(f"/enrolments/{ana_enrolled.id}/joining", status=404)


def test_a_webinar_with_a_link_and_no_meeting_works_as_before(browser, session, webinar, path,
                                                              at_the_door):  # fmt: skip
    webinar.link = LINK
    session.commit()
    browser.visit(path)
    assert leads_to(browser.submit(path)) == LINK


def test_without_any_room_the_page_says_so(browser, session, path, at_the_door, ana_enrolled):
    assert "not said yet where" in browser.visit(path).text
    assert door(session, ana_enrolled, at=now()).opens is Opens.NO_ROOM


def test_into_bigbluebutton_everybody_comes_by_name(browser, session, path, ana_enrolled,
                                                    bbb_account, bbb_server, held_on,
                                                    at_the_door):  # fmt: skip
    from tests.meetings.test_bigbluebutton import joins

    held_on(bbb_account)
    assert ana_enrolled.may_join(now())
    browser.visit(path)
    address = leads_to(browser.submit(path))
    assert f"userID=e{ana_enrolled.id}" in address
    assert "fullName=Ana+Lopez" in address
    assert joins(bbb_server, address).status == 302


def test_when_the_credentials_cannot_be_read_the_learner_is_told(browser, session, path,
                                                                  bbb_account, held_on,
                                                                  at_the_door):  # fmt: skip
    held_on(bbb_account)
    bbb_account.sealed = "s1.00000000.AAAA"
    session.commit()
    assert "cannot be opened at present" in browser.visit(f"{path}/room", status=409).text


def test_a_room_the_worker_has_not_opened_is_opened_by_the_first_who_comes(
    browser, session, path, webinar, bbb_account, bbb_server, held_on
):
    held_on(bbb_account)
    bbb_server.rooms.clear()
    with time_machine.travel(webinar.sessions[0].starts_at):
        browser.visit(path)
        browser.submit(path)
    assert len(bbb_server.rooms) == 1


def test_into_zoom_everybody_has_an_address_of_their_own(
    browser, session, path, zoom_account, zoom_at, held_on, at_the_door
):
    meeting = held_on(zoom_account)
    session.query(Seat).delete()
    session.commit()
    browser.visit(path)
    address = leads_to(browser.submit(path))
    assert address == session.scalars(select(Seat.address)).one()
    assert address != meeting.address


def test_when_the_platform_is_busy_the_general_address_will_do(
    browser, session, path, zoom_account, zoom_at, held_on, at_the_door
):
    meeting = held_on(zoom_account)
    session.query(Seat).delete()
    session.commit()
    zoom_at.is_busy(9, "60")
    browser.visit(path)
    assert leads_to(browser.submit(path)) == meeting.address
    assert clicks(session) == 1
