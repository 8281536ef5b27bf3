"""The joint credential of a diploma: what it says, who proves it, and that it is made once."""

from __future__ import annotations

import csv
import hashlib
import json

import pytest
import rfc8785

from app.open_badges import did, guard, issuing, pinned, proofs
from app.open_badges.document import Common, build
from app.open_badges.issuing import NoKey, badge, hashed, written
from app.open_badges.lists import Place
from app.open_badges.models import OpenBadge, StatusEntry, StatusPurpose
from app.open_badges.mould import Mould, slot
from app.signing_keys.life import retire
from app.signing_keys.models import Purpose
from app.signing_keys.queries import in_force
from config import ROOT
from tests.open_badges.conftest import PROVEN, published_keys


def document_of(made: OpenBadge) -> dict:
    return json.loads(made.document)


def test_the_credential_has_a_joint_issuer_and_a_proof_of_every_awarding_society(
    session, scheme, anas_badge
):
    document = document_of(anas_badge)
    joint = did.joint_id(scheme)

    assert document["issuer"]["id"] == joint == "did:web:127.0.0.1%3A8000:schemes:cii"
    assert document["issuer"]["name"] == "EuSoMII and SIIM"
    assert [(p["cryptosuite"], p["verificationMethod"]) for p in document["proof"]] == [
        ("eddsa-rdfc-2022", f"{joint}#cii-1"),
        ("eddsa-jcs-2022", f"{joint}#eusomii-1"),
        ("eddsa-jcs-2022", f"{joint}#siim-1"),
    ]
    keys = published_keys(did.joint(session, scheme))
    assert proofs.verify_rdfc(document, keys.get) == {f"{joint}#cii-1": True}
    assert proofs.verify_jcs(document, keys.get) == {
        f"{joint}#eusomii-1": True,
        f"{joint}#siim-1": True,
    }


def test_it_names_the_holder_by_salted_hashes_alone(ana, anas_badge):
    document = document_of(anas_badge)
    name, address = document["credentialSubject"]["identifier"]

    assert "Lopez" not in anas_badge.document and ana.address not in anas_badge.document
    assert name["identityHash"] == hashed("Ana Lopez", name["salt"])
    assert address["identityHash"] == hashed(ana.address, address["salt"])
    assert hashed("Ana Lopes", name["salt"]) != name["identityHash"]
    assert document["credentialSubject"]["id"].startswith("urn:uuid:")


def test_it_says_what_the_diploma_says(anas_diploma, anas_badge):
    document, snapshot = document_of(anas_badge), anas_diploma.snapshot
    achievement = document["credentialSubject"]["achievement"]

    assert document["id"] == f"{snapshot['verify_url']}/credential.json"
    assert document["name"] == achievement["name"] == snapshot["title"]
    assert document["credentialSubject"]["licenseNumber"] == anas_diploma.serial
    assert document["validUntil"] == "2031-10-16T23:59:59Z"
    assert document["awardedDate"] == "2026-10-16T00:00:00Z"
    assert achievement["criteria"]["narrative"].startswith("- The course completed")
    assert [one["identifier"] for one in achievement["otherIdentifier"]] == [
        society["name"] for society in snapshot["awarding"]
    ]
    assert "alignment" not in achievement, "no level is claimed that nobody accredited"


def test_it_is_made_once_and_stays_what_it_was(session, anas_diploma, anas_badge):
    again = badge(session, anas_diploma, at=PROVEN.replace(hour=23))

    assert again is anas_badge
    assert session.query(OpenBadge).count() == 1 and session.query(StatusEntry).count() == 2
    assert anas_badge.digest == hashlib.sha256(anas_badge.document.encode()).hexdigest()


def test_a_society_without_a_key_holds_it_up_and_is_named(session, scheme, anas_diploma, erik):
    siim = scheme.awarding[1]
    retire(
        session,
        in_force(session, Purpose.PROOF, society_id=siim.id, at=PROVEN),
        by=erik,
        at=PROVEN.replace(hour=1),
        reason="A new one follows.",
    )
    with pytest.raises(NoKey, match="SIIM") as held:
        badge(session, anas_diploma, at=PROVEN)
    assert held.value.society is siim
    assert session.query(OpenBadge).count() == 0


# ---------------------------------------------------------------- the fast way is the whole way


def common_of(credential) -> Common:
    places = {purpose: Place(f"https://x.example/{purpose}/1", 7) for purpose in StatusPurpose}
    return issuing._common(credential, credential.award.award_list.edition, places, ())


HOSTILE = [
    'She said "no"',
    "back\\slash\\n and \\u0041",
    "a line\nand another\r\n\ttab",
    "100 % of %(serial)s and %s",
    "_:c14n0 <urn:x> .",
    slot("serial"),
    "\u202eright to left\u202c and \U0001f469\u200d\u2695\ufe0f",
    "e\u0301 and é",
    "x" * 4000,
    "",
]


def names() -> list[str]:
    with open(ROOT / "tests" / "samples" / "people.csv", encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file)]


def test_the_filled_mould_is_what_the_processor_answers_for_every_name(
    session, scheme, anas_diploma
):
    common = common_of(anas_diploma)
    own = dict.fromkeys(("serial", "salt", "name_hash", "email_hash"), "x") | {
        "url": "https://x.example/v/7ZZZ",
        "subject": "urn:uuid:5f0c1f3e-0000-4000-8000-000000000000",
        "valid_from": "2026-10-16T09:00:00Z",
        "awarded": "2026-10-16T00:00:00Z",
        "valid_until": "2031-10-16T23:59:59Z",
        "index_revocation": "1",
        "index_suspension": "131071",
    }
    texts = [*names()[:24], *HOSTILE]
    for text in texts:
        # A name is hashed before it comes here; written in the clear it is the harder test.
        mine = own | {"name_hash": text, "serial": text[::-1]}
        document, quads = written(common, mine)
        assert quads.decode() == pinned.canonical(document), text
        assert proofs.canonical(document) == rfc8785.dumps(document), text
    assert len(texts) > 30


def test_blank_nodes_are_named_by_what_is_said_of_them_and_not_in_order(session, anas_diploma):
    document = {
        "@context": [pinned.VC, pinned.OB],
        "type": ["VerifiableCredential"],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityHash": slot("a"), "salt": "1"},
                {"type": "IdentityObject", "identityHash": slot("b"), "salt": "2"},
                {"type": "IdentityObject", "identityHash": "fixed", "salt": "3"},
            ],
        },
    }
    mould, seen = Mould.of(document), set()
    for n in range(12):
        values = {"a": f"one {n}", "b": f"two {n}"}
        text = json.dumps(document).replace(slot("a"), values["a"]).replace(slot("b"), values["b"])
        filled = mould.fill(values).decode()
        assert filled == pinned.canonical(json.loads(text))
        seen.add(filled.split('"fixed"')[0].rsplit("_:", 1)[-1][:5])
    assert len(seen) > 1, "the same node is named differently from one holder to the next"


def test_two_alike_are_left_to_the_whole_algorithm(session, scheme, anas_diploma):
    common = common_of(anas_diploma)
    twin = Common(**{**common.__dict__, "awarding": (common.awarding[0],) * 2})
    own = {name: f"urn:x:{name}" for name in issuing.slots(twin)}
    document, quads = written(twin, own)

    assert quads.decode() == pinned.canonical(document)


# ---------------------------------------------------------------- the guard


def a_document(session, credential) -> dict:
    common = common_of(credential)
    return build(common, {name: f"urn:x:{name}" for name in issuing.slots(common)})


def test_a_document_of_ours_passes_the_guard(session, scheme, anas_diploma):
    guard.check(a_document(session, anas_diploma))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(favourite="blue"), "would be signed"),
        (lambda d: d["credentialSubject"].update(grade="A"), "would be signed"),
        (lambda d: d["credentialSubject"]["achievement"].update(rank="1"), "would be signed"),
        (lambda d: d["type"].append("BestCredential"), "BestCredential"),
        (lambda d: d["credentialSchema"][0].update(type="Schema2099"), "Schema2099"),
        (lambda d: d.update(id="credential.json"), "credential.json"),
        (lambda d: d.update(name="a bell\x07"), "control characters in name"),
        (lambda d: d.update(name="half \ud800"), "control characters in name"),
    ],
)
def test_a_foreign_term_is_refused_before_anything_is_signed(
    session, scheme, anas_diploma, change, said
):
    document = a_document(session, anas_diploma)
    change(document)
    with pytest.raises(guard.Unsignable, match=said):
        guard.check(document)


def test_a_context_that_is_not_pinned_is_never_fetched():
    with pytest.raises(Exception, match="Could not convert") as refused:
        pinned.canonical({"@context": "https://example.org/context", "name": "x"})
    causes = [refused.value]
    while (cause := causes[-1].__cause__ or getattr(causes[-1], "cause", None)) is not None:
        causes.append(cause)
    assert isinstance(causes[-1], pinned.NotPinned)
