"""The agenda as months: the list under its months, and the month as a grid of days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from app.agenda.queries import Badge, Listed

FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with the day and the wall-clock times at which its reader meets it."""

    row: Listed
    starts: datetime | None
    ends: datetime | None

    @property
    def on(self) -> date | None:
        return self.starts.date() if self.starts else None

    @property
    def letters(self) -> str:
        """CEST, EST, or UTC+3 where the zone has no letters."""
        name = (self.ends and self.ends.tzname()) or "UTC"
        return name if name.isalpha() else f"UTC{name}"


@dataclass(frozen=True, slots=True)
class DayEntry:
    """What a day of the month grid says of one activity."""

    title: str
    href: str
    when: str
    society: Badge | None


def entries(rows: Iterable[Listed], zone: str) -> list[Entry]:
    """The rows in their reader's zone."""
    place = ZoneInfo(zone)
    return [
        Entry(
            row,
            row.starts_at.astimezone(place) if row.starts_at else None,
            row.ends_at.astimezone(place) if row.ends_at and row.is_webinar else None,
        )
        for row in rows
    ]


def by_month(
    rows: Iterable[Listed], zone: str, *, at: datetime
) -> list[tuple[date | None, list[Entry]]]:
    """Entries under the first day of their month; open courses under none, at the end."""

    def month(entry: Entry) -> date | None:
        is_open = not entry.row.is_webinar and (entry.starts is None or entry.starts <= at)
        return None if is_open or entry.starts is None else entry.starts.date().replace(day=1)

    return [(first, list(some)) for first, some in groupby(entries(rows, zone), month)]


def read_month(text: str) -> date | None:
    """The first day of a month written 2026-10, or nothing."""
    year, _, month = text.partition("-")
    if len(year) != 4 or len(month) != 2 or not (year + month).isascii():
        return None
    if not (year + month).isdigit() or not 1 <= int(month) <= 12:
        return None
    return date(int(year), int(month), 1) if FIRST_YEAR <= int(year) <= LAST_YEAR else None


def month_before(first: date) -> date | None:
    before = (first - timedelta(days=1)).replace(day=1)
    return before if before.year >= FIRST_YEAR else None


def month_after(first: date) -> date | None:
    after = (first + timedelta(days=31)).replace(day=1)
    return after if after.year <= LAST_YEAR else None


def days(first: date, first_week_day: int = 0) -> list[list[date]]:
    """The weeks that show a month, whole, with the days of its neighbours at both ends."""
    return calendar.Calendar(first_week_day).monthdatescalendar(first.year, first.month)


def stretch(weeks: Sequence[Sequence[date]], zone: str) -> tuple[datetime, datetime]:
    """From the first midnight of these weeks until the last, in UTC; a day may have 25 hours."""
    place = ZoneInfo(zone)
    begin = datetime.combine(weeks[0][0], time(), place)
    end = datetime.combine(weeks[-1][-1] + timedelta(days=1), time(), place)
    return begin.astimezone(UTC), end.astimezone(UTC)


def grid(
    weeks: Sequence[Sequence[date]], rows: Iterable[Listed], zone: str, *, prefix: str, opens: str
) -> list[list[tuple[date, list[DayEntry]]]]:
    """The weeks with what starts on each day; `opens` stands where a course has no hour."""
    found: dict[date, list[DayEntry]] = {}
    for entry in entries(rows, zone):
        if entry.starts is not None:
            when = entry.starts.strftime("%H:%M") if entry.row.is_webinar else opens
            lead = entry.row.societies[0] if entry.row.societies else None
            found.setdefault(entry.starts.date(), []).append(
                DayEntry(entry.row.title, f"{prefix}{entry.row.id}", when, lead)
            )
    return [[(day, found.get(day, [])) for day in week] for week in weeks]
