"""Which place numbers are free."""

from hypothesis import given
from hypothesis import strategies as st

from app.enrolments.admission import free_numbers


def test_the_lowest_gaps_are_given_first():
    assert free_numbers(5, {1, 3}, 2) == [2, 4]


def test_no_capacity_has_no_end():
    assert free_numbers(None, {1, 2}, 3) == [3, 4, 5]


def test_numbers_above_a_lowered_capacity_count_as_taken():
    assert free_numbers(7, {1, 5, 6, 7, 8, 9, 10}, 3) == []
    assert free_numbers(7, {1, 5, 6, 7, 9, 10}, 3) == [2]


@given(st.integers(1, 30), st.sets(st.integers(1, 40), max_size=30), st.integers(0, 40))
def test_never_more_than_there_are_and_never_one_twice(capacity, taken, wanted):
    free = free_numbers(capacity, taken, wanted)

    assert len(free) == min(wanted, max(0, capacity - len(taken)))
    assert not taken & set(free)
    assert free == sorted(set(free))
