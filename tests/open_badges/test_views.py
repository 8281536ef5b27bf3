"""What machines read from us: at its address, in its form, open to any site, without a cookie."""

from __future__ import annotations

import json

import pytest
from flask import current_app

from app.addresses import external_url
from app.open_badges import did, sharing
from app.open_badges.bits import is_set
from app.open_badges.models import StatusEntry, StatusPurpose
from app.signing_keys.life import report, retire
from app.signing_keys.making import make_local
from app.signing_keys.models import Purpose
from app.signing_keys.queries import ever
from app.verification.reading.sort import read
from tests.open_badges.conftest import PROVEN


@pytest.fixture
def finished(session, anas_badge, anas_diploma):
    """Ana's diploma with its file."""
    anas_diploma.file_digest, anas_diploma.file_size = "0" * 64, 1000
    anas_diploma.snapshot = {**anas_diploma.snapshot, "sealed": True}
    session.commit()
    return anas_badge


def key(finished) -> str:
    """What the holder hands on with an address of the credential."""
    secret = current_app.config["SETTINGS"].secret_key
    return f"?key={sharing.key(secret, finished.credential.serial)}"


def addresses(finished) -> dict[str, str]:
    serial, opened = finished.credential.serial, key(finished)
    return {
        "/schemes/cii/did.json": "application/did+json",
        "/societies/siim/did.json": "application/did+json",
        "/schemes/cii/status/revocation/1": "application/json",
        "/schemes/cii/badge.png": "image/png",
        "/schemes/cii/badge.svg": "image/svg+xml",
        f"/v/{serial}/credential.json{opened}": "application/json",
        f"/v/{serial}/credential.jwt{opened}": "application/vc+jwt",
        f"/v/{serial}/badge.png{opened}": "image/png",
        f"/v/{serial}/badge.svg{opened}": "image/svg+xml",
    }


def test_any_site_reads_it_and_keeps_it_for_a_while_and_nobody_gets_a_cookie(browser, finished):
    for address, kind in addresses(finished).items():
        answer = browser.visit(address).response
        assert answer.mimetype == kind, address
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.cache_control.public and answer.cache_control.max_age >= 300
        assert "Set-Cookie" not in answer.headers and "Location" not in answer.headers
        tag = answer.headers["ETag"]
        if ".jwt" not in address:
            again = browser.client.get(address, headers={"If-None-Match": tag})
            assert again.status_code == 304 and not again.data, address


def test_none_of_it_names_the_holder(browser, ana, finished):
    for address in addresses(finished):
        content = browser.visit(address).response.data
        assert b"Lopez" not in content and ana.address.encode() not in content


def test_before_its_file_is_finished_a_credential_is_nowhere(browser, anas_badge):
    serial = anas_badge.credential.serial
    for name in ("credential.json", "credential.jwt", "badge.png", "badge.svg"):
        browser.visit(f"/v/{serial}/{name}", status=404)


def test_what_is_not_there_is_not_found(browser, finished):
    serial = finished.credential.serial
    for address in (
        "/schemes/none/did.json",
        "/societies/none/did.json",
        "/schemes/cii/status/revocation/2",
        "/schemes/cii/status/message/1",
        "/schemes/none/status/revocation/1",
        "/schemes/cii/badge.gif",
        f"/v/{serial}/badge.gif{key(finished)}",
        "/v/7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ/credential.json",
    ):
        browser.visit(address, status=404)


def test_the_served_credential_is_what_is_kept_and_what_is_baked(browser, finished):
    serial = finished.credential.serial
    stored = finished.document

    own = browser.visit(f"/v/{serial}/credential.json{key(finished)}").response
    assert own.get_data(as_text=True) == stored
    for form in ("png", "svg"):
        picture = browser.visit(f"/v/{serial}/badge.{form}{key(finished)}").response.data
        assert read(picture).credential == stored
    assert json.loads(stored)["id"].endswith(f"/v/{serial}/credential.json")


def test_the_serial_alone_opens_no_credential(browser, finished, ana, ben):
    """It tells results, and beside the salt the hashes can be tried out without end."""
    names = ("credential.json", "credential.jwt", "badge.png", "badge.svg")
    own = [f"/v/{finished.credential.serial}/{name}" for name in names]
    for address in own:
        browser.visit(address, status=404)
        browser.visit(f"{address}?key={'0' * sharing.LENGTH}", status=404)
        browser.visit(f"{address}?key=é", status=404)
    browser.sign_in(ben)
    for address in own:
        browser.visit(address, status=404)
    browser.sign_in(ana)
    for address in own:
        answer = browser.visit(address).response
        assert answer.cache_control.private and not answer.cache_control.public
    handed_on = external_url("open_badges.credential", serial=finished.credential.serial)
    page = browser.visit(f"/my/certificates/{finished.credential.serial}")
    assert handed_on + key(finished) in page.text


def test_a_status_list_comes_in_the_form_that_is_asked_for(browser, finished):
    address = "/schemes/cii/status/suspension/1"
    plain = browser.client.get(address)
    listed = browser.client.get(address, headers={"Accept": "application/vc"})
    compact = browser.client.get(address, headers={"Accept": "application/vc+jwt"})

    assert plain.mimetype == "application/json" and "proof" in plain.json
    assert listed.mimetype == "application/vc" and json.loads(listed.data) == plain.json
    assert compact.mimetype == "application/vc+jwt" and compact.data.count(b".") == 2
    assert "Accept" in plain.headers["Vary"]


# ---------------------------------------------------------------- DID documents and rotation


def methods(document) -> list[str]:
    return [m["id"].split("#")[1] for m in document["verificationMethod"]]


def asserting(document) -> list[str]:
    return [m.split("#")[1] for m in document["assertionMethod"]]


def test_the_joint_document_lists_every_society_under_the_joint_name(session, scheme):
    document = did.joint(session, scheme)

    assert methods(document) == ["cii-1", "cii-1-rsa", "eusomii-1", "siim-1"]
    assert {m["controller"] for m in document["verificationMethod"]} == {document["id"]}
    own = did.society(session, scheme.awarding[1])
    (theirs,) = own["verificationMethod"]
    (ours,) = [m for m in document["verificationMethod"] if m["id"].endswith("#siim-1")]
    assert theirs["publicKeyMultibase"] == ours["publicKeyMultibase"]


def test_a_retired_key_stays_and_a_new_one_comes_beside_it(session, scheme, erik):
    siim = scheme.awarding[1]
    (old,) = ever(session, Purpose.PROOF, society_id=siim.id)
    retire(session, old, by=erik, at=PROVEN, reason="Every two years.")
    make_local(session, purpose=Purpose.PROOF, society=siim, by=erik, at=PROVEN)
    document = did.joint(session, scheme)

    assert methods(document) == ["cii-1", "cii-1-rsa", "eusomii-1", "siim-1", "siim-2"]
    assert asserting(document) == methods(document)


def test_a_key_in_strange_hands_stays_listed_and_asserts_nothing_any_more(session, scheme, erik):
    siim = scheme.awarding[1]
    (old,) = ever(session, Purpose.PROOF, society_id=siim.id)
    report(session, old, since=PROVEN, by=erik, at=PROVEN, reason="A stolen laptop.")
    for document in (did.joint(session, scheme), did.society(session, siim)):
        assert "siim-1" in methods(document)
        assert "siim-1" not in asserting(document)
    assert "eusomii-1" in asserting(did.joint(session, scheme))


# ---------------------------------------------------------------- the holder's page


def test_the_holder_finds_the_badge_on_the_page_of_the_diploma(browser, ana, ben, finished):
    serial = finished.credential.serial
    page = browser.sign_in(ana).visit(f"/my/certificates/{serial}")
    assert "As a digital badge" in page.text
    for link in (f"/v/{serial}/badge.png", f"/v/{serial}/credential.json"):
        assert link in page.links
    europass = browser.visit(f"/my/certificates/{serial}/europass.json").response
    assert europass.json["credentialSubject"]["fullName"] == {"en": "Ana Lopez"}
    assert europass.headers["Cache-Control"] == "no-store"
    browser.sign_in(ben).visit(f"/my/certificates/{serial}/europass.json", status=404)


def test_the_bit_of_a_credential_is_unset_while_it_counts(browser, session, finished):
    place = session.get_one(StatusEntry, (finished.credential_id, StatusPurpose.REVOCATION))
    answer = browser.visit("/schemes/cii/status/revocation/1").response.json
    encoded = answer["credentialSubject"]["encodedList"]

    assert is_set(encoded, place.position) is False
    document = json.loads(finished.document)
    entry = document["credentialStatus"][0]
    assert entry["statusListIndex"] == str(place.position)
    assert entry["statusListCredential"] == answer["id"]
