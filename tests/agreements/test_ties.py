"""Ties between societies, against a search that tries every path."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.agreements.ties import groups, tied

societies = st.lists(st.integers(1, 7), max_size=5)
agreements = st.lists(st.frozensets(st.integers(1, 7), max_size=4), max_size=6)


def reaches(start: int, goal: int, edges: list[frozenset[int]]) -> bool:
    """Whether some way leads from one society to another: every edge is tried from every place."""
    seen, open_ends = {start}, [start]
    while open_ends:
        here = open_ends.pop()
        for parties in edges:
            if here in parties:
                open_ends += [there for there in parties if there not in seen]
                seen |= parties
    return goal in seen


@given(societies, agreements)
@settings(max_examples=300, deadline=None)
def test_societies_are_tied_when_each_reaches_each(wanted, edges):
    each = all(reaches(a, b, edges) for a in wanted for b in wanted)

    assert tied(wanted, edges) == each


@given(societies, agreements)
@settings(max_examples=300, deadline=None)
def test_groups_hold_exactly_those_who_reach_each_other(wanted, edges):
    found = groups(wanted, edges)

    assert sorted(member for group in found for member in group) == sorted(set(wanted))
    for a in wanted:
        for b in wanted:
            together = any({a, b} <= group for group in found)
            assert together == reaches(a, b, edges)


def test_a_society_alone_needs_no_agreement():
    assert tied([1], [])
    assert tied([], [])


def test_two_societies_are_tied_through_a_third():
    assert tied([2, 3], [{1, 2}, {1, 3}])
    assert not tied([2, 3], [{1, 2}])


def test_the_groups_stand_in_the_order_in_which_the_societies_were_named():
    assert groups([3, 1, 2], [{1, 2}]) == [frozenset({3}), frozenset({1, 2})]
