"""The look and the annex are part of what officers approve: a change of either voids the keys."""

from __future__ import annotations

import json

import pytest

from app.awards.content import Look, canonical, digest
from app.awards.drawing_up import freeze, reopen
from app.awards.release import approve
from app.credentials.issuing import issue_diploma
from app.designs import choices, pictures
from app.designs.publishing import Specimen, change, publish
from app.errors import Refusal
from app.files import files
from app.open_badges.endorsing import endorse, withdraw
from app.schemes.annex import annex
from app.schemes.models import Part
from app.schemes.publishing import describe_edition
from app.signing_keys.making import make_local
from app.signing_keys.models import Purpose
from app.societies.drawings import read
from app.societies.marks import Mark
from app.societies.wordmark import mark as wordmark
from tests.cast import NOON
from tests.societies.test_marks import raster

SPECIMEN = Specimen(pdf="1" * 64, picture="2" * 64)


@pytest.fixture
def publish_design(session, open_list, erik):
    def publish_it(**chosen):
        design = change(session, open_list.scheme, chosen, by=erik, at=NOON)
        session.flush()
        seen = choices.digest(design.draft)
        version = publish(session, design, SPECIMEN, seen=seen, by=erik, at=NOON)
        session.flush()
        return version

    return publish_it


@pytest.fixture
def take_in(session, erik):
    def take_it_in(society, content: bytes) -> Mark:
        drawing = read(content)
        kept = files.keep(drawing.content)
        mark = Mark.take_in(session, society, drawing, digest=kept, by=erik, at=NOON)
        session.flush()
        return mark

    return take_it_in


def change_design(publish_design, **_):
    publish_design(sheet="modern")


def change_annex(session, open_list, erik, **_):
    told = annex({"workload_hours": "25"})
    describe_edition(session, open_list.edition, told, by=erik, at=NOON)


def change_mark(take_in, societies, **_):
    take_in(societies.siim, wordmark("Other", "#113355").encode())


def change_parts(session, open_list, **_):
    endorses = next(one for one in open_list.scheme.parts if one.part is Part.ENDORSING)
    endorses.part = Part.RECOGNISING
    session.flush()


def change_nothing(**_):
    pass


@pytest.mark.parametrize("changed", [change_design, change_annex, change_mark, change_parts])
def test_a_change_after_the_first_key_lets_no_second_key_release(
    session, frozen_list, societies, erik, susan, publish_design, take_in, changed
):
    seen = frozen_list.digest
    approve(session, frozen_list, societies.eusomii, seen=seen, by=erik, at=NOON)

    changed(session=session, open_list=frozen_list, societies=societies, erik=erik,
            publish_design=publish_design, take_in=take_in)  # fmt: skip

    with pytest.raises(Refusal, match="has changed since it was frozen"):
        approve(session, frozen_list, societies.siim, seen=seen, by=susan, at=NOON)
    assert not frozen_list.is_released
    reopen(session, frozen_list, by=erik, at=NOON)
    freeze(session, frozen_list, by=erik, at=NOON)
    assert frozen_list.standing_approvals == [] and len(frozen_list.void_approvals) == 1


def test_without_a_change_the_second_key_releases(session, frozen_list, societies, erik, susan):
    change_nothing(session=session)
    approve(session, frozen_list, societies.eusomii, seen=frozen_list.digest, by=erik, at=NOON)

    assert approve(session, frozen_list, societies.siim, seen=frozen_list.digest, by=susan, at=NOON)


def test_a_draft_that_is_not_published_voids_nothing(session, frozen_list, societies, erik, susan):
    approve(session, frozen_list, societies.eusomii, seen=frozen_list.digest, by=erik, at=NOON)
    change(session, frozen_list.scheme, {"sheet": "portrait"}, by=erik, at=NOON)

    assert approve(session, frozen_list, societies.siim, seen=frozen_list.digest, by=susan, at=NOON)


def test_a_statement_of_a_society_that_is_named_as_endorsing_voids_nothing(
    session, open_list, societies, erik, susan, fay
):
    """Officers decide on holders, not on what others say: a sheet names who stands at issue."""
    make_local(session, purpose=Purpose.PROOF, society=societies.efrs, by=None, at=NOON)
    freeze(session, open_list, by=erik, at=NOON)
    seen, edition = open_list.digest, open_list.edition
    assert json.loads(open_list.content)["endorsing"] == [
        {"code": "efrs", "name": societies.efrs.name}
    ]
    approve(session, open_list, societies.eusomii, seen=seen, by=erik, at=NOON)
    given = endorse(session, edition, societies.efrs, comment="We teach it.", by=fay, at=NOON)
    assert digest(canonical(open_list)) == seen
    withdraw(session, given, by=fay, at=NOON, reason="We teach it no more.")

    assert approve(session, open_list, societies.siim, seen=seen, by=susan, at=NOON)
    diploma = issue_diploma(session, open_list.standing_awards[0], at=NOON, address=str)
    assert diploma.snapshot["endorsing"] == []


def test_a_list_of_before_there_were_designs_reads_as_it_did(session, frozen_list):
    content = json.loads(frozen_list.content)

    assert not {"design", "marks", "annex"} & set(content)
    assert digest(canonical(frozen_list)) == frozen_list.digest
    assert Look.approved(frozen_list) == Look()


def released(session, award_list, societies, erik, susan):
    freeze(session, award_list, by=erik, at=NOON)
    for society, officer in ((societies.eusomii, erik), (societies.siim, susan)):
        approve(session, award_list, society, seen=award_list.digest, by=officer, at=NOON)
    session.flush()
    return award_list.standing_awards


def test_a_diploma_looks_as_approved_whatever_is_published_later(
    session, open_list, societies, erik, susan, publish_design, take_in
):
    told = {"workload_hours": "25", "credit_amount": "1", "credit_system": "ECTS",
            "outcomes": "Reads a DICOM header", "domains": ["Practice", "Foundations"]}  # fmt: skip
    describe_edition(session, open_list.edition, annex(told), by=erik, at=NOON)
    signs = {"siim": {"name": "Dr A. Other", "office": "Chair"}}
    version = publish_design(sheet="modern", order=["siim", "eusomii"], signatories=signs)
    painted = take_in(societies.siim, raster("JPEG"))
    drawn = take_in(societies.eusomii, wordmark("Ours", "#113355").encode())
    first, second = released(session, open_list, societies, erik, susan)
    before = issue_diploma(session, first, at=NOON, address=str)

    publish_design(sheet="portrait")
    take_in(societies.siim, wordmark("Later", "#553311").encode())
    describe_edition(session, open_list.edition, {}, by=erik, at=NOON)
    after = issue_diploma(session, second, at=NOON, address=str)

    for diploma in (before, after):
        shown = diploma.snapshot
        assert diploma.design_version_id == version.id
        assert shown["design"] == {
            "version": 1, "digest": version.digest, "choices": version.choices
        }  # fmt: skip
        assert [one["code"] for one in shown["awarding"]] == ["siim", "eusomii"]
        assert shown["awarding"][0]["signatory"] == {"name": "Dr A. Other", "office": "Chair"}
        assert shown["awarding"][1]["signatory"]["name"] == "Erik Holm"
        assert shown["awarding"][0]["mark_digest"] == painted.digest
        assert shown["awarding"][1]["mark"] == drawn.drawing
        assert shown["supplement"]["annex"]["workload_hours"] == "25"
        assert list(pictures.of(shown)) == [painted.digest]
        assert shown["sealed"] is True


def test_the_supplement_tells_what_the_holder_did(
    session, open_list, societies, erik, susan, past_webinar, course
):
    told = {"domains": ["Practice", "Foundations"], "credit_amount": "1", "credit_system": "ECTS",
            "shares": ["0.25", "0.75"], "grade": "passed", "stacking": "alone"}  # fmt: skip
    describe_edition(session, open_list.edition, annex(told), by=erik, at=NOON)
    award, _other = released(session, open_list, societies, erik, susan)

    supplement = issue_diploma(session, award, at=NOON, address=str).snapshot["supplement"]

    webinar, lessons = supplement["modules"]
    assert (webinar["title"], webinar["kind"], webinar["domain"], webinar["on"]) == (
        past_webinar.title, "webinar", "Practice", "2026-08-20"
    )  # fmt: skip
    assert (webinar["minutes_present"], webinar["minutes"]) == (77, 90)
    assert webinar["societies"] == ["EuSoMII", "SIIM"]
    assert webinar["credits"] == {"system": "ECTS", "amount": "0.25"}
    assert lessons["credits"] == {"system": "ECTS", "amount": "0.75"}
    assert (supplement["annex"]["grade"], supplement["annex"]["stacking"]) == ("passed", "alone")
    assert (lessons["title"], lessons["score"], lessons["pass_mark"], lessons["domain"]) == (
        course.title, 80, 75, "Foundations"
    )  # fmt: skip
    assert supplement["totals"] == {
        "modules": 2, "minutes": 210, "credits": {"system": "ECTS", "amount": "1"}
    }  # fmt: skip
