"""Societies in public and at the desk, their colours, and who holds which office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.errors import Refusal
from app.journal.models import Entry
from app.societies.models import Mandate, Office, Society


def test_everybody_reads_who_the_societies_are(browser, societies):
    assert "European Federation of Radiographer Societies" in browser.visit("/societies").text

    page = browser.visit("/societies/siim")

    assert "Society for Imaging Informatics in Medicine" in page.text
    assert "<title>SIIM</title>" in browser.visit("/societies/siim.svg").response.text
    assert "/agenda?society=siim" in page.links
    assert "/agreements?society=siim" in page.links
    browser.visit("/societies/nobody", status=404)


def test_the_colours_are_sent_once_until_one_changes(browser, societies):
    first = browser.visit("/societies.css")
    assert ".soc-siim{--c:#b3541e}" in first.html
    tag = {"If-None-Match": first.response.headers["ETag"]}

    browser.visit("/societies.css", headers=tag, status=304)

    societies.siim.colour = "#123456"
    assert ".soc-siim{--c:#123456}" in browser.visit("/societies.css", headers=tag).html


def test_the_platform_enters_and_changes_a_society(browser, pia, session):
    browser.sign_in(pia).visit("/desk/societies/new")
    browser.submit(name="Nordic Society of Imaging", short="NSI", code="nsi", country="SE",
                   colour="#AA5500")  # fmt: skip
    society = session.scalars(select(Society)).one()
    assert (society.code, society.colour) == ("nsi", "#aa5500")

    browser.visit("/desk/societies/nsi")
    browser.submit(name="Nordic Imaging Society")

    assert society.name == "Nordic Imaging Society"
    acts = list(session.scalars(select(Entry.act).order_by(Entry.id)))
    assert acts == ["society.entered", "society.changed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "siim"}, "Another society has this already"),
        ({"short": "SIIM"}, "Another society has this already"),
        ({"code": "N S I"}, "small letters and digits"),
        ({"colour": "red;}body{display:none"}, "A colour reads #rrggbb"),
        ({"website": "javascript:alert(1)"}, "An address begins with https://"),
        ({"name": ""}, "What is it called?"),
        ({"country": ""}, "Where is its seat?"),
    ],
)
def test_a_society_that_cannot_be_is_refused_at_its_field(browser, pia, societies, changes, said):
    browser.sign_in(pia).visit("/desk/societies/new")
    facts = {"name": "Nordic", "short": "NSI", "code": "nsi", "country": "SE", **changes}

    assert said in browser.submit(status=422, **facts).text


def give(browser, **facts):
    browser.visit("/desk/societies/mandates/new")
    return browser.submit(**{"office": "course administrator", "society": "siim", **facts})


def test_a_mandate_opens_the_desk_and_its_end_closes_it(
    browser, another_browser, pia, ana, societies, session
):
    another_browser.sign_in(ana).visit("/desk/activities", status=403)
    assert "Ana Lopez" in give(browser.sign_in(pia), address="Ana@clinic.example ").text
    another_browser.visit("/desk/activities")
    mandate = session.scalars(select(Mandate).where(Mandate.person == ana)).one()

    browser.visit(f"/desk/societies/mandates/{mandate.id}/end")
    browser.submit(reason="A new job")

    another_browser.visit("/desk/activities", status=403)
    assert mandate.ended_reason == "A new job"
    acts = list(session.scalars(select(Entry.act).order_by(Entry.id)))
    assert acts == ["mandate.given", "mandate.ended"]


def test_a_mandate_of_tomorrow_opens_nothing_today(browser, ana, give_mandate, societies):
    give_mandate(
        ana, Office.COURSE_ADMINISTRATOR, societies.siim, from_on=today() + timedelta(days=1)
    )

    browser.sign_in(ana).visit("/desk/activities", status=403)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"address": "nobody@clinic.example"}, "Nobody here has this address confirmed"),
        ({"society": ""}, "In which society?"),
        ({"office": "platform administrator"}, "belong to no society"),
        ({"until_on": "2020-01-01"}, "before the mandate begins"),
        ({"office": "emperor"}, "Not a valid choice"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_at_its_field(
    browser, pia, ana, societies, facts, said
):
    page = give(browser.sign_in(pia), status=422, **{"address": "ana@clinic.example", **facts})

    assert said in page.text


def test_an_address_that_is_not_confirmed_is_nobodys(browser, pia, ana, societies):
    ana.addresses[0].confirmed_at = None

    page = give(browser.sign_in(pia), status=422, address="ana@clinic.example")

    assert "Nobody here has this address confirmed" in page.text


def test_the_same_office_is_not_held_twice_at_once(session, pia, eva, societies):
    day = today()

    def again(society, from_on, until_on=None):
        return Mandate.give(
            session, eva, Office.COURSE_ADMINISTRATOR, society=society, from_on=from_on,
            until_on=until_on, by=pia, at=now(),
        )  # fmt: skip

    with pytest.raises(Refusal, match="holds this office already"):
        again(societies.eusomii, day)
    again(societies.siim, day, day + timedelta(days=9))
    with pytest.raises(Refusal, match="holds this office already"):
        again(societies.siim, day + timedelta(days=5))
    again(societies.siim, day + timedelta(days=10))


def test_confer_keeps_at_least_one_administrator(session, pia, ana, give_mandate):
    own = session.scalars(select(Mandate).where(Mandate.person == pia)).one()

    with pytest.raises(Refusal, match="at least one administrator"):
        own.end(by=pia, at=now(), reason="rest")

    give_mandate(ana, Office.PLATFORM_ADMINISTRATOR, None)
    own.end(by=pia, at=now(), reason="rest")
    assert own.ended_at is not None


def test_officers_see_the_mandates_of_their_own_society_only(
    browser, erik, fay, eva, pia, societies
):
    browser.sign_in(erik).visit("/desk/societies/eusomii/mandates")
    browser.visit("/desk/societies/efrs/mandates", status=404)
    assert "/desk/societies/eusomii/mandates" in browser.visit("/societies/eusomii").links
    assert "/desk/societies/efrs/mandates" not in browser.visit("/societies/efrs").links
    browser.sign_in(fay).visit("/desk/societies/efrs/mandates")
    browser.sign_in(eva).visit("/desk/societies/eusomii/mandates", status=404)
    page = browser.sign_in(pia).visit("/desk/societies/efrs/mandates")
    assert "Fay de Wit" in page.text


def test_only_the_platform_gives_and_ends(browser, erik, session, societies):
    own = session.scalars(select(Mandate)).first()

    for path in ("new", "mandates/new", f"mandates/{own.id}/end", "eusomii"):
        browser.sign_in(erik).visit(f"/desk/societies/{path}", status=403)
    browser.post(f"/desk/societies/mandates/{own.id}/end", {"reason": "mine"}, status=403)

    assert own.ended_at is None
