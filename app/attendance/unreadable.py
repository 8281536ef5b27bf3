"""Why a file cannot be read, in one plain sentence that names the line and the cause.

A `Problem` is a kind and its values; `sentence(translate)` puts it into the reader's language when
it is given a gettext function, into English without one. `Unreadable` carries it to whoever asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.attendance.report import N_, Translate


class Kind(StrEnum):
    EMPTY = "empty"
    TOO_BIG = "too big"
    OTHER_FILE = "other file"
    OTHER_REPORT = "other report"
    UNKNOWN = "unknown"
    ENCODING = "encoding"
    BINARY = "binary"
    TOO_MANY_ROWS = "too many rows"
    TOO_LONG = "too long"
    CUT_OFF = "cut off"
    QUOTES = "quotes"
    NO_AUDIENCE = "no audience"
    NO_COLUMN = "no column"
    SHORT_ROW = "short row"
    NEITHER_YES_NOR_NO = "neither yes nor no"
    DATE = "date"
    NEVER = "never"
    TWICE = "twice"
    BACKWARDS = "backwards"


SENTENCES: Mapping[Kind, str] = {
    Kind.EMPTY: N_("The file is empty; please download the report again."),
    Kind.TOO_BIG: N_(
        "The file is larger than %(limit)d megabytes, which no attendance report of one webinar is."
    ),
    Kind.OTHER_FILE: N_(
        "This is %(what)s, not an attendance report; please upload the CSV file as Zoom gave it."
    ),
    Kind.OTHER_REPORT: N_(
        "This is %(what)s; please upload the attendee report of a Zoom webinar instead."
    ),
    Kind.UNKNOWN: N_(
        "Line %(line)d does not begin an attendance report of a kind known here; "
        "please upload the attendee report of a Zoom webinar as a CSV file."
    ),
    Kind.ENCODING: N_(
        "Line %(line)d is not UTF-8 text, as happens when a spreadsheet program saves it again; "
        "please upload the file as Zoom gave it."
    ),
    Kind.BINARY: N_(
        "Line %(line)d contains a character that no text has; please download the report again."
    ),
    Kind.TOO_MANY_ROWS: N_("Line %(line)d is past the limit of %(limit)d rows for one report."),
    Kind.TOO_LONG: N_(
        "Line %(line)d has a cell of more than %(limit)d characters; "
        "please download the report again."
    ),
    Kind.CUT_OFF: N_(
        "Line %(line)d breaks off, so the file is only a part of the report; "
        "please download it again."
    ),
    Kind.QUOTES: N_(
        "Line %(line)d has a quotation mark out of place; please upload the file as Zoom gave it."
    ),
    Kind.NO_AUDIENCE: N_(
        "The file ends at line %(line)d without the section “Attendee Details”, "
        "so the file is only a part of the report; please download it again."
    ),
    Kind.NO_COLUMN: N_(
        "Line %(line)d should name the columns, but “%(column)s” is not among them."
    ),
    Kind.SHORT_ROW: N_("Line %(line)d has %(found)d cells where at least %(needed)d are needed."),
    Kind.NEITHER_YES_NOR_NO: N_(
        "Line %(line)d says “%(cell)s” under “Attended”, where Zoom writes Yes or No."
    ),
    Kind.DATE: N_(
        "Line %(line)d has “%(cell)s” under “%(column)s”, which is not a date and time "
        "as Zoom writes them, such as “Oct 14, 2026 18:00:00”."
    ),
    Kind.NEVER: N_(
        "Line %(line)d has “%(cell)s” under “%(column)s”, a time that did not exist in %(zone)s "
        "because the clocks went forward; please check the time zone of the report."
    ),
    Kind.TWICE: N_(
        "Line %(line)d has “%(cell)s” under “%(column)s”, a time that came twice in %(zone)s "
        "because the clocks went back; "
        "please download the report from Zoom in UTC and choose UTC here."
    ),
    Kind.BACKWARDS: N_(
        "Line %(line)d has somebody leave at “%(left)s”, before joining at “%(joined)s”."
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    kind: Kind
    line: int | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)

    def sentence(self, translate: Translate = str) -> str:
        values = {
            name: translate(value) if name == "what" and isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return translate(SENTENCES[self.kind]) % {"line": self.line, **values}


class Unreadable(Exception):
    """The file is no report that can be counted. Reading it changed nothing."""

    def __init__(self, kind: Kind, line: int | None = None, **values: str | int) -> None:
        self.problem = Problem(kind, line, {name: _shown(value) for name, value in values.items()})
        super().__init__(self.problem.sentence())

    def sentence(self, translate: Translate = str) -> str:
        return self.problem.sentence(translate)


def _shown(value: str | int) -> str | int:
    """A cell as it may stand inside a sentence: on one line, printable and short."""
    if isinstance(value, int):
        return value
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return line if len(line) <= 200 else line[:199] + "…"
