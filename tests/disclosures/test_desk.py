"""The desk of disclosures: state, reminders, records on behalf, reviews by who is not concerned."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.agenda.profiles import SpeakerProfile
from app.clock import now
from app.disclosures.declaring import Declared, Exemption, Line, Nature
from app.disclosures.models import Disclosure, Review, declare
from app.disclosures.reviewing import Verdict, concern, review
from app.errors import Refusal
from app.journal.models import Entry
from app.outbox.models import Message
from tests.disclosures.conftest import ACME, NOTHING

EMPLOYEE = Declared(False, (Line("Acme Imaging", Nature.EMPLOYEE),))
WELL = Verdict(is_accepted=True, mitigation="The slides were read by a colleague.")


@pytest.fixture
def desk(draft):
    return f"/desk/activities/{draft.id}/disclosures"


def test_the_page_says_who_declared_and_reminds_the_others_by_one_button(
    browser, session, eva, desk, ida, mona
):
    declare(ida, ACME, at=now())
    page = browser.sign_in(eva).visit(desk)
    assert "1 declaration is missing" in page.text
    assert "Acme Imaging : consultant" in page.text

    page = browser.submit("/reminder")

    assert "1 person is reminded by mail" in page.text
    [letter] = session.scalars(select(Message))
    assert letter.to == "mona@siim.example"
    assert "Please declare" in letter.subject
    assert "/speak/" in letter.plain
    assert "last hour already: Mona Mod" in browser.submit("/reminder").text
    assert len(session.scalars(select(Message)).all()) == 1


def test_whoever_has_no_address_is_named_instead_of_reminded(browser, session, eva, desk, mona):
    mona.address = ""
    browser.sign_in(eva).visit(desk)
    page = browser.submit("/reminder")
    assert "Without an e-mail address: Mona Mod" in page.text
    assert [m.to for m in session.scalars(select(Message))] == ["ida@uppsala.example"]


def test_staff_record_a_declaration_with_where_it_came_from(browser, session, eva, desk, ida):
    browser.sign_in(eva).visit(f"{desk}/{ida.id}/record")
    values = {"answer": "some", "lines-0-company": "Acme Imaging", "lines-0-nature": "consultant"}
    assert "Say where it comes from" in browser.submit(status=422, **values).text

    page = browser.submit(source="Signed form by e-mail, 3 November", **values)

    assert "Recorded by Eva Lindqvist. Source: Signed form by e-mail, 3 November" in page.text
    [made] = session.scalars(select(Disclosure))
    assert (made.declared, made.by.name) == (ACME, "Eva Lindqvist")
    assert session.scalars(select(Entry.act)).all().count("disclosure.recorded") == 1


def test_someone_not_concerned_reviews_and_notes_the_mitigation(
    browser, session, erik, desk, ida, draft
):
    declare(ida, ACME, at=now())
    browser.sign_in(erik).visit(f"{desk}/{ida.id}")
    assert "cannot colour the content" in browser.submit(status=422, decision="accept").text

    browser.submit(decision="accept", mitigation="The slides were read by a colleague.")

    given = session.scalars(select(Review)).one()
    assert (given.is_accepted, given.by.name) == (True, "Erik Holm")
    page = browser.visit(f"{desk}/{ida.id}")
    assert "Accepted by Erik Holm" in page.text
    entry = session.scalars(select(Entry).where(Entry.act == "disclosure.reviewed")).one()
    assert entry.details["mitigation"] == "The slides were read by a colleague."


def test_a_refusal_says_why_and_is_read_on_the_personal_page(
    browser, another_browser, erik, desk, ida, link_of
):
    declare(ida, ACME, at=now())
    browser.sign_in(erik).visit(f"{desk}/{ida.id}")
    assert "Say why" in browser.submit(status=422, decision="refuse").text
    browser.submit(decision="refuse", mitigation="Please say since when.")

    assert "not accepted: Please say since when." in another_browser.visit(link_of(ida)).text


def test_an_employee_of_a_company_is_accepted_only_by_a_noted_exception(draft, ida, erik, session):
    made = declare(ida, EMPLOYEE, at=now())
    session.flush()
    with pytest.raises(Refusal, match="only by an exception"):
        review(made, WELL, activity=draft, by=erik, at=now(), is_latest=True)

    given = review(
        made,
        Verdict(is_accepted=True, mitigation="Only safety.", exemption=Exemption.SAFE_USE),
        activity=draft, by=erik, at=now(), is_latest=True,
    )  # fmt: skip

    assert given.exemption is Exemption.SAFE_USE


def test_the_exception_is_chosen_at_the_form(browser, erik, desk, ida, session):
    declare(ida, EMPLOYEE, at=now())
    browser.sign_in(erik).visit(f"{desk}/{ida.id}")
    page = browser.submit(status=422, decision="accept", mitigation="Only safety.")
    assert "Say which applies" in page.text
    browser.submit(exemption="safe use")
    assert session.scalars(select(Review)).one().exemption is Exemption.SAFE_USE


@pytest.mark.parametrize("as_whom", ["by account", "by address", "by name"])
def test_nobody_reviews_a_programme_on_which_they_stand(
    browser, session, eva, draft, desk, ida, mona, as_whom
):
    declare(ida, NOTHING, at=now())
    if as_whom == "by account":
        session.add(SpeakerProfile(speaker=mona, person=eva, changed_at=now()))
    elif as_whom == "by address":
        mona.address = "EVA@clinic.example"
    else:
        mona.name = "Prof. Eva  lindqvist"
    session.flush()

    page = browser.sign_in(eva).visit(f"{desk}/{ida.id}")
    assert "Somebody who is not concerned has to review" in page.text
    assert 'name="decision"' not in page.html
    latest = session.scalars(select(Disclosure)).one()
    page = browser.post(f"{desk}/{ida.id}", {"decision": "accept", "seen": latest.id}, status=409)
    assert "You are on this programme" in page.text
    with pytest.raises(Refusal, match="not concerned"):
        review(latest, WELL, activity=draft, by=eva, at=now(), is_latest=True)
    assert session.scalars(select(Review)).first() is None


def test_whoever_does_not_stand_on_it_is_not_concerned(eva, erik, draft, ida, session):
    assert concern(eva, draft.speakers) is None
    assert concern(erik, draft.speakers) is None


def test_a_review_is_of_the_declaration_that_was_looked_at(browser, erik, desk, ida, session):
    declare(ida, NOTHING, at=now())
    browser.sign_in(erik).visit(f"{desk}/{ida.id}")
    declare(ida, ACME, at=now())

    page = browser.submit(status=422, decision="accept", mitigation="Well.")

    assert "There is a newer declaration" in page.text
    assert session.scalars(select(Review)).first() is None
    assert "Earlier versions" in page.text


@pytest.mark.parametrize("stranger", ["fay", "otto", "pia"])
def test_only_who_plans_educates_or_presides_in_an_organising_society_sees_it(
    browser, request, desk, ida, stranger
):
    """Fay's society has no part in it; Otto audits; Pia runs the platform."""
    browser.sign_in(request.getfixturevalue(stranger))
    browser.visit(desk, status=404)
    browser.visit(f"{desk}/{ida.id}", status=404)
    browser.post(f"{desk}/reminder", status=404)


def test_the_partner_s_officer_reviews_too(browser, susan, desk, ida, session):
    declare(ida, NOTHING, at=now())
    browser.sign_in(susan).visit(desk)
    browser.visit(f"{desk}/{ida.id}")
    browser.submit(decision="accept")
    assert session.scalars(select(Review)).one().by == susan


def test_the_desk_of_reviewers_says_what_waits_until_it_is_reviewed(browser, erik, draft, ida):
    assert "to review" not in browser.sign_in(erik).visit("/desk").text
    declare(ida, NOTHING, at=now())
    assert f"1 declaration to review: {draft.title}" in browser.visit("/desk").text

    browser.visit(f"/desk/activities/{draft.id}/disclosures/{ida.id}")
    browser.submit(decision="accept")

    assert "to review" not in browser.visit("/desk").text


def test_whoever_recorded_a_declaration_does_not_review_it(browser, session, eva, erik, desk, ida):
    declare(ida, ACME, by=eva, source="A signed form", at=now())

    browser.sign_in(eva).visit(f"{desk}/{ida.id}")
    page = browser.submit(status=422, decision="accept", mitigation=WELL.mitigation)
    assert "You recorded this declaration yourself." in page.text
    assert session.scalars(select(Review)).all() == []

    browser.sign_in(erik).visit(f"{desk}/{ida.id}")
    browser.submit(decision="accept", mitigation=WELL.mitigation)
    assert session.scalars(select(Review)).one().by.name == "Erik Holm"
