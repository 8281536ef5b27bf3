"""From the time on a wall clock to the moment in the world, where clocks are set twice a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Gap:
    """The clocks go forward: no clock shows a time from `begins` until just before `ends`."""

    begins: datetime
    ends: datetime


def moments(local: datetime, zone: str) -> list[datetime]:
    """The moments, in UTC and in order, at which clocks in a zone show this time.

    One on an ordinary day; none when clocks skip it; two when they are set back and show it twice.
    At the ends of the calendar, in the years 1 and 9999, no moment can be told.
    """
    if not MINYEAR < local.year < MAXYEAR:
        return []
    place = ZoneInfo(zone)
    read = {local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(m for m in read if m.astimezone(place).replace(tzinfo=None, fold=0) == local)


def gap(local: datetime, zone: str) -> Gap | None:
    """The gap in which a time falls that clocks in a zone skip; nothing for one that they show."""
    if moments(local, zone):
        return None
    place = ZoneInfo(zone)
    early, late = (
        local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (1, 0)
    )  # the clocks are set between these two
    before, after = (m.astimezone(place).utcoffset() or timedelta() for m in (early, late))
    seconds = int((late - early).total_seconds())
    low, high = 0, seconds
    while low < high:
        middle = (low + high) // 2
        at = (early + timedelta(seconds=middle)).astimezone(place)
        low, high = (low, middle) if at.utcoffset() == after else (middle + 1, high)
    set_at = (early + timedelta(seconds=low)).replace(tzinfo=None)
    return Gap(set_at + before, set_at + after)


def offset(moment: datetime, zone: str) -> str:
    """How far a zone's clocks are from UTC at a moment, with their letters: CEST (UTC+2)."""
    local = moment.astimezone(ZoneInfo(zone))
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    distance = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    letters = local.tzname() or ""
    return f"{letters} ({distance})" if letters.isalpha() else distance
