"""The learning dashboard of BigBlueButton, downloaded as CSV.

Headings and dates are in the language of whoever downloads it, but the order of the columns is
always the same, so they are known by their place and by what stands in them. There is neither an
address nor an id: people are known by name alone. The duration has no days: it starts again at
zero after 24 hours.
"""

import re
from zoneinfo import ZoneInfo

from app.attendance.columns import Columns
from app.attendance.durations import seconds_of
from app.attendance.gathering import Gathering, Who
from app.attendance.report import Provider, Report, Role
from app.attendance.table import Line, Table
from app.attendance.unreadable import Kind, Unreadable
from app.attendance.wall_clock import WallClock

PLACES = {"name": 0, "moderator": 1, "joined": 9, "left": 10, "duration": 11}
WIDTH = 12
ENGLISH = {"moderator", "activity score"}
CLOCK = re.compile(r"\d\d:\d\d:\d\d", re.A)
DAY = 24 * 3600


def is_bbb_dashboard(table: Table) -> bool:
    heading, *body = table.lines[:20]
    if set(heading.headings) >= ENGLISH:
        return True
    return len(heading.cells) >= WIDTH and any(map(_is_row, body))


def _is_row(line: Line) -> bool:
    cells = line.cells
    return (
        len(cells) >= WIDTH
        and cells[PLACES["moderator"]] in ("TRUE", "FALSE")
        and bool(CLOCK.fullmatch(cells[PLACES["duration"]]))
    )


def read(table: Table, *, zone: ZoneInfo) -> Report:
    heading, *body = table.lines
    if len(heading.cells) < WIDTH:
        if table.breaks_off_at(heading):
            raise Unreadable(Kind.CUT_OFF, heading.number)
        raise Unreadable(Kind.NO_COLUMN, heading.number, column="Duration")
    columns = Columns(heading, PLACES)
    clock = WallClock(zone, "BigBlueButton", "10/14/2026, 6:00:00 PM")
    clock.learn([columns.cell(line, one) for line in body for one in ("joined", "left")])
    gathered = Gathering(clock)
    for line in body:
        columns.check(table, line, "joined", "left", "duration")
        if not _is_summary(columns, line):
            _take(columns, line, gathered)
    return Report(
        provider=Provider.BBB_DASHBOARD,
        topic="",
        rows=tuple(gathered.rows),
        ignored=tuple(gathered.ignored),
    )


def _is_summary(columns: Columns, line: Line) -> bool:
    """The last row adds up anonymous polls; it is nobody."""
    return not any(columns.cell(line, one) for one in ("moderator", "joined", "left", "duration"))


def _take(columns: Columns, line: Line, gathered: Gathering) -> None:
    answer = columns.cell(line, "moderator").upper()
    if answer not in ("TRUE", "FALSE"):
        raise Unreadable(Kind.NEITHER, line.number, cell=answer, column=columns.title("moderator"),
                         choices="TRUE, FALSE")  # fmt: skip
    cell = columns.cell(line, "duration")
    if not CLOCK.fullmatch(cell) or seconds_of(cell) is None:
        raise Unreadable(Kind.DURATION, line.number, cell=cell, column=columns.title("duration"),
                         example="01:42:24")  # fmt: skip
    who = Who(columns.cell(line, "name"), role=Role.HOST if answer == "TRUE" else Role.ATTENDEE)
    titles = columns.title("joined"), columns.title("left")
    joined, left = columns.cell(line, "joined"), columns.cell(line, "left")
    total = _unwrapped(seconds_of(cell) or 0, joined, left, line, gathered, titles)
    gathered.total(who, line.number, joined, left, total=total, columns=titles)


def _unwrapped(
    total: int, joined: str, left: str, line: Line, gathered: Gathering, titles: tuple[str, str]
) -> int:
    """The duration with the whole days that it leaves out: as many as fit between the times."""
    if not (joined and left):
        return total
    stay = gathered.clock.stay(joined, left, line.number, stated=total, columns=titles)
    whole = int((stay.left - stay.joined).total_seconds())
    return total + max(0, (whole - total) // DAY) * DAY
