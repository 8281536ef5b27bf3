"""Wall-clock times and the moments they name, around every setting of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agenda.scheduling import gap, moments, offset

ZONES = [
    "Europe/Vienna", "Europe/London", "Europe/Lisbon", "America/New_York", "America/Chicago",
    "America/St_Johns", "America/Santiago", "Australia/Lord_Howe", "Australia/Sydney",
    "Pacific/Auckland", "Africa/Cairo", "Asia/Beirut",
]  # fmt: skip


def settings_of_the_clock(zone: str, year: int) -> list[datetime]:
    """The hours of a year in which a zone's offset changes, found by looking at every hour."""
    place, hour = ZoneInfo(zone), timedelta(hours=1)
    hours = [datetime(year, 1, 1, tzinfo=UTC) + hour * n for n in range(365 * 24)]
    distances = [h.astimezone(place).utcoffset() for h in hours]
    return [h for h, now, then in zip(hours, distances, distances[1:], strict=False) if now != then]


CHANGES = [(zone, at) for zone in ZONES for at in settings_of_the_clock(zone, 2026)]


def shown_at(local: datetime, zone: str, around: datetime) -> list[datetime]:
    """Every minute near a change at which a clock in the zone really shows this time."""
    place = ZoneInfo(zone)
    minutes = [around + timedelta(minutes=m) for m in range(-300, 300)]
    return [m for m in minutes if m.astimezone(place).replace(tzinfo=None, fold=0) == local]


def test_every_zone_here_sets_its_clocks_twice_a_year():
    assert {zone for zone, _ in CHANGES} == set(ZONES)
    assert len(CHANGES) == 2 * len(ZONES)


@given(st.sampled_from(CHANGES), st.integers(-150, 150))
@settings(max_examples=400, deadline=None)
def test_a_time_names_the_moments_at_which_clocks_show_it(change, minutes):
    zone, around = change
    wall = around.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    local = wall + timedelta(minutes=minutes)

    shown = shown_at(local, zone, around)

    assert moments(local, zone) == shown
    assert (gap(local, zone) is not None) == (not shown)


@given(st.sampled_from(CHANGES), st.integers(-150, 150))
@settings(max_examples=400, deadline=None)
def test_a_gap_is_bounded_by_times_that_clocks_show(change, minutes):
    zone, around = change
    wall = around.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    local = wall + timedelta(minutes=minutes)

    if skipped := gap(local, zone):
        assert skipped.begins <= local < skipped.ends
        assert moments(skipped.ends, zone)
        assert moments(skipped.begins - timedelta(minutes=1), zone)
        assert not moments(skipped.begins, zone)
        assert not moments(skipped.ends - timedelta(minutes=1), zone)


def test_vienna_skips_the_hour_after_two_in_march():
    skipped = gap(datetime(2026, 3, 29, 2, 30), "Europe/Vienna")

    assert skipped is not None
    assert skipped.begins == datetime(2026, 3, 29, 2)
    assert skipped.ends == datetime(2026, 3, 29, 3)


def test_vienna_shows_the_hour_after_two_twice_in_october():
    first, second = moments(datetime(2026, 10, 25, 2, 30), "Europe/Vienna")

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == first + timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "at", "said"),
    [
        ("Europe/Vienna", datetime(2026, 7, 1, tzinfo=UTC), "CEST (UTC+2)"),
        ("America/New_York", datetime(2026, 1, 1, tzinfo=UTC), "EST (UTC-5)"),
        ("America/St_Johns", datetime(2026, 1, 1, tzinfo=UTC), "NST (UTC-3:30)"),
        ("Asia/Kathmandu", datetime(2026, 1, 1, tzinfo=UTC), "UTC+5:45"),
        ("UTC", datetime(2026, 1, 1, tzinfo=UTC), "UTC (UTC+0)"),
    ],
)
def test_an_offset_is_said_with_its_letters_where_it_has_some(zone, at, said):
    assert offset(at, zone) == said
