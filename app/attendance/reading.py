"""Reads an attendance report: recognises by its content who wrote it, and names what it is not."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from app.attendance import (
    bbb_callback,
    bbb_dashboard,
    mapped,
    plain,
    teams,
    zoom_meeting,
    zoom_webinar,
)
from app.attendance.mapping import ColumnPlan, Found, find
from app.attendance.report import N_, Report
from app.attendance.table import Line, Table, table_of, text_of
from app.attendance.unreadable import Kind, Unreadable

NO_PLANS: Mapping[str, ColumnPlan] = MappingProxyType({})

SPREADSHEET = N_("a spreadsheet")
IMAGE = N_("an image")
WEB_PAGE = N_("a web page")

OTHER_FILES = (
    (b"%PDF-", N_("a PDF")),
    (b"PK\x03\x04", SPREADSHEET),
    (b"\xd0\xcf\x11\xe0", SPREADSHEET),
    (b"\x89PNG", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF8", IMAGE),
    (b"RIFF", IMAGE),
    (b"II*\x00", IMAGE),
    (b"MM\x00*", IMAGE),
    (b"{\\rtf", N_("a text document")),
    (b"\x1f\x8b", N_("a compressed file")),
)
# A set of column names that only this report has on one line.
OTHER_REPORTS = (
    ({"first name", "time joined", "time exited"}, N_("a Google Meet report")),
    ({"registration report"}, N_("Zoom's list of who registered, not of who came")),
    ({"poll report"}, N_("Zoom's poll report")),
    ({"survey report"}, N_("Zoom's survey report")),
    ({"q&a report"}, N_("Zoom's questions and answers")),
    ({"question report"}, N_("Zoom's questions and answers")),
    ({"performance report"}, N_("Zoom's performance report")),
)


READERS: tuple[tuple[Callable[[Table], bool], Callable[..., Report]], ...] = (
    (zoom_webinar.is_zoom_webinar, zoom_webinar.read),
    (bbb_dashboard.is_bbb_dashboard, bbb_dashboard.read),
    (teams.is_teams, teams.read),
    (zoom_meeting.is_zoom_meeting, zoom_meeting.read),
    (plain.is_plain, plain.read),
)
"""Who can tell a report of theirs, and read it; the one with the plainest signs comes last."""


class Unmapped(Unreadable):
    """A table of people, but somebody has to say what its columns are."""

    def __init__(self, found: Found, cause: Unreadable | None = None) -> None:
        self.found = found
        if cause is not None:
            super().__init__(cause.problem.kind, cause.problem.line, **cause.problem.values)
        else:
            name = next(filter(None, found.heading.cells), "")
            super().__init__(Kind.UNKNOWN_COLUMNS, found.heading.number, column=name)


Plans = Mapping[str, ColumnPlan]
"""What is known already of tables, by their signature."""


def read(data: bytes, *, zone: ZoneInfo, plans: Plans = NO_PLANS, ask: bool = False) -> Report:
    """The report in the file, its times read in the zone. Raises `Unreadable`, and nothing else.

    A table with one of these plans is read by it. With `ask`, any other table is `Unmapped`, also
    one that could be read.
    """
    for beginning, what in OTHER_FILES:
        if data.startswith(beginning):
            raise Unreadable(Kind.OTHER_FILE, what=what)
    text = text_of(data)
    if bbb_callback.is_bbb_callback(text):
        return bbb_callback.read(text)
    _refuse_markup(text)
    table = table_of(text)
    if not table.lines:
        raise Unreadable(Kind.EMPTY)
    return _read(table, zone, plans, ask=ask)


def _read(table: Table, zone: ZoneInfo, plans: Plans, *, ask: bool) -> Report:
    found = find(table) if plans or ask else None
    if found and ask:
        raise Unmapped(found)
    if found and (plan := plans.get(found.signature)):
        return mapped.read(found, plan, zone=zone)
    for is_one, read_one in READERS:
        if is_one(table):
            try:
                return read_one(table, zone=zone)
            except Unreadable as unreadable:
                _ask_for_the_order(table, unreadable)
                raise
    raise _refusal(table)


def _ask_for_the_order(table: Table, unreadable: Unreadable) -> None:
    """Whether the day or the month comes first, only a person can say."""
    if unreadable.problem.kind is Kind.DAY_OR_MONTH and (found := find(table)):
        raise Unmapped(found, unreadable) from None


def _refuse_markup(text: str) -> None:
    beginning = text[:2_000].lstrip().casefold()
    if beginning.startswith(("<svg", "<?xml")) and "<svg" in beginning:
        raise Unreadable(Kind.OTHER_FILE, what=IMAGE)
    if beginning.startswith("<"):
        raise Unreadable(Kind.OTHER_FILE, what=WEB_PAGE)
    if beginning.startswith(("{", "[{")):
        raise Unreadable(Kind.OTHER_FILE, what=N_("a JSON file"))


def _refusal(table: Table) -> Unreadable:
    for line in table.lines[:100]:
        if what := _other_report(line):
            return Unreadable(Kind.OTHER_REPORT, what=what)
    if found := find(table):
        return Unmapped(found)
    return Unreadable(Kind.UNKNOWN, table.lines[0].number)


def _other_report(line: Line) -> str | None:
    present = set(line.headings)
    return next((what for headings, what in OTHER_REPORTS if headings <= present), None)
