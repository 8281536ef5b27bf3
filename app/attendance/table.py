"""From bytes to numbered lines of cells, for every provider whose report is a table of text."""

import csv
import io
import re
from dataclasses import dataclass

from app.attendance.unreadable import Kind, Unreadable

MEGABYTES = 25
ROWS = 50_000
CELL = 10_000
LINE_ENDS = re.compile(r"\r\n?|\n")
QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.cells[0].casefold()

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(cell.casefold() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The lines that are not blank, and whether the last one was finished."""

    lines: tuple[Line, ...]
    is_finished: bool

    def breaks_off_at(self, line: Line) -> bool:
        return not self.is_finished and line is self.lines[-1]


def text_of(data: bytes) -> str:
    """The text in the bytes: UTF-8, or UTF-16 with or without its mark."""
    if len(data) > MEGABYTES * 1_000_000:
        raise Unreadable(Kind.TOO_BIG, limit=MEGABYTES)
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # The codec may have taken the mark off first, so its own bytes are the ones to count in.
        before = error.object[: error.start].decode(encoding, errors="ignore")
        is_last = error.end == len(error.object) and error.reason in (
            "unexpected end of data",
            "truncated data",
        )
        raise Unreadable(Kind.CUT_OFF if is_last else Kind.ENCODING, _line_after(before)) from None
    if not text.strip():
        raise Unreadable(Kind.EMPTY)
    for character in ("\0", "\ufffe", "\uffff"):
        if (place := text.find(character)) >= 0:
            raise Unreadable(Kind.BINARY, _line_after(text[:place]))
    return text


def _line_after(text: str) -> int:
    return len(LINE_ENDS.findall(text)) + 1


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:200]
    if len(head) >= 4:
        for nuls, others, encoding in ((1, 0, "utf-16-le"), (0, 1, "utf-16-be")):
            if head[nuls::2].count(0) > len(head) // 4 and head[others::2].count(0) == 0:
                return encoding
    return "utf-8-sig"


def table_of(text: str) -> Table:
    """The lines of a text whose cells are separated by commas, semicolons or tabs."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines: list[Line] = []
    while True:
        number = reader.line_num + 1
        try:
            cells = tuple(" ".join(cell.split()) for cell in _checked(next(reader), number))
        except StopIteration:
            return Table(tuple(lines), is_finished=text.endswith(("\n", "\r")))
        except csv.Error as error:
            raise _unreadable(error, number) from None
        if any(cells):
            lines.append(Line(number, cells))
        if len(lines) > ROWS:
            raise Unreadable(Kind.TOO_MANY_ROWS, number, limit=ROWS)


def _checked(cells: list[str], number: int) -> list[str]:
    if any(len(cell) > CELL for cell in cells):
        raise Unreadable(Kind.TOO_LONG, number, limit=CELL)
    return cells


def _unreadable(error: csv.Error, number: int) -> Unreadable:
    if "field limit" in str(error) or "field larger" in str(error):
        return Unreadable(Kind.TOO_LONG, number, limit=CELL)
    return Unreadable(Kind.CUT_OFF if "end of data" in str(error) else Kind.QUOTES, number)


def _delimiter(text: str) -> str:
    """The mark that is most frequent in the line that names the columns.

    That is the first line about joining, else the one of the first lines with the most cells.
    """
    lines = [line for line in text.splitlines()[:2_000] if line.strip()]
    heading = next((one for one in lines if "join time" in one.casefold()), None)
    bare = [QUOTED.sub("", one) for one in ([heading] if heading else lines[:50])]
    return max("\t;,", key=lambda mark: max(one.count(mark) for one in bare))
