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
    DAY_OR_MONTH = "day or month"
    DURATION = "duration"
    NEITHER = "neither"
    NO_PEOPLE = "no people"
    NO_TIME_OF_MEETING = "no time of meeting"
    NOT_JSON = "not JSON"
    LACKS = "lacks"
    UNKNOWN_COLUMNS = "unknown columns"


SENTENCES: Mapping[Kind, str] = {
    Kind.EMPTY: N_("The file is empty; please download the report again."),
    Kind.TOO_BIG: N_(
        "The file is larger than %(limit)d megabytes, which no attendance report of one webinar is."
    ),
    Kind.OTHER_FILE: N_(
        "This is %(what)s, not an attendance report; "
        "please upload the file as the platform gave it."
    ),
    Kind.OTHER_REPORT: N_("This is %(what)s; please upload the report of who attended instead."),
    Kind.UNKNOWN: N_(
        "Line %(line)d does not begin an attendance report of a kind known here; "
        "please upload the report of Zoom, Teams or BigBlueButton, or a table with the columns "
        "name, address, joined, left."
    ),
    Kind.ENCODING: N_(
        "Line %(line)d is not UTF-8 text, as happens when a spreadsheet program saves it again; "
        "please upload the file as the platform gave it."
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
        "Line %(line)d has a quotation mark out of place; "
        "please upload the file as the platform gave it."
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
        "as %(platform)s writes them, such as “%(example)s”."
    ),
    Kind.NEVER: N_(
        "Line %(line)d has “%(cell)s” under “%(column)s”, a time that did not exist in %(zone)s "
        "because the clocks went forward; please check the time zone of the report."
    ),
    Kind.TWICE: N_(
        "Line %(line)d has “%(cell)s” under “%(column)s”, a time that came twice in %(zone)s "
        "because the clocks went back; "
        "please download the report from %(platform)s in UTC and choose UTC here."
    ),
    Kind.BACKWARDS: N_(
        "Line %(line)d has somebody leave at “%(left)s”, before joining at “%(joined)s”."
    ),
    Kind.DAY_OR_MONTH: N_(
        "Line %(line)d has “%(cell)s” under “%(column)s”, where either number may be the month; "
        "please say which comes first."
    ),
    Kind.DURATION: N_(
        "Line %(line)d has “%(cell)s” under “%(column)s”, which is not a length of time "
        "such as “%(example)s”."
    ),
    Kind.NEITHER: N_(
        "Line %(line)d says “%(cell)s” under “%(column)s”, where only %(choices)s can stand."
    ),
    Kind.NO_PEOPLE: N_(
        "The file ends at line %(line)d without the list of who attended, "
        "so it is only a part of the report; please download it again."
    ),
    Kind.NO_TIME_OF_MEETING: N_(
        "Line %(line)d lists minutes but no times, and the file does not say when the meeting was; "
        "please download the report with the times of joining and leaving."
    ),
    Kind.NOT_JSON: N_(
        "Line %(line)d is not complete JSON (%(fault)s); please take the file as it came."
    ),
    Kind.LACKS: N_("Line %(line)d: %(whose)s has no usable “%(key)s”, so it cannot be counted."),
    Kind.UNKNOWN_COLUMNS: N_(
        "Line %(line)d names columns that are not known here, such as “%(column)s”; "
        "please load the file at the desk and say there what each column is."
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
