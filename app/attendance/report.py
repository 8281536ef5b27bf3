"""What an attendance report says, whichever provider wrote it. `reading.read` makes one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from app.attendance.names import folded
from app.attendance.presence import Interval, Total

Translate = Callable[[str], str]


def N_(message: str) -> str:
    """Marks a text for translation. It is translated where somebody reads it, not here."""
    return message


class Provider(StrEnum):
    ZOOM_WEBINAR = "zoom-webinar"
    ZOOM_MEETING = "zoom-meeting"
    TEAMS = "teams"
    BBB_DASHBOARD = "bbb-dashboard"
    BBB_CALLBACK = "bbb-callback"
    TABLE = "table"
    TOLD = "told"
    """Not a file: what a platform told by itself, by callbacks or when it was asked."""

    @property
    def label(self) -> str:
        """What people call it."""
        return PROVIDERS[self]


PROVIDERS = {
    Provider.ZOOM_WEBINAR: N_("Zoom webinar"),
    Provider.ZOOM_MEETING: N_("Zoom meeting"),
    Provider.TEAMS: N_("Microsoft Teams"),
    Provider.BBB_DASHBOARD: N_("BigBlueButton learning dashboard"),
    Provider.BBB_CALLBACK: N_("BigBlueButton analytics"),
    Provider.TABLE: N_("table"),
    Provider.TOLD: N_("told by the platform"),
}


class Role(StrEnum):
    ATTENDEE = "attendee"
    PANELIST = "panelist"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Row:
    """One stay of one person: who rejoins has another row.

    Where a report tells only the first joining, the last leaving and a sum, the row has the `total`
    seconds of that sum, and its times are the stretch within which they lie.
    """

    name: str
    address: str | None
    joined: datetime
    left: datetime
    line: int
    role: Role = Role.ATTENDEE
    other_names: tuple[str, ...] = ()
    external_id: str = ""
    """By what our own link to join made this person known to the platform."""
    total: int | None = None

    @property
    def interval(self) -> Interval:
        return Interval(self.joined, self.left)

    @property
    def identity(self) -> str:
        """Who is who in one report: the address in small letters, an id of ours, else the name."""
        return self.address or self.external_id or name_key(self.name)


def name_key(name: str) -> str:
    """The words of a name in an order of their own, so that Lopez Ana is Ana López."""
    return " ".join(sorted(folded(name))) or name


def identity_of(name: str, address: str, provider: str) -> tuple[str, str]:
    """(platform, identity): an address is the same everywhere, a name only on one platform."""
    return ("", address.strip().lower()) if address else (provider, name_key(name))


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
        return tuple(row.interval for row in self.rows if row.total is None)

    @property
    def totals(self) -> tuple[Total, ...]:
        return tuple(Total(row.interval, row.total) for row in self.rows if row.total is not None)

    @property
    def external_id(self) -> str:
        return next((row.external_id for row in self.rows if row.external_id), "")

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
    WAITING_ROOM = "waiting room"
    NO_DURATION = "no duration"


REASONS = {
    Reason.NO_TIMES: N_("Line %(line)d says that somebody attended, but not when."),
    Reason.NO_LEAVING_TIME: N_("Line %(line)d says when somebody joined or left, but not both."),
    Reason.NOBODY_NAMED: N_("Line %(line)d names nobody."),
    Reason.WAITING_ROOM: N_("Line %(line)d is time in the waiting room, which is not presence."),
    Reason.NO_DURATION: N_("Line %(line)d does not say for how long somebody was there."),
}


@dataclass(frozen=True, slots=True)
class Ignored:
    """A line that could not count, and why."""

    line: int
    reason: Reason

    def sentence(self, translate: Translate = str) -> str:
        return translate(REASONS[self.reason]) % {"line": self.line}


class Note(StrEnum):
    """What a report cannot tell, said wherever it is shown."""

    BY_NAME = "by name"
    TOTALS = "totals"
    MINUTES = "minutes"


NOTES = {
    Note.BY_NAME: N_("This report has no addresses, so everybody in it is known by name."),
    Note.TOTALS: N_(
        "Of some people this report tells only the first joining, the last leaving and a sum. "
        "They are counted with the least that this proves."
    ),
    Note.MINUTES: N_(
        "This report tells only how many minutes each person was connected, rounded by the "
        "platform, and not when. It proves less than a report with times."
    ),
}


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
    only_minutes: bool = False

    @property
    def notes(self) -> tuple[Note, ...]:
        """What it cannot tell."""
        has_totals = any(row.total is not None for row in self.rows)
        is_by_name = bool(self.rows) and not any(r.address or r.external_id for r in self.rows)
        return tuple(
            note
            for note, holds in (
                (Note.BY_NAME, is_by_name),
                (Note.MINUTES, self.only_minutes),
                (Note.TOTALS, has_totals and not self.only_minutes),
            )
            if holds
        )

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
