"""A society that awards nothing itself vouches for a scheme, in words of its own."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.clock import now
from app.credentials.issuing import issue_diploma
from app.errors import Refusal
from app.journal.models import Entry
from app.open_badges import did, endorsing, proofs
from app.open_badges.issuing import badge
from app.schemes.models import Endorsement, Part, SchemePart
from app.signing_keys.making import make_local
from app.signing_keys.models import Purpose
from tests.credentials.conftest import address
from tests.open_badges.conftest import MADE, PROVEN
from tests.open_badges.test_verifiers import case, served, sign_lists
from tests.verifiers import ask_node, ask_openbadgeslib

WORDS = "EFRS recommends this certificate to radiographers in every country."


@pytest.fixture
def edition(session, scheme, societies):
    """Its scheme is awarded by EuSoMII and SIIM, and endorsed by EFRS."""
    scheme.parts.append(SchemePart(society=societies.efrs, part=Part.ENDORSING, position=3))
    make_local(session, purpose=Purpose.PROOF, society=societies.efrs, by=None, at=MADE)
    session.commit()
    return scheme.editions[0]


@pytest.fixture
def endorsed(session, edition, societies, fay) -> Endorsement:
    made = endorsing.endorse(session, edition, societies.efrs, comment=WORDS, by=fay, at=PROVEN)
    session.commit()
    return made


def test_the_desk_of_an_endorsing_society_asks_for_its_statement(
    session, browser, edition, societies, fay, erik
):
    asks = f"EFRS is named as endorsing: {edition.scheme.title}"
    desk = browser.sign_in(fay).visit("/desk")
    assert asks in desk.text
    assert f"/desk/endorsements/editions/{edition.id}" in desk.links
    assert "named as endorsing" not in browser.sign_in(erik).visit("/desk").text

    endorsing.endorse(session, edition, societies.efrs, comment=WORDS, by=fay, at=now())
    session.commit()
    assert asks not in browser.sign_in(fay).visit("/desk").text


def test_the_statement_is_a_credential_of_that_society(session, endorsed, societies):
    document = json.loads(endorsed.document)
    own = did.society(session, societies.efrs)
    keys = {m["id"]: m for m in own["verificationMethod"]}

    assert document["issuer"]["id"] == own["id"] == "did:web:127.0.0.1%3A8000:societies:efrs"
    assert document["credentialSubject"]["endorsementComment"] == WORDS
    assert list(keys) == [document["proof"]["verificationMethod"]]
    found = _public(keys)
    assert proofs.verify_rdfc(document, found.get) == {f"{own['id']}#efrs-1": True}
    changed = document | {"name": "Something else"}
    assert proofs.verify_rdfc(changed, found.get) == {f"{own['id']}#efrs-1": False}


def _public(methods):
    from app.open_badges.multibase import from_multikey

    return {name: from_multikey(m["publicKeyMultibase"]) for name, m in methods.items()}


def issued(session, award, *, at=PROVEN):
    return issue_diploma(session, award, at=at, address=address)


def test_a_diploma_issued_afterwards_names_it_by_its_hash_and_all_verifiers_accept_both(
    session, scheme, endorsed, make_award, ben
):
    made = badge(session, issued(session, make_award(ben)), at=PROVEN)
    sign_lists(session)
    document = json.loads(made.document)
    (named,) = document["relatedResource"]
    said = ask_node([
        case(document, served(session, scheme)),
        case(json.loads(endorsed.document), served(session, scheme)),
    ])["cases"]  # fmt: skip

    assert named["id"] == endorsing.url(endorsed)
    assert named["digestSRI"] == endorsing._sri(endorsed.document)
    for one in said:
        for verifier in ("digitalbazaar", "digitalcredentials"):
            assert one[verifier]["verified"], one[verifier]["reasons"]
    compactly = served(session, scheme, accept="application/vc+jwt")
    assert ask_openbadgeslib(document, compactly, status=True) == ""


def test_a_diploma_issued_before_does_not(session, endorsed, anas_diploma):
    made = badge(session, anas_diploma, at=PROVEN)
    assert "relatedResource" not in json.loads(made.document)


def test_the_sheet_names_an_endorsing_society_when_its_endorsement_stands_at_issue(
    session, edition, societies, make_award, ben, eva, sam, fay
):
    def says(person):
        diploma = issued(session, make_award(person))
        return [one["name"] for one in diploma.snapshot["endorsing"]], diploma

    assert says(eva)[0] == []
    given = endorsing.endorse(session, edition, societies.efrs, comment=WORDS, by=fay, at=PROVEN)
    named, bens = says(ben)
    assert named == [societies.efrs.name]
    endorsing.withdraw(session, given, by=fay, at=PROVEN, reason="The syllabus changed.")
    assert says(sam)[0] == []

    session.commit()
    (same,) = json.loads(badge(session, bens, at=now()).document)["relatedResource"]
    assert same["id"] == endorsing.url(given)


def test_endorsing_twice_is_endorsing_once(session, edition, endorsed, societies, fay):
    again = endorsing.endorse(session, edition, societies.efrs, comment="Other.", by=fay, at=PROVEN)
    assert again is endorsed and again.comment == WORDS


def test_only_a_society_named_as_endorsing_does(session, edition, societies, susan):
    with pytest.raises(Refusal, match="SIIM does not endorse"):
        endorsing.endorse(session, edition, societies.siim, comment=WORDS, by=susan, at=PROVEN)


def test_one_that_was_taken_back_is_named_no_longer_and_gone_at_its_address(
    browser, session, edition, endorsed, fay, make_award, ben, societies
):
    at = f"/schemes/cii/endorsements/{endorsed.id}"
    assert browser.visit(at).response.json["credentialSubject"]["endorsementComment"] == WORDS
    endorsing.withdraw(session, endorsed, by=fay, at=now(), reason="The syllabus changed.")
    session.commit()

    after = badge(session, issued(session, make_award(ben), at=now()), at=now())
    assert "relatedResource" not in json.loads(after.document)
    gone = browser.visit(at, status=410)
    assert "took this endorsement back on" in gone.response.text
    asked = browser.client.get(at, headers={"Accept": "application/json"})
    assert asked.status_code == 410 and "took this endorsement back" in asked.json["reason"]
    again = endorsing.endorse(
        session, edition, societies.efrs, comment="Revised.", by=fay, at=now()
    )
    assert again is not endorsed
    told = select(Entry.act).where(Entry.act.contains("endorse")).order_by(Entry.id)
    acts = list(session.scalars(told))
    assert acts == ["edition.endorsed", "endorsement.withdrawn", "edition.endorsed"]


# ---------------------------------------------------------------- the pages


def test_an_officer_of_the_endorsing_society_gives_a_statement_and_takes_it_back(
    browser, session, edition, fay
):
    page = browser.sign_in(fay).visit("/desk/endorsements")
    assert "not yet given" in page.text
    browser.visit(f"/desk/endorsements/editions/{edition.id}")
    assert "sentence or two" in browser.submit(status=422, comment="").text
    browser.visit(f"/desk/endorsements/editions/{edition.id}")
    page = browser.submit(comment=WORDS)
    assert WORDS in page.text and "EFRS vouches for it now" in page.text
    given = session.scalars(select(Endorsement)).one()
    browser.visit(f"/desk/endorsements/{given.id}/withdrawal")
    page = browser.submit(reason="The syllabus has changed.")
    assert "no longer" in page.text and "not yet given" in page.text


def test_officers_of_other_societies_find_nothing_there(browser, edition, endorsed, erik, eva):
    browser.sign_in(erik)
    assert "Nothing to endorse" in browser.visit("/desk/endorsements").text
    browser.visit(f"/desk/endorsements/editions/{edition.id}", status=404)
    browser.visit(f"/desk/endorsements/{endorsed.id}/withdrawal", status=404)
    browser.sign_in(eva).visit("/desk/endorsements", status=403)


def test_a_society_without_a_key_is_told_what_to_do_first(browser, session, scheme, societies, fay):
    scheme.parts.append(SchemePart(society=societies.efrs, part=Part.ENDORSING, position=3))
    session.commit()
    page = browser.sign_in(fay).visit(f"/desk/endorsements/editions/{scheme.editions[0].id}")
    assert "has no signing key yet" in page.text and "/desk/keys/new/efrs" in page.links
    assert 'name="comment"' not in page.html  # nothing is written that would be lost


def test_whoever_reads_about_the_scheme_reads_what_others_say_of_it(browser, endorsed, scheme):
    page = browser.visit(f"/certificates/{scheme.code}")
    assert WORDS in page.text
    assert f"/schemes/{scheme.code}/endorsements/{endorsed.id}" in page.links
    assert f"/schemes/{scheme.code}/badge.svg" in page.html
