"""Writing a letter at the desk."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.clock import now
from app.jobs import run_all
from app.letters import sending
from app.letters.models import MOST_A_DAY, Copy, Group, Letter
from app.outbox.models import Message
from app.societies.models import Office
from tests.cast import make_webinar


def desk(webinar):
    return f"/desk/activities/{webinar.id}/letters"


def test_from_the_draft_through_the_preview_to_everybody(
    browser, session, webinar, placed, carla, eva
):
    page = browser.sign_in(eva).visit(desk(webinar))
    assert "No letter yet" in page.text
    browser.visit(desk(webinar) + "/new")
    page = browser.submit(to_whom="place", subject="About {title}", body="Dear {name}, see {link}.")
    assert "Ready for 2 people" in page.text
    assert "Ana Lopez" in page.text
    assert f"About {webinar.title}" in page.text
    assert session.scalar(select(func.count()).select_from(Copy)) == 0
    page = browser.submit("/sending")
    assert "On its way" in page.text

    session.commit()
    run_all()
    letter = session.scalars(select(Letter)).one()
    page = browser.visit(f"{desk(webinar)}/{letter.id}")
    assert "Sent to 2 people" in page.text
    assert "2 of 2 copies are written" in page.text
    assert "Draft" not in browser.visit(desk(webinar)).text


def test_pressed_twice_it_is_sent_once(browser, session, webinar, letter, eva):
    browser.sign_in(eva).visit(f"{desk(webinar)}/{letter.id}")
    browser.submit("/sending")
    browser.post(f"{desk(webinar)}/{letter.id}/sending")
    page = browser.visit(f"{desk(webinar)}/{letter.id}")
    run_all()

    assert "nobody gets it twice" in page.text
    assert session.scalar(select(func.count()).where(Message.kind == "letters/letter")) == 2


def test_the_preview_is_the_letter_itself_and_can_do_nothing(
    browser, session, webinar, letter, eva
):
    page = browser.sign_in(eva).visit(f"{desk(webinar)}/{letter.id}?reader=2")
    address = re.search(r'src="([^"]+/preview/2)"', page.html)[1]
    policy = page.response.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    with browser.app.app_context():
        answer = browser.client.get(address)

    assert "Dear Ben Okoro," in answer.text
    assert "Your answer goes to eva@clinic.example" in answer.text
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_other_pages_show_no_frames(browser, webinar, letter, eva):
    page = browser.sign_in(eva).visit(desk(webinar))

    assert "frame-src" not in page.response.headers["Content-Security-Policy"]


def test_a_draft_is_changed_or_dropped(browser, session, webinar, letter, eva):
    browser.sign_in(eva).visit(f"{desk(webinar)}/{letter.id}/text")
    page = browser.submit(subject="Another subject")
    assert "Another subject" in page.text

    page = browser.submit("/withdrawal")
    assert "No letter yet" in page.text
    browser.visit(f"{desk(webinar)}/{letter.id}", status=404)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"subject": ""}, "give it a subject"),
        ({"subject": "a\nBcc: all@evil.example"}, "one line"),
        ({"subject": "For {surname}"}, "There is no {surname}"),
        ({"body": "Dear {nobody}"}, "There is no {nobody}"),
        ({"body": ""}, "write the letter"),
        ({"to_whom": None}, "to whom it goes"),
    ],
)
def test_what_is_amiss_is_told_at_its_field(browser, session, webinar, placed, eva, fields, said):
    browser.sign_in(eva).visit(desk(webinar) + "/new")
    good = {"to_whom": "place", "subject": "About it", "body": "Dear {name}"}
    page = browser.submit(status=422, **{**good, **fields})

    assert said in page.text
    assert session.scalar(select(func.count()).select_from(Letter)) == 0


def test_before_the_settlement_only_places_and_waiting_are_offered(
    browser, webinar, placed, carla, eva, settle
):
    page = browser.sign_in(eva).visit(desk(webinar) + "/new")
    assert "Those with a place: 2" in page.text
    assert "Those who wait: 1" in page.text
    assert "were there" not in page.text
    settle(placed[0])

    page = browser.visit(desk(webinar) + "/new")
    assert "Those who were there: 1" in page.text
    assert "Those with a place who were not there: 1" in page.text


def test_a_group_that_is_not_offered_is_refused(browser, session, webinar, placed, eva):
    browser.sign_in(eva).post(
        desk(webinar) + "/new", {"to_whom": "absent", "subject": "s", "body": "b"}, status=422
    )
    assert session.scalar(select(func.count()).select_from(Letter)) == 0


def test_after_so_many_a_day_the_page_says_so(browser, session, webinar, letter, eva):
    for _n in range(MOST_A_DAY):
        other = sending.draft(
            session, webinar, to_whom=Group.PLACE, subject="s", body="b", by=eva, at=now()
        )
        sending.send(session, other, by=eva, at=now())
    page = browser.sign_in(eva).visit(f"{desk(webinar)}/{letter.id}")

    assert "within a day" in page.text
    browser.post(f"{desk(webinar)}/{letter.id}/sending", status=409)


def test_administrators_of_other_societies_find_nothing(
    browser, another_browser, webinar, letter, ana, make_person, give_mandate, societies
):
    other = make_person("Olga Other")
    give_mandate(other, Office.COURSE_ADMINISTRATOR, societies.efrs)
    browser.sign_in(other)
    for end in ("", "/new", f"/{letter.id}", f"/{letter.id}/text", f"/{letter.id}/preview/1"):
        browser.visit(desk(webinar) + end, status=404)
    browser.post(f"{desk(webinar)}/{letter.id}/sending", status=404)
    another_browser.sign_in(ana).visit(desk(webinar), status=403)


def test_the_letter_of_another_webinar_is_not_found(
    browser, webinar, letter, eva, session, societies
):
    other = make_webinar(session, eva, societies.eusomii)
    browser.sign_in(eva).visit(f"/desk/activities/{other.id}/letters/{letter.id}", status=404)
    browser.post(f"/desk/activities/{other.id}/letters/{letter.id}/sending", status=404)


def test_the_desk_of_the_webinar_leads_there(browser, webinar, placed, eva):
    page = browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}", budget=30)

    assert desk(webinar) in page.links
