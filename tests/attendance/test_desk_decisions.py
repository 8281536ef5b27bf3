"""Saying who is who: matches by hand, people set aside, second thoughts."""

import pytest
from sqlalchemy import select

from app.attendance.models import Participant
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.journal.models import Entry
from tests.attendance.conftest import SMALL
from tests.attendance.test_desk_upload import load
from tests.cast import NOON, make_webinar

pytestmark = pytest.mark.usefixtures("the_day_after")


def still_open(session):
    found = select(Participant).where(
        Participant.enrolment_id.is_(None), Participant.decided_at.is_(None)
    )
    return session.scalars(found.order_by(Participant.id)).all()


@pytest.fixture
def loaded(browser, session, eva, small):
    """Eva has loaded the report; Ana in it is not matched, but suggested."""
    load(browser.sign_in(eva), small, SMALL)
    return next(one for one in still_open(session) if one.suggestion_id)


def test_a_suggestion_is_taken_with_one_click(browser, session, small, loaded):
    before = len(still_open(session))
    page = browser.visit(f"/desk/activities/{small.id}/presence")
    assert loaded.suggestion.person.name in page.text

    page = browser.submit(f"/presence/{loaded.id}")

    assert "is matched" in page.text
    assert loaded.enrolment_id == loaded.suggestion_id
    assert len(still_open(session)) == before - 1
    entry = session.scalars(select(Entry).where(Entry.act == "participant.matched")).one()
    assert entry.details["enrolment"] == loaded.enrolment_id


def test_somebody_else_is_found_by_name(browser, session, small, loaded, ben):
    other = session.scalars(Enrolment.of(ben)).one()
    url = f"/desk/activities/{small.id}/presence/{loaded.id}"
    page = browser.visit(url, query_string={"q": other.person.address})
    assert other.person.name in page.text

    browser.post(url, {"decision": "match", "enrolment": str(other.id)})

    assert loaded.enrolment == other


def test_nobody_found_is_said_in_words(browser, session, small, loaded):
    url = f"/desk/activities/{small.id}/presence/{loaded.id}"
    page = browser.visit(url, query_string={"q": "no such person"})
    assert "Nobody who is enrolled has “no such person”" in page.text


def test_setting_aside_needs_a_reason(browser, session, small, loaded):
    url = f"/desk/activities/{small.id}/presence/{loaded.id}"
    browser.visit(url)
    form = {"decision": "aside", "reason": " "}
    page = browser.post(url, form, status=422)
    assert "Please give a reason" in page.text
    assert loaded.is_open

    browser.post(url, {"decision": "aside", "reason": "a test of the connection"})

    assert loaded.is_set_aside
    page = browser.visit(f"/desk/activities/{small.id}/presence?show=aside")
    assert "a test of the connection" in page.text
    assert "by Eva Lindqvist" in page.text


def test_a_decision_is_changed_and_taken_back(browser, session, small, loaded):
    url = f"/desk/activities/{small.id}/presence/{loaded.id}"
    browser.post(url, {"decision": "aside", "reason": "unknown"})
    browser.post(url, {"decision": "match", "enrolment": str(loaded.suggestion_id)})
    assert loaded.enrolment_id == loaded.suggestion_id
    assert loaded.reason == ""

    browser.post(url, {"decision": "reopen"})

    assert loaded.is_open
    of_ana = select(Entry.act).where(
        Entry.subject_kind == "Participant", Entry.subject_id == loaded.id
    )
    acts = session.scalars(of_ana.order_by(Entry.id)).all()
    assert acts == ["participant.set aside", "participant.matched", "participant.reopened"]


def test_an_automatic_match_is_put_right_by_hand(browser, session, small, loaded, ben):
    matched = session.scalars(select(Participant).where(Participant.how == "address")).first()
    other = loaded.suggestion
    url = f"/desk/activities/{small.id}/presence/{matched.id}"
    browser.visit(url)

    browser.post(url, {"decision": "match", "enrolment": str(other.id)})

    assert matched.enrolment == other
    assert matched.is_by_hand


def test_only_who_is_enrolled_here_can_be_chosen(
    browser, session, eva, societies, ana, small, loaded
):
    other = make_webinar(session, eva, societies.eusomii, starts_at=small.starts_at)
    elsewhere = enrol(session, other, ana, at=NOON)
    url = f"/desk/activities/{small.id}/presence/{loaded.id}"

    browser.post(url, {"decision": "match", "enrolment": str(elsewhere.id)}, status=404)
    browser.post(url, {"decision": "match", "enrolment": "x"}, status=422)
    browser.post(url, {"decision": "match"}, status=422)
    browser.post(url, {"decision": "shoot"}, status=422)
    browser.post(url, {}, status=422)
    assert loaded.is_open
