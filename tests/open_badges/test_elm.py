"""The file for Europass: who issues it, what it takes to reach it, and with which results."""

from __future__ import annotations

import base64

import pytest

from app.credentials.issuing import issue_diploma
from app.open_badges import elm, elm_claim, picture, queries
from tests.credentials.conftest import ISSUED, address

ANNEX = {
    "workload_hours": "12.5", "credits": {"system": "ECTS", "amount": "0.5"}, "level": {"eqf": 6},
    "outcomes": ["Reads a header", "Writes a query"], "prerequisites": "A degree",
    "assessment": "Test online", "grade": "passed",
}  # fmt: skip
TESTED = {"title": "DICOM in practice", "score": 82, "pass_mark": 75}
REQUIRED = {
    "LearningAchievement": {"title", "awardedBy"},
    "LearningAchievementSpecification": {"title"},
    "Qualification": {"title"},
    "LearningOutcome": {"title"},
    "CreditPoint": {"framework", "point"},
    "LearningAssessment": {"title", "grade", "awardedBy"},
    "AwardingProcess": {"awardingBody"},
    "Organisation": {"legalName", "location"},
    "LegalIdentifier": {"notation", "spatial"},
    "Address": {"countryCode"},
    "Person": {"hasClaim"},
}
"""What the application profile for European Digital Credentials asks of each class."""


@pytest.fixture
def described(anas_diploma):
    """Ana's diploma, whose edition tells of itself."""
    supplement = {"modules": [TESTED, {"title": "A webinar", "score": None}], "annex": ANNEX}
    anas_diploma.snapshot = {**anas_diploma.snapshot, "supplement": supplement}
    return anas_diploma


def claim(diploma):
    return elm.document(diploma)["credentialSubject"]["hasClaim"]


def nodes(part):
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part:
        if isinstance(inner, dict | list):
            yield from nodes(inner)


def test_what_has_to_be_learnt_is_told_in_the_terms_of_the_model(described):
    specified = claim(described)["specifiedBy"]

    assert specified["type"] == "Qualification"
    assert [one["title"]["en"] for one in specified["learningOutcome"]] == ANNEX["outcomes"]
    assert specified["volumeOfLearning"] == "PT12H30M"
    assert specified["creditPoint"]["point"] == "0.5"
    assert specified["creditPoint"]["framework"]["id"].endswith("/education-credit/6fcec5c5af")
    assert specified["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/6"
    assert specified["entryRequirement"]["noteLiteral"] == {"en": "A degree"}
    (note,) = specified["additionalNote"]
    assert note["noteLiteral"] == {"en": "Assessment: Test online"}


def test_results_prove_the_achievement(described):
    proven = {
        one["title"]["en"]: one["grade"]["noteLiteral"]["en"]
        for one in claim(described)["provenBy"]
    }
    assert proven == {
        described.snapshot["title"]: "passed",
        TESTED["title"]: "82 % (pass mark 75 %)",
    }


def test_what_no_authority_has_placed_is_no_qualification_and_foreign_credits_are_a_note(described):
    annex = {"level": {"words": "advanced"}, "credits": {"system": "CPD", "amount": "3"}}
    described.snapshot = {**described.snapshot, "supplement": {"annex": annex}}
    told = claim(described)

    specified = told["specifiedBy"]
    assert specified["type"] == "LearningAchievementSpecification"
    assert not {"eqfLevel", "creditPoint", "volumeOfLearning"} & set(specified)
    notes = [one["noteLiteral"]["en"] for one in specified["additionalNote"]]
    assert notes == ["Level: advanced", "Credits: 3 CPD"]
    assert "provenBy" not in told


def test_every_part_has_what_the_profile_asks_of_its_class(described):
    met = set()
    for node in nodes(elm.document(described)):
        if isinstance(kind := node.get("type"), str):
            met.add(kind)
            assert REQUIRED.get(kind, set()) <= set(node), kind
    assert set(REQUIRED) - met == {"LearningAchievementSpecification"}


def test_a_certification_body_that_does_not_award_issues_it(
    session, societies, make_award, ana, anas_diploma, ben
):
    assert elm.document(anas_diploma)["issuer"]["legalName"] == {"en": societies.eusomii.name}
    scheme = anas_diploma.award.award_list.edition.scheme
    scheme.body = societies.efrs
    told = elm.document(issue_diploma(session, make_award(ben), at=ISSUED, address=address))

    assert told["issuer"]["legalName"] == {"en": societies.efrs.name}
    assert told["issuer"]["eIDASIdentifier"]["spatial"] == told["issuer"]["registration"]["spatial"]
    bodies = told["credentialSubject"]["hasClaim"]["awardedBy"]["awardingBody"]
    assert [one["altLabel"]["en"] for one in bodies] == ["EuSoMII", "SIIM"]
    assert told["issuer"]["id"] not in [one["id"] for one in bodies]


def test_its_picture_is_the_badge_of_the_scheme_as_it_is_drawn_everywhere(anas_diploma):
    shown = elm.document(anas_diploma)["displayParameter"]["individualDisplay"]["displayDetail"]
    scheme = anas_diploma.award.award_list.edition.scheme
    assert base64.b64decode(shown["image"]["content"]) == picture.png(queries.badge_of(scheme))


@pytest.mark.parametrize(("hours", "said"), [("25", "PT25H"), ("0.25", "PT0H15M")])
def test_hours_are_a_duration(hours, said):
    assert elm_claim.duration(hours) == said
