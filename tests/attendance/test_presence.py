import random
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.presence import (
    Interval,
    Total,
    has_reached,
    measure,
    seconds,
    union,
    union_over,
)
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


# -- ten thousand cases against a count of single seconds ------------------------------------------


def some_stays(chance: random.Random) -> list[Interval]:
    count = chance.randrange(9)
    return [stay((chance.randrange(-20, 80), chance.randrange(-20, 80))) for _ in range(count)]


def some_windows(chance: random.Random) -> list[Interval]:
    """One to three windows that do not overlap; they may touch."""
    edges = sorted(chance.sample(range(60), 2 * chance.randrange(1, 4)))
    return [stay((start, end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def moments_of(intervals: list[Interval]) -> set[int]:
    """Every second, told from six on, that lies in one of these."""
    return {
        second
        for one in intervals
        for second in range(
            (one.joined - SIX) // timedelta(seconds=1), (one.left - SIX) // timedelta(seconds=1)
        )
    }


def test_ten_thousand_unions_over_several_windows_equal_a_count_of_seconds() -> None:
    chance = random.Random(2026)
    for _ in range(10_000):
        came, windows = some_stays(chance), some_windows(chance)
        merged = union_over(came, windows)
        assert seconds(merged) == len(moments_of(came) & moments_of(windows))
        assert moments_of(list(merged)) == moments_of(came) & moments_of(windows)


def test_a_total_bounds_whatever_one_device_may_have_done() -> None:
    """Away in between, at whatever time: the truth lies between the least and the most."""
    chance = random.Random(14)
    for _ in range(2_000):
        windows = some_windows(chance)
        parts = sorted(chance.sample(range(-20, 80), 2 * chance.randrange(1, 4)))
        came = [stay(pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
        total = Total(stay((parts[0], parts[-1])), seconds(came))
        truth = len(moments_of(came) & moments_of(windows))

        assert total.least(windows) <= truth <= total.most(windows)


def test_a_total_longer_than_its_stretch_comes_from_two_devices() -> None:
    both = Total(HOUR, 5400)

    assert (both.least([HOUR]), both.most([HOUR])) == (2700, 3600)


def test_intervals_of_another_report_settle_what_a_total_leaves_open() -> None:
    total = Total(HOUR, 1800)

    alone = measure([], [HOUR], [total])
    beside = measure([between(0, 40)], [HOUR], [total])
    settled = measure([HOUR], [HOUR], [total])

    assert (alone.seconds, alone.most, alone.is_exact) == (1800, 1800, True)
    assert (beside.seconds, beside.most, beside.is_exact) == (2400, 3600, False)
    assert (settled.seconds, settled.most, settled.between) == (3600, 3600, ())


def test_several_sessions_add_up_and_the_break_between_counts_nothing() -> None:
    sessions = [between(0, 30), between(45, 60)]

    assert measure([between(-5, 70)], sessions).seconds == 45 * 60
    assert measure([between(30, 45)], sessions).seconds == 0
