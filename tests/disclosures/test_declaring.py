"""What a declaration holds, and what stands against it."""

from __future__ import annotations

from datetime import date

import pytest

from app.disclosures.declaring import (
    Contradiction,
    Declared,
    Line,
    LongOver,
    Nature,
    NotYetOver,
    WithoutWords,
    against_declaring,
    months_before,
)
from app.disclosures.words import by_company

ON = date(2026, 11, 22)
FEES = Line("Acme", Nature.FEES)


def one(**facts):
    return Declared(False, (Line(**{"company": "Acme", "nature": Nature.FEES, **facts}),))


@pytest.mark.parametrize(
    "declared",
    [
        Declared(True),
        Declared(False, (FEES,)),
        one(ended_on=date(2024, 11, 22)),
        one(ended_on=ON),
        one(nature=Nature.OTHER, words="a loan"),
    ],
)
def test_a_declaration_says_that_there_is_nothing_or_names_what_there_is(declared):
    assert against_declaring(declared, on=ON) == []


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        (Declared(True, (FEES,)), Contradiction),
        (Declared(False), Contradiction),
        (one(nature=Nature.OTHER), WithoutWords),
        (one(ended_on=date(2026, 11, 23)), NotYetOver),
        (one(ended_on=date(2024, 11, 21)), LongOver),
    ],
)
def test_what_is_no_declaration_is_told(declared, fault):
    [found] = against_declaring(declared, on=ON)
    assert type(found) is fault
    assert str(found)


def test_two_years_before_a_leap_day_is_the_day_before():
    assert months_before(date(2028, 2, 29)) == date(2026, 2, 28)


def test_a_company_is_named_once_with_all_that_ties_someone_to_it():
    declared = Declared(
        False,
        (
            Line("Acme", Nature.CONSULTANT),
            Line("Beta", Nature.GRANT, ended_on=date(2025, 3, 1)),
            Line("Acme", Nature.OTHER, words="my wife works there"),
        ),
    )
    assert by_company(declared) == [
        ("Acme", "consultant or adviser; my wife works there"),
        ("Beta", "research grant, until 2025"),
    ]


def test_an_employee_or_owner_needs_an_exemption_as_long_as_it_goes_on():
    assert one(nature=Nature.EMPLOYEE).needs_exemption
    assert one(nature=Nature.OWNER).needs_exemption
    assert not one(nature=Nature.EMPLOYEE, ended_on=ON).needs_exemption
    assert not one(nature=Nature.SHARES).needs_exemption
