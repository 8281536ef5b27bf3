"""The attendee report of a Zoom webinar: titled sections with column names of their own.

One row per stay; `Attended` says Yes or No; `--` stands for nothing; times carry no zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.attendance.gathering import Gathering, Who, shown_and_original
from app.attendance.local_times import local_time, moments
from app.attendance.presence import Interval
from app.attendance.report import Provider, Registrant, Report, Role
from app.attendance.table import Line, Table
from app.attendance.unreadable import Kind, Unreadable
from app.attendance.wall_clock import WallClock

ROLES = {
    "host details": Role.HOST,
    "panelist details": Role.PANELIST,
    "attendee details": Role.ATTENDEE,
    # Who listened in by telephone: no registration and no address.
    "other attended": Role.ATTENDEE,
}
TITLES = ("attendee report", *ROLES)
NAMES = ("user name (original name)", "user name", "name (original name)", "name")
ADDRESSES = ("email", "user email", "email address")
MINUTES = ("time in session (minutes)", "duration (minutes)")


def is_zoom_webinar(table: Table) -> bool:
    return any(line.first in ("attendee report", "attendee details") for line in table.lines)


def read(table: Table, *, zone: ZoneInfo) -> Report:
    return _Reading(table, zone).report()


@dataclass
class _Section:
    """The lines under one title, and where each column is."""

    title: str
    columns: dict[str, int]
    headings: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def role(self) -> Role:
        return ROLES[self.title]

    def cell(self, line: Line, *names: str) -> str:
        """What stands under the first of these columns that the section has; "" for nothing."""
        place = next((self.columns[name] for name in names if name in self.columns), None)
        if place is None or place >= len(line.cells):
            return ""
        return "" if line.cells[place] in ("--", "-") else line.cells[place]


@dataclass
class _Reading:
    table: Table
    zone: ZoneInfo
    absent: list[Registrant] = field(default_factory=list)
    clock: WallClock = field(init=False)
    gathered: Gathering = field(init=False)

    def __post_init__(self) -> None:
        self.clock = WallClock(self.zone, "Zoom", "Oct 14, 2026 18:00:00")

    def report(self) -> Report:
        sections = list(self._sections())
        if not any(section.title == "attendee details" for section in sections):
            raise Unreadable(Kind.NO_AUDIENCE, self.table.lines[-1].number)
        about = self._summary()
        started_at = self._started_at(about)
        self.clock.during = self._during(about)
        self.gathered = Gathering(self.clock)
        for section in sections:
            for line in section.lines:
                self._take(section, line)
        return Report(
            provider=Provider.ZOOM_WEBINAR,
            topic=about.get("topic", ("", 0))[0],
            rows=tuple(self.gathered.rows),
            webinar_id=about.get("webinar id", ("", 0))[0] or None,
            started_at=started_at,
            minutes=_whole(about.get("actual duration (minutes)", ("", 0))[0]),
            generated_at=self._generated_at(),
            viewers=_whole(about.get("unique viewers", ("", 0))[0]),
            registered_not_attended=tuple(self.absent),
            ignored=tuple(self.gathered.ignored),
        )

    # -- the head of the report ---------------------------------------------------------------

    def _summary(self) -> dict[str, tuple[str, int]]:
        """What the report says about the webinar as a whole: heading → value and its line."""
        lines = self.table.lines
        for heading, values in pairwise(lines):
            if heading.first in ROLES:
                break
            if {"topic", "webinar id"} <= set(heading.headings) and values.first not in TITLES:
                pairs = zip(heading.headings, values.cells, strict=False)
                return {name: ("" if v == "--" else v, values.number) for name, v in pairs}
        return {}

    def _started_at(self, about: dict[str, tuple[str, int]]) -> datetime | None:
        text, number = about.get("actual start time", ("", 0))
        if not text:
            return None
        return self.clock.moments(text, number, "Actual Start Time")[0]

    def _during(self, about: dict[str, tuple[str, int]]) -> Interval | None:
        """When the webinar ran, where the report leaves no doubt about it."""
        text, _ = about.get("actual start time", ("", 0))
        minutes = _whole(about.get("actual duration (minutes)", ("", 0))[0])
        local = local_time(text)
        known = moments(local, self.zone) if local else ()
        if len(known) != 1 or minutes is None:
            return None
        return Interval(known[0], known[0] + timedelta(minutes=minutes))

    def _generated_at(self) -> datetime | None:
        written = (
            local_time(line.cells[1])
            for line in self.table.lines[:5]
            if line.first == "report generated:" and len(line.cells) > 1
        )
        local = next(written, None)
        return next(iter(moments(local, self.zone)), None) if local else None

    # -- the sections -------------------------------------------------------------------------

    def _sections(self) -> Iterator[_Section]:
        lines = self.table.lines
        starts = [n for n, line in enumerate(lines) if _is_title(line) and line.first in ROLES]
        for start, end in pairwise([*starts, len(lines)]):
            title, body = lines[start], lines[start + 1 : end]
            if body:
                yield self._section(title.first, body[0], body[1:])
            elif end == len(lines):
                raise Unreadable(Kind.CUT_OFF, title.number)

    def _section(self, title: str, heading: Line, lines: tuple[Line, ...]) -> _Section:
        columns: dict[str, int] = {}
        for place, name in enumerate(heading.headings):
            # The first wins: a society's own question at registration may be called “Email” too.
            columns.setdefault(name, place)
        wanted = {"User Name": NAMES, "Join Time": ("join time",), "Leave Time": ("leave time",)}
        if title != "other attended":
            wanted |= {"Attended": ("attended",), "Email": ADDRESSES}
        for column, names in wanted.items():
            if not any(name in columns for name in names):
                if self.table.breaks_off_at(heading):
                    raise Unreadable(Kind.CUT_OFF, heading.number)
                raise Unreadable(Kind.NO_COLUMN, heading.number, column=column)
        filled = max(n for n, name in enumerate(heading.headings, 1) if name)
        return _Section(title, columns, heading.headings[:filled], lines)

    # -- one row ------------------------------------------------------------------------------

    def _take(self, section: _Section, line: Line) -> None:
        self._check_width(section, line)
        name, others = _names(section, line)
        who = Who(name, section.cell(line, *ADDRESSES), section.role, others)
        if not self.gathered.names(who, line.number):
            return
        if self._attended(section, line):
            minutes = _whole(section.cell(line, *MINUTES))
            self.gathered.stay(
                who, line.number, section.cell(line, "join time"), section.cell(line, "leave time"),
                stated=None if minutes is None else minutes * 60,
            )  # fmt: skip
        elif section.role is Role.ATTENDEE:
            address = who.address.lower() if "@" in who.address else None
            self.absent.append(Registrant(name or who.address.lower(), address, line.number))

    def _check_width(self, section: _Section, line: Line) -> None:
        if self.table.breaks_off_at(line) and len(line.cells) < len(section.headings):
            raise Unreadable(Kind.CUT_OFF, line.number)
        needed = section.columns["leave time"] + 1
        if len(line.cells) < needed:
            raise Unreadable(Kind.SHORT_ROW, line.number, found=len(line.cells), needed=needed)

    def _attended(self, section: _Section, line: Line) -> bool:
        if "attended" not in section.columns:
            return True
        answer = section.cell(line, "attended")
        if answer.casefold() not in ("yes", "no"):
            raise Unreadable(Kind.NEITHER_YES_NOR_NO, line.number, cell=answer)
        return answer.casefold() == "yes"


def _is_title(line: Line) -> bool:
    return not any(line.cells[1:])


def _names(section: _Section, line: Line) -> tuple[str, tuple[str, ...]]:
    """The name shown in the webinar, and the original and registered spellings that differ."""
    shown, original = shown_and_original(section.cell(line, *NAMES))
    registered = f"{section.cell(line, 'first name')} {section.cell(line, 'last name')}".strip()
    others = dict.fromkeys(name for name in (*original, registered) if name)
    name = shown or next(iter(others), "")
    return name, tuple(other for other in others if other != name)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
