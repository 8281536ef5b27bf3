"""The rosters of societies: read as their systems write them, loaded at the desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.clock import today
from app.errors import Refusal
from app.societies import memberships, roster
from app.societies.memberships import Membership

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.mark.parametrize(
    ("name", "count", "address", "member"),
    [
        ("siim", 45, "learner006@hospital.example",
         ("İbrahim Çağlayan Işık", "S000006", date(2026, 12, 31))),
        ("efrs", 77, "learner003@example.org", ("Siân Ŵyn-Ŷale", "3", date(2026, 3, 31))),
        ("eusomii", 122, "learner006@hospital.example",
         ("İbrahim Çağlayan Işık", "EU-00006", date(2027, 6, 30))),
    ],
)  # fmt: skip
def test_the_layouts_of_three_societies_are_read(name, count, address, member):
    rows = roster.read((SAMPLES / f"roster-{name}.csv").read_bytes())

    assert len(rows) == count
    found = {row.address: (row.name, row.number, row.until_on) for row in rows}
    assert found[address] == member


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,phone\nA,1", "names no column for addresses"),
        ("email\n", "lists nobody"),
        ("email\nnobody", "Line 2: nobody is no address"),
        ("email\na@b.example\nA@B.example", "Line 3: a@b.example stands there twice"),
        ("email,until\na@b.example,soon", "Line 2: soon is no day"),
        ("email,until\na@b.example,2026-02-30", "Line 2: 2026-02-30 is no day"),
        ("email,until\na@b.example,03/04/2026", "which is the day and which the month"),
    ],
)
def test_a_wrong_file_is_told_with_its_line_and_cause(text, said):
    with pytest.raises(Refusal, match=said):
        roster.read(text.encode())


def test_a_file_that_is_no_text_is_told_so():
    for data in (b"\xff\xfa\x00", b"email\n\xe9@example.org", b"email\n\0"):
        with pytest.raises(Refusal):
            roster.read(data)


def test_a_roster_is_loaded_at_the_desk_and_loading_it_twice_changes_nothing(
    session, browser, eva, ana, societies
):
    file = f"email,name\n{ana.address},Ana\nelse@example.org,Else".encode()
    browser.sign_in(eva).visit("/desk/societies/eusomii/members")
    page = browser.submit("", file=(file, "roster.csv"))
    assert "2 new" in page.text
    browser.visit("/desk/societies/eusomii/members")
    page = browser.submit("", file=(file, "roster.csv"), is_whole="y")
    assert "0 new, 0 changed, 0 no longer" in page.text

    assert session.scalar(select(func.count()).select_from(Membership)) == 2
    assert memberships.is_member(session, ana, [societies.eusomii.id], on=today())
    assert not memberships.is_member(session, ana, [societies.siim.id], on=today())
    assert not memberships.is_member(session, eva, [societies.eusomii.id], on=today())


def test_a_wrong_file_is_refused_at_the_field(session, browser, eva):
    browser.sign_in(eva).visit("/desk/societies/eusomii/members")
    page = browser.submit("", status=422, file=(b"email\nnobody", "roster.csv"))
    assert "Line 2: nobody is no address" in page.text
    assert session.scalars(select(Membership)).first() is None


def test_only_those_who_answer_for_education_reach_it(browser, eva, fay, otto):
    browser.sign_in(eva).visit("/desk/societies/efrs/members", status=404)
    browser.sign_in(fay).visit("/desk/societies/efrs/members")
    browser.sign_in(otto).visit("/desk/societies/eusomii/members", status=404)


def test_a_society_says_whether_it_wishes_to_agree_first(browser, eva, societies):
    browser.sign_in(eva).visit("/desk/societies/eusomii/members")
    browser.submit("/members/consent")
    assert societies.eusomii.wants_to_consent
    browser.submit("/members/consent")
    assert not societies.eusomii.wants_to_consent
