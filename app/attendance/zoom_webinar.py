"""The attendee report of a Zoom webinar: titled sections with column names of their own.

One row per stay; `Attended` says Yes or No; `--` stands for nothing; times carry no zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NoReturn
from zoneinfo import ZoneInfo

from app.attendance.local_times import likeliest, local_time, moments, stays
from app.attendance.presence import Interval
from app.attendance.report import Ignored, Provider, Reason, Registrant, Report, Role, Row
from app.attendance.table import Line, Table
from app.attendance.unreadable import Kind, Unreadable

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
NAME_LIMIT = 300


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
    rows: list[Row] = field(default_factory=list)
    absent: list[Registrant] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    during: Interval | None = None

    def report(self) -> Report:
        sections = list(self._sections())
        if not any(section.title == "attendee details" for section in sections):
            raise Unreadable(Kind.NO_AUDIENCE, self.table.lines[-1].number)
        about = self._summary()
        started_at = self._started_at(about)
        self.during = self._during(about)
        for section in sections:
            for line in section.lines:
                self._take(section, line)
        return Report(
            provider=Provider.ZOOM_WEBINAR,
            topic=about.get("topic", ("", 0))[0],
            rows=tuple(self.rows),
            webinar_id=about.get("webinar id", ("", 0))[0] or None,
            started_at=started_at,
            minutes=_whole(about.get("actual duration (minutes)", ("", 0))[0]),
            generated_at=self._generated_at(),
            viewers=_whole(about.get("unique viewers", ("", 0))[0]),
            registered_not_attended=tuple(self.absent),
            ignored=tuple(self.ignored),
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
        return self._moments(text, number, "Actual Start Time")[0]

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
        address = section.cell(line, *ADDRESSES).lower()
        if len(name) > NAME_LIMIT or len(address) > NAME_LIMIT:
            raise Unreadable(Kind.TOO_LONG, line.number, limit=NAME_LIMIT)
        known_address = address if "@" in address else None
        if not (name or known_address):
            self.ignored.append(Ignored(line.number, Reason.NOBODY_NAMED))
        elif not self._attended(section, line):
            if section.role is Role.ATTENDEE:
                self.absent.append(Registrant(name or address, known_address, line.number))
        elif stay := self._stay(section, line):
            self.rows.append(
                Row(
                    name=name or address,
                    address=known_address,
                    joined=stay.joined,
                    left=stay.left,
                    line=line.number,
                    role=section.role,
                    other_names=others,
                )
            )

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

    def _stay(self, section: _Section, line: Line) -> Interval | None:
        joined, left = section.cell(line, "join time"), section.cell(line, "leave time")
        if not (joined and left):
            reason = Reason.NO_LEAVING_TIME if joined or left else Reason.NO_TIMES
            self.ignored.append(Ignored(line.number, reason))
            return None
        arrivals = self._moments(joined, line.number, "Join Time")
        possible = stays(arrivals, self._moments(left, line.number, "Leave Time"))
        if not possible:
            raise Unreadable(Kind.BACKWARDS, line.number, joined=joined, left=left)
        minutes = _whole(section.cell(line, *MINUTES))
        stay = likeliest(possible, minutes=minutes, during=self.during)
        if stay is None:
            cell, column = (joined, "Join Time") if len(arrivals) > 1 else (left, "Leave Time")
            self._refuse(Kind.TWICE, cell, line.number, column)
        return stay

    def _moments(self, text: str, number: int, column: str) -> tuple[datetime, ...]:
        local = local_time(text)
        if local is None:
            self._refuse(Kind.DATE, text, number, column)
        possible = moments(local, self.zone)
        if not possible:
            self._refuse(Kind.NEVER, text, number, column)
        return possible

    def _refuse(self, kind: Kind, cell: str, number: int, column: str) -> NoReturn:
        raise Unreadable(kind, number, cell=cell, column=column, zone=self.zone.key)


def _is_title(line: Line) -> bool:
    return not any(line.cells[1:])


def _names(section: _Section, line: Line) -> tuple[str, tuple[str, ...]]:
    """The name shown in the webinar, and the original and registered spellings that differ."""
    shown = section.cell(line, *NAMES)
    original = ""
    if shown.endswith(")") and " (" in shown:
        shown, _, original = shown[:-1].partition(" (")
    registered = f"{section.cell(line, 'first name')} {section.cell(line, 'last name')}".strip()
    others = dict.fromkeys(name for name in (original.strip(), registered) if name)
    name = shown.strip() or next(iter(others), "")
    return name, tuple(other for other in others if other != name)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
