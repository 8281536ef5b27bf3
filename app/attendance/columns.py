"""Where each column of a table is, whatever it is called there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.attendance.table import Line, Table
from app.attendance.unreadable import Kind, Unreadable

NOTHING = frozenset({"", "-", "--", "\u2013", "\u2014", "n/a"})

Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Columns:
    """The line that names the columns, and the place of each that has a meaning here."""

    heading: Line
    places: Mapping[str, int]

    def __contains__(self, meaning: str) -> bool:
        return meaning in self.places

    def cell(self, line: Line, meaning: str) -> str:
        """What a line says in this column; "" for nothing and for no such column."""
        place = self.places.get(meaning)
        if place is None or place >= len(line.cells):
            return ""
        return "" if line.cells[place] in NOTHING else line.cells[place]

    def title(self, meaning: str) -> str:
        """The column as the report itself calls it."""
        return self.heading.cells[self.places[meaning]] if meaning in self.places else meaning

    def require(self, table: Table, **wanted: str) -> None:
        """Refuse a table without one of these columns: meaning=what the platform calls it."""
        for meaning, called in wanted.items():
            if meaning not in self.places:
                if table.breaks_off_at(self.heading):
                    raise Unreadable(Kind.CUT_OFF, self.heading.number)
                raise Unreadable(Kind.NO_COLUMN, self.heading.number, column=called)

    def check(self, table: Table, line: Line, *needed: str) -> None:
        """Refuse a line that is too short to have these columns."""
        width = max(n for n, name in enumerate(self.heading.cells, 1) if name)
        if table.breaks_off_at(line) and len(line.cells) < width:
            raise Unreadable(Kind.CUT_OFF, line.number)
        least = max(self.places[one] for one in needed if one in self.places) + 1
        if len(line.cells) < least:
            raise Unreadable(Kind.SHORT_ROW, line.number, found=len(line.cells), needed=least)


def columns_of(heading: Line, names: Names, *, start: int = 0) -> Columns:
    """The places of the columns with these names, from a place on; of two, the first."""
    found: dict[str, int] = {}
    headings = heading.headings
    for meaning, spellings in names.items():
        for spelling in spellings:
            if spelling in headings[start:]:
                found[meaning] = headings.index(spelling, start)
                break
    return Columns(heading, found)
