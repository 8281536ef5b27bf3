"""Declaring on the personal page: explicit, kept in versions, without an account."""

from __future__ import annotations

from sqlalchemy import select

from app.disclosures.models import Disclosure
from app.journal.models import Entry
from tests.disclosures.conftest import ACME, NOTHING


def versions(session):
    return session.scalars(select(Disclosure).order_by(Disclosure.version)).all()


def test_nothing_to_disclose_is_said_and_never_assumed(browser, session, ida, link_of):
    link = link_of(ida)
    assert "Please declare" in browser.visit(link).text
    browser.visit(f"{link}/disclosure")
    assert "which of the two" in browser.submit(status=422).text

    page = browser.submit(answer="none")

    assert "You declared that you have nothing to disclose" in page.text
    [made] = versions(session)
    assert made.declared == NOTHING
    assert made.by is None
    entry = session.scalars(select(Entry).where(Entry.act == "disclosure.made")).one()
    assert entry.actor_name == "Dr Ida Nyström"
    assert entry.details["none"] is True


def test_a_newer_declaration_supersedes_the_one_before_which_stays(browser, session, ida, link_of):
    link = link_of(ida)
    browser.visit(f"{link}/disclosure")
    browser.submit(answer="none")
    browser.visit(f"{link}/disclosure")

    browser.submit(**{"answer": "some", "lines-0-company": "Acme Imaging",
                      "lines-0-nature": "consultant"})  # fmt: skip

    assert [d.declared for d in versions(session)] == [NOTHING, ACME]
    assert "Acme Imaging" in browser.page.text
    again = browser.visit(f"{link}/disclosure")
    assert 'value="Acme Imaging"' in again.html
    browser.submit()
    assert len(versions(session)) == 2


def test_faults_are_told_at_their_fields_and_nothing_typed_is_lost(browser, session, ida, link_of):
    browser.visit(f"{link_of(ida)}/disclosure")

    page = browser.submit(status=422, **{
        "answer": "none",
        "lines-0-company": "", "lines-0-words": "a prize",
        "lines-1-company": "Beta", "lines-1-nature": "",
    })  # fmt: skip
    for said in ("Which company?", "What ties you to this company?", 'value="a prize"'):
        assert said in page.html

    page = browser.submit(status=422, **{
        "answer": "none",
        "lines-0-words": "",
        "lines-1-nature": "shares", "lines-1-ended_on": "2019-01-01",
    })  # fmt: skip
    assert "Which is right?" in page.text
    assert "need not be declared" in page.text
    assert versions(session) == []


def test_more_rows_cost_nothing_that_was_typed(browser, session, ida, link_of):
    link = f"{link_of(ida)}/disclosure"
    browser.visit(link)
    page = browser.post(
        link, {"answer": "some", "lines-0-company": "Acme", "more": "1"}, status=200
    )
    assert 'value="Acme"' in page.html
    assert 'name="lines-2-company"' in page.html
    assert versions(session) == []


def test_a_stranger_s_link_declares_nothing(browser, session, ida, link_of):
    link = link_of(ida)
    browser.visit(f"{link}x/disclosure", status=410)
    browser.post(f"{link}x/disclosure", {"answer": "none"}, status=410)
    assert versions(session) == []
