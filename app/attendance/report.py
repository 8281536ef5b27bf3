"""What an attendance report says, whichever provider wrote it. `reading.read` makes one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from app.attendance.names import folded
from app.attendance.presence import Interval

Translate = Callable[[str], str]


def N_(message: str) -> str:
    """Marks a text for translation. It is translated where somebody reads it, not here."""
    return message


class Provider(StrEnum):
    ZOOM_WEBINAR = "zoom-webinar"


class Role(StrEnum):
    ATTENDEE = "attendee"
    PANELIST = "panelist"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Row:
    """One stay of one person: who rejoins has another row."""

    name: str
    address: str | None
    joined: datetime
    left: datetime
    line: int
    role: Role = Role.ATTENDEE
    other_names: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval:
        return Interval(self.joined, self.left)

    @property
    def identity(self) -> str:
        """Who is who in one report: the address in small letters, else the name."""
        return self.address or " ".join(sorted(folded(self.name))) or self.name


@dataclass(frozen=True, slots=True)
class Participant:
    """Everybody in a report once, with all their stays."""

    identity: str
    name: str
    address: str | None
    role: Role
    rows: tuple[Row, ...]

    @property
    def intervals(self) -> tuple[Interval, ...]:
        return tuple(row.interval for row in self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling the report has for this person, each once, in order."""
        return tuple(dict.fromkeys(n for row in self.rows for n in (row.name, *row.other_names)))


@dataclass(frozen=True, slots=True)
class Registrant:
    """Somebody who registered and did not come."""

    name: str
    address: str | None
    line: int


class Reason(StrEnum):
    NO_TIMES = "no times"
    NO_LEAVING_TIME = "no leaving time"
    NOBODY_NAMED = "nobody named"


REASONS = {
    Reason.NO_TIMES: N_("Line %(line)d says that somebody attended, but not when."),
    Reason.NO_LEAVING_TIME: N_("Line %(line)d says when somebody joined or left, but not both."),
    Reason.NOBODY_NAMED: N_("Line %(line)d names nobody."),
}


@dataclass(frozen=True, slots=True)
class Ignored:
    """A line that could not count, and why."""

    line: int
    reason: Reason

    def sentence(self, translate: Translate = str) -> str:
        return translate(REASONS[self.reason]) % {"line": self.line}


@dataclass(frozen=True)
class Report:
    provider: Provider
    topic: str
    rows: tuple[Row, ...]
    webinar_id: str | None = None
    started_at: datetime | None = None
    minutes: int | None = None
    generated_at: datetime | None = None
    viewers: int | None = None
    registered_not_attended: tuple[Registrant, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    @cached_property
    def participants(self) -> tuple[Participant, ...]:
        """The rows grouped by person, in the order of the report.

        Who was promoted from the audience to the panel stays a member of the audience.
        """
        groups: dict[str, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row.identity, []).append(row)
        return tuple(_participant(identity, rows) for identity, rows in groups.items())


def _participant(identity: str, rows: list[Row]) -> Participant:
    first = next((row for row in rows if row.role is Role.ATTENDEE), rows[0])
    return Participant(identity, first.name, first.address, first.role, tuple(rows))
