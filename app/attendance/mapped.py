"""Reads a table by what a person said of its columns."""

from zoneinfo import ZoneInfo

from app.attendance import plain
from app.attendance.columns import Columns
from app.attendance.durations import UNITS, seconds_of
from app.attendance.gathering import Gathering, Who, shown_and_original
from app.attendance.mapping import ColumnPlan, Found, Lines, Meaning
from app.attendance.report import Provider, Report, Role
from app.attendance.table import Line
from app.attendance.unreadable import Kind, Unreadable
from app.attendance.wall_clock import WallClock


def read(found: Found, plan: ColumnPlan, *, zone: ZoneInfo) -> Report:
    columns = Columns(found.heading, plan.columns)
    columns.require(found.table, joined="joined", left="left")
    clock = WallClock(zone, "this table", "2026-10-14 18:00:00", plan.order)
    clock.learn([columns.cell(line, one) for line in found.body for one in ("joined", "left")])
    gathered = Gathering(clock)
    for line in found.body:
        _take(found, columns, line, plan, gathered)
    return Report(
        provider=Provider.TABLE,
        topic="",
        rows=tuple(gathered.rows),
        ignored=tuple(gathered.ignored),
    )


def _take(
    found: Found, columns: Columns, line: Line, plan: ColumnPlan, gathered: Gathering
) -> None:
    columns.check(found.table, line, Meaning.JOINED, Meaning.LEFT)
    name, others = shown_and_original(columns.cell(line, Meaning.NAME))
    role = plain.ROLES.get(columns.cell(line, Meaning.ROLE).casefold(), Role.ATTENDEE)
    who = Who(name, columns.cell(line, Meaning.ADDRESS), role, others)
    joined, left = columns.cell(line, Meaning.JOINED), columns.cell(line, Meaning.LEFT)
    titles = columns.title(Meaning.JOINED), columns.title(Meaning.LEFT)
    cell = columns.cell(line, Meaning.DURATION)
    stated = seconds_of(cell, UNITS.extended(plan.hours, plan.minutes, plan.seconds))
    if plan.lines is Lines.STAYS:
        gathered.stay(who, line.number, joined, left, stated=stated, columns=titles)
        return
    if cell and stated is None:
        column = columns.title(Meaning.DURATION)
        raise Unreadable(
            Kind.DURATION, line.number, cell=cell, column=column, example="1 h 2 min 10 s"
        )
    gathered.total(who, line.number, joined, left, total=stated, columns=titles)
