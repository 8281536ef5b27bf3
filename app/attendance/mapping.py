"""A table whose columns are called as nobody here knows: where it is, and what each column may be.

Reports come in many languages. A person says once which column is what; the headings are the
signature by which the next file of the same kind is known.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.attendance import plain, teams, zoom_meeting
from app.attendance.local_times import Order, is_ambiguous, local_time, order_of
from app.attendance.report import N_
from app.attendance.table import Line, Table

TIME = re.compile(r"\d{1,2}[:.]\d\d")
NUMBERED = re.compile(r"\d+\. \S")
SHOWN = 5
SAMPLE = 200


class Meaning(StrEnum):
    NAME = "name"
    ADDRESS = "address"
    JOINED = "joined"
    LEFT = "left"
    DURATION = "duration"
    ROLE = "role"


MEANINGS = {
    Meaning.NAME: N_("Name"),
    Meaning.ADDRESS: N_("Address"),
    Meaning.JOINED: N_("Joined"),
    Meaning.LEFT: N_("Left"),
    Meaning.DURATION: N_("Length of time"),
    Meaning.ROLE: N_("Role"),
}


class Lines(StrEnum):
    """What one line of a table tells."""

    STAYS = "stays"
    TOTALS = "totals"


LINES = {
    Lines.STAYS: N_("one stay: who left and came back has another line"),
    Lines.TOTALS: N_("one person: the first joining, the last leaving, and a total"),
}


@dataclass(frozen=True)
class ColumnPlan:
    """What each column is, by its place, and how its dates and lengths of time are written."""

    columns: Mapping[str, int] = field(default_factory=dict)
    lines: Lines = Lines.STAYS
    order: Order | None = None
    hours: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    seconds: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As it is written down."""
        return {
            "columns": dict(self.columns), "lines": str(self.lines),
            "order": str(self.order) if self.order else "",
            "hours": [*self.hours], "minutes": [*self.minutes], "seconds": [*self.seconds],
        }  # fmt: skip

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "ColumnPlan":
        return cls(
            kept["columns"], Lines(kept["lines"]), Order(kept["order"]) if kept["order"] else None,
            *(tuple(kept[unit]) for unit in ("hours", "minutes", "seconds")),
        )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A table within a file: the line that names its columns, and the lines under it."""

    heading: Line
    body: tuple[Line, ...]
    is_finished: bool = True

    @property
    def signature(self) -> str:
        """The same for every file with the same columns."""
        names = "\x1f".join(self.heading.headings).rstrip("\x1f")
        return hashlib.sha256(names.encode()).hexdigest()

    @property
    def table(self) -> Table:
        return Table((self.heading, *self.body), self.is_finished)

    @property
    def shown(self) -> tuple[Line, ...]:
        """The first lines, for whoever says what they mean."""
        return self.body[:SHOWN]

    def cells(self, place: int) -> list[str]:
        """What stands in a column, on the first lines."""
        return [line.cells[place] for line in self.body[:SAMPLE] if place < len(line.cells)]


def find(table: Table) -> Found | None:
    """The table of people in a file: times stand in its lines and none in its heading.

    Of several, the one whose lines have joining and leaving, and of those the longest and last: a
    report tells about each stay after it has told about each person.
    """
    candidates = [
        Found(line, _body(table.lines[place + 1 :]), table.is_finished)
        for place, line in enumerate(table.lines[:2_000])
        if sum(map(bool, line.cells)) >= 3 and not any(map(TIME.search, line.cells))
    ]
    rated = [(_rating(one), one) for one in candidates if one.body]
    rated = [(rating, one) for rating, one in rated if rating[0]]
    return max(rated, key=lambda pair: (*pair[0], pair[1].heading.number))[1] if rated else None


def _body(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines up to the next title of a section."""
    end = next(
        (n for n, one in enumerate(lines) if NUMBERED.match(one.cells[0]) and _is_alone(one)),
        len(lines),
    )
    return lines[:end]


def _is_alone(line: Line) -> bool:
    return not any(line.cells[1:])


def _rating(found: Found) -> tuple[int, int]:
    """How many of its columns hold times, two being enough, and how many lines it has."""
    timed = [sum(map(bool, map(TIME.search, line.cells))) for line in found.body[:SAMPLE]]
    first = next((count for count in timed if count), 0)
    return min(first, 2) if timed[0] else 0, len(found.body)


def guessed(found: Found) -> ColumnPlan:
    """What the columns may be, by their names and by what stands in them."""
    places: dict[str, int] = {}
    for meaning, names in _names():
        for place, heading in enumerate(found.heading.headings):
            if heading in names and place not in places.values():
                places.setdefault(meaning, place)
    for place in range(len(found.heading.cells)):
        if place not in places.values() and (likely := _by_content(found.cells(place), places)):
            places[likely] = place
    times = [
        cell
        for meaning in (Meaning.JOINED, Meaning.LEFT)
        if meaning in places
        for cell in found.cells(places[meaning])
    ]
    has_total = Meaning.DURATION in places and not _repeats(found, places)
    return ColumnPlan(places, Lines.TOTALS if has_total else Lines.STAYS, order_of(times))


def _names() -> Iterable[tuple[str, tuple[str, ...]]]:
    known = (plain.NAMES, teams.STAYS, teams.PEOPLE, zoom_meeting.PEOPLE)
    for meaning in Meaning:
        spellings = [name for names in known for name in names.get(meaning, ())]
        yield meaning, tuple(dict.fromkeys(spellings))


def _by_content(cells: list[str], places: Mapping[str, int]) -> str | None:
    filled = [cell for cell in cells if cell]
    if not filled:
        return None
    if all("@" in cell for cell in filled):
        return Meaning.ADDRESS if Meaning.ADDRESS not in places else None
    if all(local_time(cell) or is_ambiguous(cell) for cell in filled):
        return next((one for one in (Meaning.JOINED, Meaning.LEFT) if one not in places), None)
    if all(cell[:1].isdigit() for cell in filled):
        return Meaning.DURATION if Meaning.DURATION not in places else None
    return Meaning.NAME if Meaning.NAME not in places else None


def _repeats(found: Found, places: Mapping[str, int]) -> bool:
    """Whether somebody has two lines, as only a table of stays has."""
    who = [places[one] for one in (Meaning.NAME, Meaning.ADDRESS) if one in places]
    people = [tuple(line.cells[p] for p in who if p < len(line.cells)) for line in found.body]
    return len(set(people)) < len(people)
