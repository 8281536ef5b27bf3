"""Verifiers that others wrote accept our credentials, see what became of them, refuse a forgery."""

from __future__ import annotations

import copy
import json

import pytest

from app.clock import now, today
from app.credentials.withholding import Decision, suspend, withdraw
from app.open_badges import compact, did, lists, pinned, proofs
from app.open_badges.lists import sign, stale
from app.open_badges.models import StatusList
from app.signing_keys.models import Purpose
from app.signing_keys.queries import ever
from tests.open_badges.conftest import PROVEN, published_keys
from tests.verifiers import ask_node, ask_openbadgeslib, ask_openbadgeslib_jwt

FORMS = ("application/json", "application/vc+jwt")
WHY = "Two presence lists contradict each other."


def served(session, scheme, *, accept: str = "application/json") -> dict:
    """Everything a verifier may fetch from us, by its address, in the form it accepts."""
    found = {url: pinned.context(url) for url in pinned.PINNED}
    found["https://w3id.org/security/multikey/v1"] = MULTIKEY
    found[did.joint_id(scheme)] = did.joint(session, scheme)
    for society in scheme.concerned:
        found[did.society_id(society)] = did.society(session, society)
    for one in session.query(StatusList):
        found[lists.url(one)] = (
            one.compact if accept == "application/vc+jwt" else json.loads(one.document)
        )
    return found


MULTIKEY = json.loads(
    """{"@context": {"id": "@id", "type": "@type", "@protected": true, "Multikey": {
    "@id": "https://w3id.org/security#Multikey", "@context": {"@protected": true, "id": "@id",
    "type": "@type", "controller": {"@id": "https://w3id.org/security#controller", "@type": "@id"},
    "publicKeyMultibase": {"@id": "https://w3id.org/security#publicKeyMultibase",
    "@type": "https://w3id.org/security#multibase"}}}}}"""
)


def sign_lists(session) -> None:
    """Now, for verifiers read the clock where they look a list up."""
    for one, encoded in stale(session, at=now()):
        sign(session, one, encoded, at=now())
    session.flush()


def case(credential, documents) -> dict:
    return {"credential": credential, "documents": documents, "now": now().isoformat()}


@pytest.fixture
def credential(anas_badge) -> dict:
    return json.loads(anas_badge.document)


def test_all_three_accept_the_credential_with_every_proof(session, scheme, credential):
    sign_lists(session)
    documents = served(session, scheme)
    (said,) = ask_node([case(credential, documents)])["cases"]

    for verifier in ("digitalbazaar", "digitalcredentials"):
        assert said[verifier]["verified"], said[verifier]["reasons"]
        assert said[verifier]["status"] == {"revocation": False, "suspension": False}
    assert said["digitalbazaar"]["proofs"] == {"cii-1": True, "eusomii-1": True, "siim-1": True}
    documents = served(session, scheme, accept="application/vc+jwt")
    assert ask_openbadgeslib(credential, documents, status=True) == ""


def test_all_three_see_a_suspension_and_a_withdrawal(
    session, scheme, anas_diploma, credential, erik
):
    told = Decision(by=erik, at=now(), on=today(), reason=WHY)
    suspend(session, anas_diploma, told)
    sign_lists(session)
    suspended, compactly = (served(session, scheme, accept=form) for form in FORMS)
    withdraw(session, anas_diploma, told)
    sign_lists(session)
    withdrawn, compactly_withdrawn = (served(session, scheme, accept=form) for form in FORMS)
    first, second = ask_node([case(credential, suspended), case(credential, withdrawn)])["cases"]

    for verifier in ("digitalbazaar", "digitalcredentials"):
        assert first[verifier]["status"] == {"revocation": False, "suspension": True}
        assert second[verifier]["status"]["revocation"] is True
    assert "suspen" in ask_openbadgeslib(credential, compactly, status=True).lower()
    assert "revo" in ask_openbadgeslib(credential, compactly_withdrawn, status=True).lower()
    assert ask_openbadgeslib(credential, withdrawn, status=False) == ""


def test_all_three_refuse_what_was_changed(session, scheme, credential):
    sign_lists(session)
    documents = served(session, scheme)
    forged = []
    for change in (
        lambda d: d["credentialSubject"].update(licenseNumber="7ZZZ"),
        lambda d: d.update(validUntil="2099-01-01T00:00:00Z"),
        lambda d: d["credentialSubject"]["identifier"].pop(),
        lambda d: d["credentialStatus"].pop(),
    ):
        document = copy.deepcopy(credential)
        change(document)
        forged.append(document)
    answers = ask_node([case(document, documents) for document in forged])["cases"]

    for document, said in zip(forged, answers, strict=True):
        assert not said["digitalbazaar"]["verified"]
        assert not any(said["digitalbazaar"]["proofs"].values())
        assert not said["digitalcredentials"]["verified"]
        assert ask_openbadgeslib(document, documents, status=False) != ""


def test_a_forged_or_missing_proof_of_one_society_passes_elsewhere_and_is_named_by_ours(
    session, scheme, credential
):
    sign_lists(session)
    documents, keys = served(session, scheme), published_keys(did.joint(session, scheme))
    joint, eusomii, siim = credential["proof"]
    forged = {
        **credential,
        "proof": [joint, eusomii, {**siim, "proofValue": eusomii["proofValue"]}],
    }
    missing = {**credential, "proof": [joint, eusomii]}
    names = [eusomii["verificationMethod"], siim["verificationMethod"]]
    said = ask_node([case(forged, documents), case(missing, documents)])["cases"]

    assert [one["digitalbazaar"]["verified"] for one in said] == [True, True]
    assert said[0]["digitalbazaar"]["proofs"]["siim-1"] is False
    assert proofs.verify_jcs(forged, keys.get) == dict(zip(names, [True, False], strict=True))
    assert proofs.verify_jcs(missing, keys.get) == {names[0]: True}
    assert proofs.verify_jcs(credential, keys.get) == dict.fromkeys(names, True)


def test_the_compact_form_is_accepted_under_rs256_and_refused_when_changed(
    session, scheme, credential
):
    text = compact.signed(session, scheme, credential, at=PROVEN)
    joint = did.joint_id(scheme)
    (key,) = ever(session, Purpose.COMPACT, scheme_id=scheme.id)
    document = did.joint(session, scheme)
    method = next(m for m in document["verificationMethod"] if m["id"] == did.method(joint, key))
    jwks = {"keys": [{**method["publicKeyJwk"], "kid": method["id"]}]}
    head, body, signature = text.split(".")
    other = compact.signed(session, scheme, {**credential, "name": "Other"}, at=PROVEN)
    swapped = ".".join([head, other.split(".")[1], signature])
    asked = [{"text": t, "jwks": jwks, "now": now().isoformat()} for t in (text, swapped)]
    good, bad = ask_node([], asked)["jwts"]

    assert good["verified"] and good["alg"] == "RS256"
    assert good["payload"]["iss"] == joint
    assert good["payload"]["sub"] == credential["credentialSubject"]["id"]
    assert not bad["verified"]
    documents = served(session, scheme)
    assert ask_openbadgeslib_jwt(text, joint, documents) == ""
    assert ask_openbadgeslib_jwt(swapped, joint, documents) != ""
    assert body
