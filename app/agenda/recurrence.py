"""How a series recurs: from a rule in people's words to its days, and to an hour on each.

The days are those of the rule; the hour is read on the wall clock of the zone on each of them, so
that 18:00 in Vienna stays 18:00 in Vienna when the clocks are set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import islice
from typing import Any

from dateutil import rrule

from app.agenda.obstacles import FARTHEST_YEARS
from app.agenda.planning import Hour
from app.agenda.scheduling import Gap, gap, moments

MOST = 60
"""Webinars that one series makes at once: five years of months."""
WORKING = 7
"""Instead of a weekday: any day from Monday to Friday."""
LAST = -1


class Every(StrEnum):
    """How the days of a series are found."""

    WEEK = "week"
    MONTH = "month"
    MONTH_DAY = "month-day"
    DATES = "dates"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When a series meets."""

    every: Every
    start: time
    zone: str
    minutes: int
    from_on: date
    until_on: date | None = None
    times: int | None = None
    """How many webinars, where no last day is named; days left out do not count."""
    interval: int = 1
    """Every so many weeks or months."""
    weekdays: frozenset[int] = frozenset()
    """Monday is 0; for weeks. None means the weekday of the first day."""
    ordinal: int = 1
    """Which weekday of the month: 1 to 5, or the last (-1)."""
    weekday: int = 0
    """0 to 6, or any working day (7); for months."""
    day: int = 1
    """The day of the month; a month without it is passed over."""
    without_months: frozenset[int] = frozenset()
    dates: tuple[date, ...] = ()

    @property
    def written(self) -> dict[str, Any]:
        """As a series keeps it."""
        return {
            "every": str(self.every), "start": f"{self.start:%H:%M}", "zone": self.zone,
            "minutes": self.minutes, "from_on": self.from_on.isoformat(),
            "until_on": self.until_on and self.until_on.isoformat(), "times": self.times,
            "interval": self.interval, "weekdays": sorted(self.weekdays), "ordinal": self.ordinal,
            "weekday": self.weekday, "day": self.day,
            "without_months": sorted(self.without_months),
            "dates": [day.isoformat() for day in self.dates],
        }  # fmt: skip

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Rule:
        until = kept["until_on"]
        return cls(
            every=Every(kept["every"]), start=time.fromisoformat(kept["start"]), zone=kept["zone"],
            minutes=kept["minutes"], from_on=date.fromisoformat(kept["from_on"]),
            until_on=date.fromisoformat(until) if until else None, times=kept["times"],
            interval=kept["interval"], weekdays=frozenset(kept["weekdays"]),
            ordinal=kept["ordinal"], weekday=kept["weekday"], day=kept["day"],
            without_months=frozenset(kept["without_months"]),
            dates=tuple(date.fromisoformat(day) for day in kept["dates"]),
        )  # fmt: skip


@dataclass(frozen=True)
class Occurrence:
    """One day of a series with its hour, and what the clocks make of it."""

    hour: Hour
    zone: str

    @property
    def on(self) -> date:
        assert self.hour.on is not None
        return self.hour.on

    @property
    def local(self) -> datetime:
        assert self.hour.local is not None
        return self.hour.local

    @property
    def moments(self) -> list[datetime]:
        """When it starts: one moment; none where clocks skip it, two where they repeat it."""
        return moments(self.local, self.zone)

    @property
    def gap(self) -> Gap | None:
        return gap(self.local, self.zone)


def occurrences(rule: Rule) -> list[Occurrence]:
    """The days of a rule with its hour, in order; at most `MOST`."""
    hours = (
        Hour(on=day, start=rule.start, minutes=rule.minutes) for day in islice(_days(rule), MOST)
    )
    return [Occurrence(hour, rule.zone) for hour in hours]


def _days(rule: Rule) -> Iterator[date]:
    if rule.every is Every.DATES:
        yield from sorted(set(rule.dates))
        return
    months = sorted({*range(1, 13)} - rule.without_months)
    last = _farthest(rule.from_on)
    if rule.until_on is not None:
        last = min(last, rule.until_on)
    if not months or last < rule.from_on or rule.interval < 1:
        return
    found = rrule.rrule(
        rrule.WEEKLY if rule.every is Every.WEEK else rrule.MONTHLY,
        dtstart=datetime.combine(rule.from_on, time()),
        until=datetime.combine(last, time()),
        interval=rule.interval,
        bymonth=months,
        wkst=rrule.MO,
        **_which(rule),
    )
    yield from (moment.date() for moment in islice(found, rule.times))


def _which(rule: Rule) -> dict[str, Any]:
    """The days of a week or a month that the rule means."""
    if rule.every is Every.WEEK:
        return {"byweekday": sorted(rule.weekdays) or [rule.from_on.weekday()]}
    if rule.every is Every.MONTH_DAY:
        return {"bymonthday": rule.day}
    weekdays = [0, 1, 2, 3, 4] if rule.weekday == WORKING else [rule.weekday]
    return {"byweekday": weekdays, "bysetpos": rule.ordinal}


def _farthest(first: date) -> date:
    """The last day that planning reaches from here."""
    return date(first.year + FARTHEST_YEARS, 12, 31)
