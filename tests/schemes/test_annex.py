"""What the supplement says of an edition: the elements of a European micro-credential."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.journal.models import Entry
from app.schemes.annex import annex, credits_of_each, domain, faults, spread
from app.schemes.models import Edition
from app.schemes.publishing import describe_edition
from tests.cast import NOON

WHOLE = {
    "workload_hours": "25,50", "credit_amount": "1.0", "credit_system": "ECTS", "eqf": "6",
    "is_accredited": True, "level_words": "", "outcomes": "Reads a header\n\n Writes a query ",
    "assessment": "written test", "participation": "online", "quality": "peer review",
    "prerequisites": "", "identity": "confirmed address", "grade": "passed",
    "stacking": "stands alone", "further": "", "domains": ["Practice", ""], "shares": ["0,50", ""],
}  # fmt: skip


def test_an_annex_has_one_normal_form_without_what_says_nothing():
    assert annex(WHOLE) == {
        "workload_hours": "25.5",
        "credits": {"system": "ECTS", "amount": "1"},
        "level": {"eqf": 6},
        "outcomes": ["Reads a header", "Writes a query"],
        "assessment": "written test",
        "participation": "online",
        "quality": "peer review",
        "identity": "confirmed address",
        "grade": "passed",
        "stacking": "stands alone",
        "domains": ["Practice", ""],
        "shares": ["0.5", ""],
    }
    assert annex(spread(annex(WHOLE))) == annex(WHOLE)
    assert annex({}) == {} and annex({"domains": ["", ""]}) == {}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"workload_hours": "many"}, "workload_hours"),
        ({"workload_hours": "-1"}, "workload_hours"),
        ({"workload_hours": "NaN"}, "workload_hours"),
        ({"workload_hours": "1e9"}, "workload_hours"),
        ({"credit_amount": "one"}, "credit_amount"),
        ({"credit_amount": ""}, "credit_amount"),
        ({"credit_system": ""}, "credit_system"),
        ({"is_accredited": False}, "is_accredited"),
        ({"level_words": "advanced"}, "level_words"),
        ({"shares": ["some", ""]}, "shares"),
        ({"credit_amount": "", "credit_system": ""}, "credit_amount"),
        ({"outcomes": "one\n" * 13}, "outcomes"),
        ({"outcomes": "x" * 241}, "outcomes"),
    ],
)
def test_what_cannot_stand_is_named(change, key):
    assert key in [fault.key for fault in faults(WHOLE | change)]


def test_what_is_right_has_no_faults():
    assert faults(WHOLE) == []
    assert faults(WHOLE | {"eqf": "", "is_accredited": False, "level_words": "advanced"}) == []


def test_the_parts_come_to_no_more_than_the_whole():
    assert faults(WHOLE, [2, 1]) == []
    assert [fault.key for fault in faults(WHOLE, [3, 1])] == ["shares"]


def test_each_activity_counts_its_share_of_the_credits():
    told = annex(WHOLE)
    assert credits_of_each(told, 0) == {"system": "ECTS", "amount": "0.5"}
    assert credits_of_each(told, 1) is None and credits_of_each(told, 2) is None
    assert credits_of_each({}, 0) is None


def test_a_domain_belongs_to_a_requirement_by_its_place():
    assert [domain(annex(WHOLE), place) for place in range(3)] == ["Practice", "", ""]


def test_the_journal_says_what_changed(session, edition, erik):
    describe_edition(session, edition, annex(WHOLE), by=erik, at=NOON)
    describe_edition(session, edition, annex(WHOLE), by=erik, at=NOON)
    describe_edition(session, edition, annex(WHOLE | {"workload_hours": "30"}), by=erik, at=NOON)

    entries = session.scalars(select(Entry).where(Entry.act == "edition.described")).all()
    assert len(entries) == 2
    assert entries[1].details["changed"] == ["workload_hours"]


def test_an_officer_describes_an_edition(browser, session, edition, erik):
    session.commit()
    url = f"/desk/schemes/imaging-informatics/editions/{edition.id}/annex"
    page = browser.sign_in(erik).visit(url)
    assert "Domain of “One joint webinar attended”" in page.text

    page = browser.submit(workload_hours="25", eqf="6", outcomes="Reads a header", status=422)
    assert "accredited at that level" in page.text
    assert page.form()["fields"]["outcomes"] == ["Reads a header"]
    page = browser.submit(
        is_accredited="y", credit_amount="1", credit_system="ECTS", grade="passed",
        stacking="stands alone", status=422, **{"domains-0": "Practice", "shares-0": "2"},
    )  # fmt: skip
    assert "The parts come to 2" in page.text
    browser.submit(**{"shares-0": "0.5"})

    session.expire_all()
    told = session.get_one(Edition, edition.id).annex
    assert told == {"workload_hours": "25", "level": {"eqf": 6}, "outcomes": ["Reads a header"],
                    "credits": {"system": "ECTS", "amount": "1"}, "grade": "passed",
                    "stacking": "stands alone", "domains": ["Practice", ""],
                    "shares": ["0.5", ""]}  # fmt: skip
    assert "Reads a header" in browser.visit(url).html


def test_only_those_who_award_describe_it(browser, session, edition, fay, ana):
    session.commit()
    url = f"/desk/schemes/imaging-informatics/editions/{edition.id}/annex"
    browser.sign_in(fay).visit(url, status=404)
    browser.sign_in(ana).visit(url, status=403)
