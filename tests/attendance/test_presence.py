from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.presence import Interval, has_reached, seconds, union
from tests.attendance.reports import expected_seconds, the_sample, the_session

SIX = datetime(2026, 10, 14, 16, tzinfo=UTC)
HOUR = Interval(SIX, SIX + timedelta(hours=1))


def between(joined: float, left: float) -> Interval:
    """From so many minutes after six to so many."""
    return Interval(SIX + timedelta(minutes=joined), SIX + timedelta(minutes=left))


SECONDS = st.integers(min_value=-40, max_value=100)


def stay(pair: tuple[int, int]) -> Interval:
    joined, left = sorted(pair)
    return Interval(SIX + timedelta(seconds=joined), SIX + timedelta(seconds=left))


stays = st.lists(st.tuples(SECONDS, SECONDS).map(stay), max_size=8)
sessions = st.tuples(SECONDS, SECONDS).map(stay)


def counted_one_by_one(intervals: list[Interval], within: Interval) -> int:
    """The oracle: walks through every second of the session and looks who was there."""
    length = (within.left - within.joined) // timedelta(seconds=1)
    moments = (within.joined + timedelta(seconds=n) for n in range(length))
    return sum(any(one.joined <= moment < one.left for one in intervals) for moment in moments)


@given(stays, sessions)
def test_presence_equals_a_count_second_by_second(
    intervals: list[Interval], session: Interval
) -> None:
    assert seconds(union(intervals, within=session)) == counted_one_by_one(intervals, session)


@given(stays, sessions)
def test_a_union_is_in_order_apart_and_within_the_session(
    intervals: list[Interval], session: Interval
) -> None:
    merged = union(intervals, within=session)

    assert all(one.joined < one.left for one in merged)
    assert all(one.left < next_.joined for one, next_ in pairwise(merged))
    assert all(session.joined <= one.joined and one.left <= session.left for one in merged)
    assert union(merged, within=session) == merged
    assert union(reversed(intervals), within=session) == merged


def test_two_devices_at_the_same_time_count_once() -> None:
    two_devices = [between(0, 40), between(20, 60)]

    assert seconds(union(two_devices, within=HOUR)) == 3600
    assert seconds(two_devices) == 4800, "added up, they would count more than the session lasted"


def test_waiting_before_and_lingering_after_count_nothing() -> None:
    assert union([between(-15, 75)], within=HOUR) == (HOUR,)
    assert union([between(-15, 0), between(60, 75)], within=HOUR) == ()


def test_a_stay_that_goes_on_where_another_ended_is_one_stay() -> None:
    assert union([between(0, 30), between(30, 60)], within=HOUR) == (HOUR,)


def test_fractions_of_seconds_are_cut_once_from_the_sum() -> None:
    halves = (
        Interval(SIX, SIX + timedelta(seconds=1.5)),
        Interval(SIX + timedelta(seconds=9), SIX + timedelta(seconds=10.5)),
    )

    assert seconds(halves) == 3


def test_an_interval_is_told_in_utc_and_ends_after_it_begins() -> None:
    vienna = timezone(timedelta(hours=2))
    for joined, left in (
        (SIX.replace(tzinfo=None), SIX.replace(tzinfo=None)),
        (SIX.astimezone(vienna), SIX.astimezone(vienna)),
        (SIX, SIX - timedelta(seconds=1)),
    ):
        with pytest.raises(ValueError):
            Interval(joined, left)
    assert Interval(SIX, SIX)


def test_the_boundary_itself_reaches_the_threshold() -> None:
    assert has_reached(4320, of=5400, threshold=80)
    assert not has_reached(4319, of=5400, threshold=80)
    assert has_reached(0, of=5400, threshold=0)
    assert not has_reached(5399, of=5400, threshold=100)


@given(st.integers(1, 10**6), st.integers(0, 100))
def test_no_rounding_decides_about_anybody(length: int, threshold: int) -> None:
    fewest = -(-threshold * length // 100)

    assert has_reached(fewest, of=length, threshold=threshold)
    assert fewest == 0 or not has_reached(fewest - 1, of=length, threshold=threshold)


def test_a_threshold_that_makes_no_sense_is_refused() -> None:
    for length, threshold in ((0, 80), (5400, 101), (5400, -1)):
        with pytest.raises(ValueError):
            has_reached(10, of=length, threshold=threshold)


def test_the_sample_webinar_is_counted_to_the_second() -> None:
    counted = {
        one.address: seconds(union(one.intervals, within=the_session()))
        for one in the_sample().participants
        if one.role == "attendee"
    }

    assert counted == expected_seconds()
    assert len(counted) == 42
