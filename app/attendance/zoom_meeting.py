"""The participants of a Zoom meeting: a preamble and a table, a table alone, or minutes alone.

The three layouts that Zoom has had: two lines about the meeting, a blank line and one row per stay;
the same with one row per person and nothing but minutes; and a flat table in which every row also
tells about the meeting. Letters are small or capital, so headings are compared without them.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.attendance.columns import Columns, columns_of
from app.attendance.durations import seconds_of
from app.attendance.gathering import Gathering, Who, shown_and_original
from app.attendance.report import Provider, Reason, Report, Role
from app.attendance.table import Line, Table
from app.attendance.unreadable import Kind, Unreadable
from app.attendance.wall_clock import WallClock

NAMES = ("name (original name)", "user name (original name)")
PEOPLE = {
    "name": NAMES,
    "address": ("user email", "email"),
    "joined": ("join time",),
    "left": ("leave time",),
    "minutes": (
        "duration (minutes)", "total duration (minutes)", "total duration(minutes)",
        "duration(minutes)", "total duration",
    ),
    "waits": ("in waiting room",),
}  # fmt: skip
MEETING = {
    "topic": ("topic",),
    "id": ("meeting id", "id"),
    "start": ("start time",),
    "end": ("end time",),
    "minutes": ("duration (minutes)",),
    "host": ("host email", "user email"),
}


def is_zoom_meeting(table: Table) -> bool:
    return any(
        _people_at(line) is not None or {"meeting id", "topic"} <= set(line.headings)
        for line in table.lines[:20]
    )


def _people_at(line: Line) -> int | None:
    """Where on a line the columns about people begin."""
    return next((line.headings.index(name) for name in NAMES if name in line.headings), None)


def read(table: Table, *, zone: ZoneInfo) -> Report:
    clock = WallClock(zone, "Zoom", "10/14/2026 06:00:00 PM")
    heading, body = _people(table)
    columns = columns_of(heading, PEOPLE, start=_people_at(heading) or 0)
    about = _about(table, heading, body)
    times = [columns.cell(line, one) for line in body for one in ("joined", "left")]
    clock.learn([*times, about.start, about.end])
    clock.during = clock.span(about.start, about.end)
    gathered = Gathering(clock)
    only_minutes = "minutes" in columns and not {"joined", "left"} & set(columns.places)
    if only_minutes:
        _take_minutes(table, columns, body, gathered, about)
    else:
        _take_stays(table, columns, body, gathered, about)
    return Report(
        provider=Provider.ZOOM_MEETING,
        topic=about.topic,
        rows=tuple(gathered.rows),
        webinar_id=about.id or None,
        started_at=_start(about, clock),
        minutes=(seconds_of(about.minutes) or 0) // 60 or None,
        ignored=tuple(gathered.ignored),
        only_minutes=only_minutes,
    )


def _people(table: Table) -> tuple[Line, tuple[Line, ...]]:
    for place, line in enumerate(table.lines):
        if _people_at(line) is not None:
            return line, table.lines[place + 1 :]
    last = table.lines[-1]
    raise Unreadable(Kind.NO_PEOPLE, last.number)


@dataclass(frozen=True)
class _About:
    """What the report says about the meeting as a whole, as it is written there."""

    line: int = 0
    topic: str = ""
    id: str = ""
    start: str = ""
    end: str = ""
    minutes: str = ""
    host: str = ""

    def who(self, columns: Columns, line: Line) -> Who:
        """Whom a line is about; who held the meeting is its host."""
        name, others = shown_and_original(columns.cell(line, "name"))
        address = columns.cell(line, "address")
        is_host = bool(address) and address.casefold() == self.host.casefold()
        return Who(name, address, Role.HOST if is_host else Role.ATTENDEE, others)


def _about(table: Table, heading: Line, body: tuple[Line, ...]) -> _About:
    for names, values in pairwise(table.lines):
        if names is heading:
            break
        if "topic" in names.headings:
            return _told(columns_of(names, MEETING), values)
    if _people_at(heading) and "topic" in heading.headings and body:
        return _told(columns_of(_before_people(heading), MEETING), body[0])
    return _About()


def _before_people(heading: Line) -> Line:
    """The columns about the meeting: some have the same name as a column about people."""
    return Line(heading.number, heading.cells[: _people_at(heading)])


def _told(columns: Columns, values: Line) -> _About:
    return _About(values.number, **{one: columns.cell(values, one) for one in MEETING})


def _start(about: _About, clock: WallClock) -> datetime | None:
    return clock.moments(about.start, about.line, "Start Time")[0] if about.start else None


def _take_stays(
    table: Table, columns: Columns, body: tuple[Line, ...], gathered: Gathering, about: _About
) -> None:
    columns.require(table, joined="Join Time", left="Leave Time")
    for line in body:
        columns.check(table, line, "name", "joined", "left")
        if columns.cell(line, "waits").casefold() == "yes":
            gathered.ignore(line.number, Reason.WAITING_ROOM)
            continue
        gathered.stay(
            about.who(columns, line), line.number,
            columns.cell(line, "joined"), columns.cell(line, "left"),
            stated=seconds_of(columns.cell(line, "minutes")),
        )  # fmt: skip


def _take_minutes(
    table: Table, columns: Columns, body: tuple[Line, ...], gathered: Gathering,
    about: _About,
) -> None:  # fmt: skip
    """Only minutes: somebody was there for so long at some time of the meeting."""
    during = gathered.clock.during
    if during is None:
        raise Unreadable(Kind.NO_TIME_OF_MEETING, columns.heading.number)
    for line in body:
        columns.check(table, line, "name", "minutes")
        cell, who = columns.cell(line, "minutes"), about.who(columns, line)
        minutes = seconds_of(cell)
        if cell and minutes is None:
            raise Unreadable(Kind.DURATION, line.number, cell=cell,
                             column=columns.title("minutes"), example="42")  # fmt: skip
        if minutes is None:
            gathered.ignore(line.number, Reason.NO_DURATION)
        elif gathered.names(who, line.number):
            gathered.add(who, line.number, during, minutes)
