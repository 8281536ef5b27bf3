"""The attendance report of Microsoft Teams: three sections, or the older flat table.

Newer: `1. Summary`, `2. Participants` (one row per person, with a total) and `3. In-Meeting
Activities` (one row per stay), which is read when it is there. Older: one flat table of stays.
Reports in other languages than English are read through a mapping of their columns.
"""

import re
from zoneinfo import ZoneInfo

from app.attendance.columns import Columns, columns_of
from app.attendance.durations import seconds_of
from app.attendance.gathering import Gathering, Who, shown_and_original
from app.attendance.presence import Interval
from app.attendance.report import Provider, Report, Role
from app.attendance.table import Line, Table
from app.attendance.unreadable import Kind, Unreadable
from app.attendance.wall_clock import WallClock

STAYS = {
    "name": ("name", "full name"),
    "joined": ("join time",),
    "left": ("leave time",),
    "duration": ("duration",),
    "address": ("email",),
    "id": ("participant id (upn)", "participant id"),
    "role": ("role",),
}
PEOPLE = STAYS | {
    "joined": ("first join", "first join time"),
    "left": ("last leave", "last leave time"),
    "duration": ("in-meeting duration", "duration"),
}
TIMES = {"joined": "Join Time", "left": "Leave Time"}
TOTALS = {"joined": "First Join", "left": "Last Leave", "duration": "In-Meeting Duration"}
# Whoever may share the screen is a presenter there, which is often everybody.
ROLES = {"organizer": Role.HOST, "organiser": Role.HOST, "co-organizer": Role.HOST}
SECTION = re.compile(r"\d\. \S")
ABOUT = {
    "topic": ("meeting title",),
    "start": ("start time", "meeting start time"),
    "end": ("end time", "meeting end time"),
}


def is_teams(table: Table) -> bool:
    return any(
        line.first == "meeting title"
        or {"first join", "last leave"} <= set(line.headings)
        or (
            ({"join time", "leave time"} <= set(line.headings) and line.first in STAYS["name"])
            and ("participant id (upn)" in line.headings or line.first == "full name")
        )
        for line in table.lines[:30]
    )


def read(table: Table, *, zone: ZoneInfo) -> Report:
    about = {
        meaning: (line.cells[1], line.number)
        for line in reversed(table.lines[:30])
        for meaning, names in ABOUT.items()
        if line.first in names and len(line.cells) > 1
    }
    heading, body, is_total = _people(table)
    columns = columns_of(heading, PEOPLE if is_total else STAYS)
    columns.require(table, **(TOTALS if is_total else TIMES))
    clock = WallClock(zone, "Teams", "10/14/26, 6:00:00 PM")
    start, end = about.get("start", ("", 0)), about.get("end", ("", 0))
    times = [columns.cell(line, one) for line in body for one in ("joined", "left")]
    clock.learn([*times, start[0], end[0]])
    clock.during = clock.span(start[0], end[0])
    gathered = Gathering(clock)
    for line in body:
        _take(table, columns, line, gathered, is_total=is_total)
    return Report(
        provider=Provider.TEAMS,
        topic=about.get("topic", ("", 0))[0],
        rows=tuple(gathered.rows),
        started_at=clock.moments(*start, "Start time")[0] if start[0] else None,
        minutes=_minutes(clock.during),
        ignored=tuple(gathered.ignored),
    )


def _people(table: Table) -> tuple[Line, tuple[Line, ...], bool]:
    """The table to read: stays where there are any, else one row per person with a total."""
    lines = table.lines
    stays = next((n for n, one in enumerate(lines) if _names(one, *STAYS["joined"])), None)
    people = next((n for n, one in enumerate(lines) if _names(one, *PEOPLE["joined"])), None)
    if stays is not None and (body := _body(lines, stays)):
        return lines[stays], body, False
    if people is not None:
        return lines[people], _body(lines, people), True
    if stays is not None:
        return lines[stays], (), False
    raise Unreadable(Kind.NO_PEOPLE, lines[-1].number)


def _names(line: Line, *columns: str) -> bool:
    return line.first in STAYS["name"] and any(one in line.headings for one in columns)


def _body(lines: tuple[Line, ...], heading: int) -> tuple[Line, ...]:
    """The lines under a heading, up to the next title of a section."""
    rest = lines[heading + 1 :]
    end = next((n for n, one in enumerate(rest) if _is_title(one)), len(rest))
    return rest[:end]


def _is_title(line: Line) -> bool:
    return bool(SECTION.match(line.cells[0])) and not any(line.cells[1:])


def _take(
    table: Table, columns: Columns, line: Line, gathered: Gathering, *, is_total: bool
) -> None:
    columns.check(table, line, "name", "joined", "left")
    joined, left = columns.cell(line, "joined"), columns.cell(line, "left")
    who, cell = _who(columns, line), columns.cell(line, "duration")
    stated = seconds_of(cell)
    if not is_total:
        gathered.stay(who, line.number, joined, left, stated=stated)
        return
    if cell and stated is None:
        raise Unreadable(Kind.DURATION, line.number, cell=cell, column=columns.title("duration"),
                         example="1h 2m 10s")  # fmt: skip
    gathered.total(who, line.number, joined, left, total=stated)


def _who(columns: Columns, line: Line) -> Who:
    """“Ana Lopez (Guest)” is Ana Lopez; the identity stands for a missing address."""
    name, _ = shown_and_original(columns.cell(line, "name"))
    address = columns.cell(line, "address") or columns.cell(line, "id")
    role = ROLES.get(columns.cell(line, "role").casefold(), Role.ATTENDEE)
    return Who(name, address if "@" in address else "", role)


def _minutes(during: Interval | None) -> int | None:
    return int((during.left - during.joined).total_seconds()) // 60 if during else None
