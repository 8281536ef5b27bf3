"""When registration, doors, sessions open and close, in twelve zones on the days clocks are set.

The oracle is the C library: it is given the same zone files, reads them by itself, and is asked
minute by minute what clocks show. What it says is then looked up, never computed.
"""

from __future__ import annotations

import os
import time as clocks
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from app.agenda.kinds import Kind
from app.agenda.models import Announcement, Webinar
from app.agenda.obstacles import Skipped, Twice
from app.agenda.planning import Hour, Plan, obstacles
from app.agenda.scheduling import moments
from app.enrolments.admission import obstacles as against_enrolling
from app.enrolments.models import Enrolment, Place

ZONES = [
    "Europe/Vienna", "Europe/London", "Europe/Lisbon", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "America/St_Johns", "Australia/Lord_Howe", "Australia/Sydney",
    "Africa/Casablanca", "Asia/Kolkata", "Pacific/Auckland",
]  # fmt: skip
ALWAYS = [date(2028, 2, 29), date(2026, 12, 31), date(2027, 12, 31), date(2027, 6, 15)]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DOORS = timedelta(minutes=15)


def zone_file(zone: str) -> Path:
    """The file that zoneinfo reads, too."""
    known = [Path(folder, zone) for folder in zoneinfo.TZPATH]
    return next((one for one in known if one.is_file()),
                Path(str(files("tzdata") / "zoneinfo" / zone)))  # fmt: skip


@contextmanager
def standing_in(zone: str) -> Iterator[None]:
    """The C library's own clock, set to a zone."""
    before = os.environ.get("TZ", "UTC")
    os.environ["TZ"] = f":{zone_file(zone)}"
    clocks.tzset()
    try:
        yield
    finally:
        os.environ["TZ"] = before
        clocks.tzset()


def shown(epoch: int) -> datetime:
    """What a clock shows at a moment, where we stand."""
    return datetime(*clocks.localtime(epoch)[:6])


def days_on_which_clocks_are_set(year: int) -> list[date]:
    first = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    found = []
    for hour in range(first, first + 366 * 86_400, 3600):
        if clocks.localtime(hour).tm_gmtoff != clocks.localtime(hour + 3600).tm_gmtoff:
            found.append(shown(hour + 3599).date())
    return found


def minutes_of(day: date) -> dict[datetime, list[datetime]]:
    """For each minute that clocks show on a day, at which moments they show it."""
    found: dict[datetime, list[datetime]] = {}
    middle = int(datetime.combine(day, time(12), UTC).timestamp())
    for epoch in range(middle - 40 * 3600, middle + 40 * 3600, 60):
        wall = shown(epoch)
        if wall.date() == day:
            found.setdefault(wall, []).append(datetime.fromtimestamp(epoch, UTC))
    return found


def chosen(day: date, told: dict[datetime, list[datetime]]) -> list[datetime]:
    """Every twentieth minute of a day, and each minute within a quarter of a gap or a fold."""
    every = [datetime.combine(day, time()) + n * MINUTE for n in range(24 * 60)]
    odd = {n for n, wall in enumerate(every) if len(told.get(wall, [])) != 1}
    near = {n + distance for n in odd for distance in (-15, -1, 0, 1, 15)}
    return [wall for n, wall in enumerate(every) if n % 20 == 0 or n in near]


def webinar_at(hours: list[Hour], zone: str) -> Webinar:
    webinar = Webinar(title="Matrix", capacity=None, link="https://meet.example/a")
    webinar.meets(hours, zone)
    webinar.announcement = Announcement(at=NOW)
    return webinar


def wrong_about_hours(zone: str, wall: datetime, found: list[datetime]) -> list[str]:
    """What planning gets wrong about a time on the wall clock."""
    hour = Hour(on=wall.date(), start=wall.time(), minutes=90)
    plan = Plan(kind=Kind.WEBINAR, on=hour.on, start=hour.start, minutes=90, zone=zone)
    kinds = [type(one) for one in obstacles(plan, at=NOW)]
    expected = {0: [Skipped], 1: [], 2: [Twice]}[len(found)]
    wrong = [] if kinds == expected else [f"{zone} {wall}: {kinds}, not {expected}"]
    if moments(wall, zone) != found:
        wrong.append(f"{zone} {wall}: {moments(wall, zone)}, not {found}")
    return wrong


def wrong_about_doors(zone: str, wall: datetime, fold: int, starts: datetime) -> list[str]:
    """What is open when it should not be, or the other way round, around one start."""
    hour = Hour(on=wall.date(), start=wall.time(), minutes=150, fold=fold)
    webinar = webinar_at([hour], zone)
    webinar.registration_from, webinar.registration_until = starts - 3 * DOORS, starts - DOORS
    place = Enrolment(activity=webinar, place=Place(number=1))
    ends = starts + timedelta(minutes=150)
    decisions = [
        ("registration", starts - 3 * DOORS, starts - DOORS,
         lambda at: not against_enrolling(webinar, at=at)),
        ("doors", starts - DOORS, ends, place.may_join),
        ("session", starts, ends, lambda at: webinar.has_started(at) and not webinar.has_ended(at)),
    ]  # fmt: skip
    return [
        f"{zone} {wall} fold {fold}: {name} at {at}: {says}"
        for name, opens, closes, decide in decisions
        for at, says in [
            (opens - SECOND, False), (opens, True), (closes - SECOND, True), (closes, False),
        ]
        if bool(decide(at)) is not says
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_no_decision_is_wrong_on_any_of_the_days(zone):
    wrong: list[str] = []
    count = 0
    with standing_in(zone):
        for day in [*ALWAYS, *days_on_which_clocks_are_set(2027)]:
            told = minutes_of(day)
            for wall in chosen(day, told):
                found = told.get(wall, [])
                wrong += wrong_about_hours(zone, wall, found)
                for fold, starts in enumerate(found):
                    wrong += wrong_about_doors(zone, wall, fold, starts)
                    count += 12
    assert count >= 4 * 72 * 12
    assert wrong == []


def test_the_days_are_those_on_which_clocks_are_set():
    expected = {
        "Europe/Vienna": [date(2027, 3, 28), date(2027, 10, 31)],
        "America/New_York": [date(2027, 3, 14), date(2027, 11, 7)],
        "Australia/Lord_Howe": [date(2027, 4, 4), date(2027, 10, 3)],
        "Africa/Casablanca": [date(2027, 2, 7), date(2027, 3, 14)],
        "Asia/Kolkata": [],
    }
    found = {}
    for zone in expected:
        with standing_in(zone):
            found[zone] = days_on_which_clocks_are_set(2027)
    assert found == expected


def test_lord_howe_skips_and_repeats_half_an_hour():
    with standing_in("Australia/Lord_Howe"):
        autumn, spring = minutes_of(date(2027, 4, 4)), minutes_of(date(2027, 10, 3))
    assert (len(spring), sum(len(m) for m in autumn.values())) == (1410, 1470)
    assert datetime(2027, 10, 3, 2, 15) not in spring


@pytest.mark.parametrize("zone", ZONES)
def test_a_session_over_midnight_ends_when_the_clocks_there_say(zone):
    with standing_in(zone):
        for day in [*ALWAYS, *days_on_which_clocks_are_set(2027)]:
            starts = minutes_of(day)[datetime.combine(day, time(23, 30))][0]
            webinar = webinar_at([Hour(on=day, start=time(23, 30), minutes=90)], zone)

            assert webinar.windows == [(starts, starts + timedelta(minutes=90))]
            assert webinar.ends_at is not None
            ends = shown(int(webinar.ends_at.timestamp()))
            assert webinar.ends_at.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None) == ends
            assert ends.date() > day
