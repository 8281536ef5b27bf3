"""Material of the speakers: for whoever has a place, when the speaker chose."""

from __future__ import annotations

import pytest

from app.agenda.profiles import Release, hand_in
from app.clock import now
from app.enrolments import booking
from app.files import files
from tests.cast import make_webinar


@pytest.fixture
def slides(session, webinar):
    """What Ida handed in, at once for those enrolled."""
    [ida] = webinar.speakers
    content = b"%PDF-1.7 slides"
    material = hand_in(ida, name="Slides.pdf", type="application/pdf", content=content,
                       digest=files.keep(content), release=Release.AT_ONCE, at=now())  # fmt: skip
    session.flush()
    return material


def test_whoever_has_a_place_downloads_it(browser, session, webinar, ana, slides):
    place = booking.enrol(session, webinar, ana, at=now())
    page = browser.sign_in(ana).visit(f"/enrolments/{place.id}")
    assert "Slides.pdf" in page.text

    answer = browser.visit(f"/enrolments/{place.id}/material/{slides.id}").response

    assert answer.data == b"%PDF-1.7 slides"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]


def test_before_the_end_what_is_for_afterwards_is_only_named(
    browser, session, webinar, ana, slides
):
    place = booking.enrol(session, webinar, ana, at=now())
    slides.release = Release.AFTERWARDS
    page = browser.sign_in(ana).visit(f"/enrolments/{place.id}")
    assert "Slides.pdf" in page.text
    assert "when the webinar is over" in page.text
    assert not any("/material/" in link for link in page.links)
    browser.visit(f"/enrolments/{place.id}/material/{slides.id}", status=404)


def test_nobody_else_gets_it(
    browser, another_browser, session, webinar, ana, ben, eva, slides, societies
):
    place = booking.enrol(session, webinar, ana, at=now())
    elsewhere = make_webinar(session, eva, societies.efrs, title="Elsewhere")
    other = booking.enrol(session, elsewhere, ben, at=now())
    another_browser.sign_in(ben)
    another_browser.visit(f"/enrolments/{place.id}/material/{slides.id}", status=404)
    another_browser.visit(f"/enrolments/{other.id}/material/{slides.id}", status=404)

    booking.withdraw(session, place, by=ana, at=now(), reason="")
    browser.sign_in(ana).visit(f"/enrolments/{place.id}/material/{slides.id}", status=404)


def test_whoever_waits_gets_it_with_the_place(browser, session, webinar, ana, ben, slides):
    webinar.capacity = 1
    booking.enrol(session, webinar, ana, at=now())
    waiting = booking.enrol(session, webinar, ben, at=now())
    page = browser.sign_in(ben).visit(f"/enrolments/{waiting.id}")
    assert "Slides.pdf" not in page.text
    browser.visit(f"/enrolments/{waiting.id}/material/{slides.id}", status=404)
