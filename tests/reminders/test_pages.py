"""What reminders say, and how one chooses or ends them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from app import mail
from app.journal.models import Entry
from app.reminders import stopping
from app.reminders.emails import stop_link
from app.reminders.kinds import Kind
from app.reminders.models import Wish

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def stop_path(app, person):
    with app.app_context():
        return urlsplit(stop_link(person.id)).path


def test_the_hour_is_the_one_on_the_readers_clock(webinar, place, remind, letters, ana, sam):
    place(ana), place(sam)
    remind(webinar.starts_at - DAY)

    vienna, chicago = letters()[0], letters("sam@clinic.example")[0]
    assert "18:00 CE" in vienna.subject
    assert "11:00 C" in chicago.subject or "10:00 C" in chicago.subject
    assert "18:00 CE" in vienna.plain
    assert "18:00 CE" not in chicago.plain
    assert webinar.title in vienna.subject


def test_it_carries_the_persons_own_link_and_a_way_to_leave(
    webinar, place, remind, letters, ana, ben
):
    enrolment = place(ana)
    place(ben)
    remind(webinar.starts_at - HOUR)

    (letter,) = letters()
    assert letter.subject.startswith("Starts at 18:00 CE")
    assert f"/enrolments/{enrolment.id}" in letter.plain
    assert letters("ben@clinic.example")[0].plain != letter.plain


def test_a_mail_program_can_end_them_with_one_press(
    browser, app, session, webinar, place, remind, letters, ana
):
    """RFC 8058: a POST without cookies, without our token, answered without sending on."""
    place(ana)
    remind(webinar.starts_at - DAY)
    (letter,) = letters()
    travels = mail.mime(letter)
    address = travels["List-Unsubscribe"].strip("<>")
    assert travels["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in letter.plain
    path = urlsplit(address).path
    session.commit()
    answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    session.expire_all()
    assert session.get_one(Wish, ana.id).wanted == set()
    assert remind(webinar.starts_at - HOUR) == []
    assert "reminders.chosen" in session.scalars(select(Entry.act)).all()


def test_opening_the_link_ends_nothing(browser, app, session, ana):
    path = stop_path(app, ana)
    page = browser.visit(path)
    assert "No more reminders?" in page.text
    assert session.get(Wish, ana.id) is None

    page = browser.submit(status=200)
    assert "You get no more reminders" in page.text
    assert session.get_one(Wish, ana.id).wanted == set()


def test_a_link_that_was_not_signed_here_ends_nothing(browser, app, session, ana):
    good = stop_path(app, ana)
    session.commit()
    forged = stopping.token("another secret of another platform 123456", ana.id)
    for token in (forged, "1.x", str(ana.id), good.rsplit("/", 1)[1][:-2]):
        browser.visit(f"/reminders/stop/{token}", status=404)
        assert app.test_client().post(f"/reminders/stop/{token}").status_code == 404
    assert session.get(Wish, ana.id) is None


def test_a_link_is_good_for_this_purpose_and_person_only(ana, ben):
    secret = "a secret of tests only 0123456789"
    token = stopping.token(secret, ana.id)

    assert stopping.person_of(secret, token) == ana.id
    assert stopping.person_of(secret, stopping.token(secret, ben.id)) == ben.id
    assert stopping.person_of(secret, token.replace(str(ana.id), str(ben.id), 1)) != ben.id


def test_i_choose_which_ones_i_get(browser, session, ana):
    page = browser.sign_in(ana).visit("/my/reminders")
    assert page.form()["fields"]["kinds"] == ["week", "day", "hour", "afterwards"]
    browser.submit(kinds=["hour"])

    assert session.get_one(Wish, ana.id).wanted == {Kind.HOUR}
    assert browser.visit("/my/reminders").form()["fields"]["kinds"] == ["hour"]
    browser.submit(kinds=None)
    assert session.get_one(Wish, ana.id).wanted == set()


def test_a_kind_that_does_not_exist_is_asked_about(browser, session, ana):
    browser.sign_in(ana).visit("/my/reminders")
    browser.submit(kinds=["yearly"], status=422)

    assert session.get(Wish, ana.id) is None


def test_the_profile_leads_to_them(browser, ana):
    assert "/my/reminders" in browser.sign_in(ana).visit("/me").links


def test_strangers_are_sent_to_sign_in(browser):
    browser.visit("/my/reminders", status=302)
