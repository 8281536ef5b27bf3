"""Agreements in public and at the desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.agreements.models import Agreement, Scope, are_tied
from app.clock import now, today
from app.errors import Refusal
from app.journal.models import Entry


def the_one_with(session, short):
    return session.scalars(select(Agreement).where(Agreement.title == f"EuSoMII and {short}")).one()


def test_everybody_reads_the_agreements_and_whether_they_are_in_force(browser, societies, session):
    agreement = the_one_with(session, "SIIM")
    assert "EuSoMII and EFRS" in browser.visit("/agreements").text

    page = browser.visit(f"/agreements/{agreement.id}")

    for said in ("24 October 2019", "In force", "Webinars", "Society for Imaging Informatics"):
        assert said in page.text
    browser.visit("/agreements/999", status=404)


def test_the_agreements_of_one_society_are_listed_alone(browser, societies):
    text = browser.visit("/agreements?society=siim").text

    assert "EuSoMII and SIIM" in text
    assert "EuSoMII and EFRS" not in text
    browser.visit("/agreements?society=nobody", status=404)


def test_no_agreement_yet_is_said(browser, stage):
    assert "No agreement yet" in browser.visit("/agreements").text


def test_staff_is_warned_of_an_end_and_strangers_are_not(browser, erik, session, societies):
    agreement = the_one_with(session, "EFRS")
    agreement.until_on = today() + timedelta(days=90)
    page = f"/agreements/{agreement.id}"

    assert "It ends in 90 days" not in browser.visit(page).text
    assert "It ends in 90 days" in browser.sign_in(erik).visit(page).text

    agreement.until_on = today() + timedelta(days=181)
    assert "It ends in" not in browser.visit(page).text


def test_the_platform_enters_an_agreement_that_ties_from_its_first_day(
    browser, pia, session, societies
):
    pair = [societies.siim, societies.efrs]
    for agreement in session.scalars(select(Agreement)):
        agreement.until_on = date(2022, 1, 1)
    session.flush()
    assert not are_tied(session, pair, Scope.WEBINARS, on=today())
    browser.sign_in(pia).visit("/desk/agreements/new")

    browser.submit(
        title="SIIM and EFRS", parties=[str(s.id) for s in pair], scopes=["webinars"],
        announced_on="2026-01-01", from_on="2026-02-01",
    )  # fmt: skip

    assert are_tied(session, pair, Scope.WEBINARS, on=date(2026, 2, 1))
    assert not are_tied(session, pair, Scope.WEBINARS, on=date(2026, 1, 31))
    assert not are_tied(session, pair, Scope.COURSES, on=date(2026, 2, 1))
    assert session.scalar(select(Entry.act)) == "agreement.concluded"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parties": []}, "at least two parties"),
        ({"scopes": []}, "Say what it covers"),
        ({"until_on": "2025-01-01"}, "before it comes into force"),
        ({"title": ""}, "Give it a title"),
        ({"announced_on": "soon"}, "Not a valid date"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused_at_its_field(
    browser, pia, session, societies, changes, said
):
    browser.sign_in(pia).visit("/desk/agreements/new")
    sound = {
        "title": "A pair", "parties": [str(societies.siim.id), str(societies.efrs.id)],
        "scopes": ["webinars"], "announced_on": "2026-01-01", "from_on": "2026-02-01",
    }  # fmt: skip

    page = browser.submit(status=422, **{**sound, **changes})

    assert said in page.text
    assert len(session.scalars(select(Agreement)).all()) == 2


def test_an_agreement_ended_early_ties_until_the_day_before(browser, pia, session, societies):
    agreement = the_one_with(session, "SIIM")
    pair, day = [societies.eusomii, societies.siim], today() + timedelta(days=10)
    browser.sign_in(pia).visit(f"/desk/agreements/{agreement.id}/termination")

    page = browser.submit(on=day.isoformat(), reason="A new one is signed")

    assert "A new one is signed" in page.text
    assert are_tied(session, pair, Scope.WEBINARS, on=day - timedelta(days=1))
    assert not are_tied(session, pair, Scope.WEBINARS, on=day)
    assert session.scalar(select(Entry.act)) == "agreement.terminated"


def test_an_agreement_does_not_end_in_the_past(session, pia, societies):
    agreement = the_one_with(session, "SIIM")

    with pytest.raises(Refusal, match="today or later"):
        agreement.terminate(on=today() - timedelta(days=1), by=pia, at=now(), reason="late")

    agreement.terminate(on=today(), by=pia, at=now(), reason="now")
    assert not agreement.is_in_force(today())


def test_only_the_platform_enters_and_ends(browser, erik, session, societies):
    agreement = the_one_with(session, "SIIM")
    url = f"/desk/agreements/{agreement.id}/termination"

    browser.sign_in(erik).visit("/desk/agreements/new", status=403)
    browser.visit(url, status=403)
    browser.post(url, {"on": today().isoformat(), "reason": "mine"}, status=403)

    assert agreement.termination is None
