"""When an agreement is in force, and when its end is near."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.force import Stand, Term, is_in_force, standing

START, END = date(2026, 1, 1), date(2026, 12, 31)
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))


def test_both_ends_of_an_agreement_belong_to_it():
    term = Term(START, END)

    assert is_in_force(term, on=START)
    assert is_in_force(term, on=END)
    assert not is_in_force(term, on=START - timedelta(days=1))
    assert not is_in_force(term, on=END + timedelta(days=1))


def test_a_termination_takes_effect_on_its_own_day():
    term = Term(START, END, terminated_on=date(2026, 6, 1))

    assert is_in_force(term, on=date(2026, 5, 31))
    assert not is_in_force(term, on=date(2026, 6, 1))
    assert standing(term, on=date(2026, 6, 1)).stand is Stand.TERMINATED


def test_an_agreement_without_end_warns_of_nothing():
    now = standing(Term(START), on=date(2090, 1, 1))

    assert now.is_in_force
    assert now.warning is None


@pytest.mark.parametrize(
    ("left", "warning"),
    [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (1, 30), (0, 30)],
)
def test_the_end_is_announced_180_90_and_30_days_ahead(left, warning):
    now = standing(Term(START, END), on=END - timedelta(days=left))

    assert now.days_left == left
    assert now.warning == warning


def test_what_ended_by_itself_was_not_terminated():
    assert standing(Term(START, END), on=END + timedelta(days=1)).stand is Stand.EXPIRED


@given(days, st.none() | days, st.none() | days, days)
def test_it_stands_in_force_exactly_on_the_days_on_which_it_is(begin, end, cut, on):
    term = Term(begin, end, cut)

    assert standing(term, on=on).is_in_force == is_in_force(term, on=on)
