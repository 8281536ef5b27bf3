"""What learners read before they enrol and before they join."""

from __future__ import annotations

import pytest

from app.clock import now
from app.disclosures.declaring import Declared, Line, Nature
from app.disclosures.models import declare
from app.disclosures.reviewing import Verdict, review
from app.enrolments import booking
from app.meetings.emails import join_link
from tests.disclosures.conftest import ACME, NOTHING


@pytest.fixture
def announced(session, draft, ida, mona, erik, eva):
    """The webinar, announced: Ida is bound to Acme, Mona to nobody."""
    for speaker, declared in ((ida, ACME), (mona, NOTHING)):
        made = declare(speaker, declared, at=now())
        session.flush()
        review(made, Verdict(is_accepted=True, mitigation="Read by a colleague."),
               activity=draft, by=erik, at=now(), is_latest=True)  # fmt: skip
    session.flush()
    draft.announce(by=eva, at=now())
    session.flush()
    return draft


def test_the_public_page_discloses_names_companies_and_nature(browser, announced):
    page = browser.visit(f"/agenda/{announced.id}")

    assert "Acme Imaging : consultant or adviser" in page.text
    assert "Mona Mod Moderator Has nothing to disclose" in page.text
    assert "reviewed by somebody not concerned, and mitigated" in page.text
    assert "Read by a colleague" not in page.text
    assert page.text.index("Read the disclosures") < page.text.index("places left")


def test_whoever_has_a_place_reads_it_before_joining(browser, session, announced, ana):
    enrolment = booking.enrol(session, announced, ana, at=now())
    for where in (f"/enrolments/{enrolment.id}", f"/agenda/{announced.id}"):
        page = browser.sign_in(ana).visit(where)
        assert "Acme Imaging : consultant or adviser" in page.text


def test_the_link_to_join_shows_it_before_the_button(browser, session, announced, ana):
    enrolment = booking.enrol(session, announced, ana, at=now())
    path = "/join/" + join_link(session, enrolment).rsplit("/", 1)[1]
    assert "Acme Imaging : consultant or adviser" in browser.visit(path).text


def test_a_declaration_under_review_is_not_published(browser, session, announced, ida):
    declare(ida, Declared(False, (Line("Beta", Nature.SHARES),)), at=now())

    page = browser.visit(f"/agenda/{announced.id}")

    assert "Beta" not in page.text
    assert "The declaration is being reviewed" in page.text
    assert "Not everyone on the programme" in page.text


def test_where_nobody_has_relationships_this_is_said(browser, session, announced, ida, erik):
    made = declare(ida, NOTHING, at=now())
    session.flush()
    review(made, Verdict(is_accepted=True), activity=announced, by=erik, at=now(), is_latest=True)

    page = browser.visit(f"/agenda/{announced.id}")

    assert "Nobody on the programme has a financial relationship to disclose" in page.text
    assert "mitigated" not in page.text


def test_a_webinar_without_credits_and_declarations_says_nothing(browser, webinar):
    assert "relationship" not in browser.visit(f"/agenda/{webinar.id}").text
