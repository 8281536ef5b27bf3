"""What the administrators of a society beside the leading one may do, and what they may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.agenda.speakers import Named
from app.clock import now
from tests.cast import make_webinar

OWN = "/desk/activities/{id}/own-speakers"


def names(session, webinar):
    session.expire_all()
    return [one.name for one in webinar.speakers]


def test_they_bring_change_and_take_back_their_own_speakers(session, browser, webinar, sam):
    url = OWN.format(id=webinar.id)
    browser.sign_in(sam).visit(url)
    browser.submit(**{"speakers-0-name": "Dr Grace Lee", "speakers-0-affiliation": "Chicago"})
    assert names(session, webinar) == ["Dr Ida Nyström", "Dr Grace Lee"]
    row = webinar.speakers[1].id
    browser.visit(url)
    browser.submit(**{"speakers-0-affiliation": "Boston"})
    assert (webinar.speakers[1].id, webinar.speakers[1].affiliation) == (row, "Boston")
    assert webinar.changes == 2
    browser.visit(url)
    browser.submit(**{"speakers-0-name": "", "speakers-0-affiliation": ""})
    assert names(session, webinar) == ["Dr Ida Nyström"]


def test_they_do_not_see_or_take_over_the_speakers_of_others(session, browser, webinar, sam):
    page = browser.sign_in(sam).visit(OWN.format(id=webinar.id))
    assert "Nyström" not in page.html.partition("<form")[2]
    page = browser.submit(status=422, **{"speakers-0-name": "Dr Ida Nyström"})
    assert "is on the programme already" in page.text


def test_what_they_brought_stays_when_the_leading_society_changes_the_words(
    session, browser, webinar, eva, sam
):
    browser.sign_in(sam).visit(OWN.format(id=webinar.id))
    browser.submit(**{"speakers-0-name": "Dr Grace Lee"})
    texts = replace(webinar.texts, title="Another title")
    webinar.amend(texts, by=eva, at=now())
    session.commit()
    assert 'value="Dr Grace Lee"' in browser.visit(OWN.format(id=webinar.id)).html
    assert webinar.texts.speakers[1] == Named("Dr Grace Lee")


@pytest.mark.parametrize(
    "page", ["plan", "texts", "hours", "cancellation", "registration", "announcement"]
)
def test_hour_words_places_announcement_and_cancelling_are_the_leading_societys(
    browser, webinar, sam, page
):
    browser.sign_in(sam).post(f"/desk/activities/{webinar.id}/{page}", status=404)


def test_they_see_the_participants_and_the_presence(browser, webinar, sam):
    browser.sign_in(sam).visit(f"/desk/activities/{webinar.id}")
    browser.visit(f"/desk/activities/{webinar.id}/participants")
    browser.visit(f"/desk/activities/{webinar.id}/presence")


def test_the_leading_society_and_strangers_have_no_such_page(
    session, browser, webinar, eva, fay, societies
):
    browser.sign_in(eva).visit(OWN.format(id=webinar.id), status=404)
    alone = make_webinar(session, eva, societies.eusomii)
    session.commit()
    browser.sign_in(fay).visit(OWN.format(id=alone.id), status=403)
