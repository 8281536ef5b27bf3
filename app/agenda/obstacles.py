"""What can stand against a plan; each obstacle names the field of the form at which it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from app import locale
from app.agenda.kinds import Kind
from app.agenda.scheduling import Gap, offset
from app.texts import gettext as _

SHORTEST, LONGEST = 5, 12 * 60
"""Minutes of a webinar."""
MOST_WORK = 2000 * 60
"""Minutes of work in a course: a year of it."""


FARTHEST_YEARS = 5


MOST_SESSIONS = 12


FARTHEST_APART = timedelta(days=31)
"""From the start of a webinar to its end: what comes later is another webinar of a series."""


@dataclass(frozen=True)
class WithoutHour:
    """A webinar needs a day and an hour."""

    field: ClassVar[str] = "on"

    def __str__(self) -> str:
        return _("A webinar needs its day and its hour.")


@dataclass(frozen=True)
class Passed:
    """It would start before now."""

    field: ClassVar[str] = "on"
    kind: Kind

    def __str__(self) -> str:
        if self.kind is Kind.COURSE:
            return _("This day is over. Choose one that is still to come, or none.")
        return _("This time is over. Choose one that is still to come.")


@dataclass(frozen=True)
class FarAway:
    """It would start in another decade: most likely a slip in the year."""

    field: ClassVar[str] = "on"

    def __str__(self) -> str:
        return _("This is more than %(years)d years away. Is the year right?", years=FARTHEST_YEARS)


@dataclass(frozen=True)
class Skipped:
    """The clocks skip this time on that day."""

    field: ClassVar[str] = "start"
    gap: Gap
    zone: str

    def __str__(self) -> str:
        return _(
            "There is no such time in %(zone)s on %(day)s: the clocks go forward from %(begins)s "
            "to %(ends)s. Choose an earlier or a later one.",
            zone=self.zone.replace("_", " "),
            day=locale.day(self.gap.begins.date()),
            begins=f"{self.gap.begins:%H:%M}",
            ends=f"{self.gap.ends:%H:%M}",
        )


@dataclass(frozen=True)
class Twice:
    """The clocks show this time twice on that day, and nobody has said which is meant."""

    field: ClassVar[str] = "fold"
    first: datetime
    second: datetime
    zone: str

    def __str__(self) -> str:
        return _("The clocks are set back that day and show this time twice. Say which you mean.")

    @property
    def choices(self) -> list[tuple[int, str]]:
        return [
            (0, _("the first time, %(offset)s", offset=offset(self.first, self.zone))),
            (1, _("the second time, an hour or so later, %(offset)s",
                  offset=offset(self.second, self.zone))),
        ]  # fmt: skip


@dataclass(frozen=True)
class ImpossibleLength:
    """No webinar is that short or long, no course that much work."""

    field: ClassVar[str] = "minutes"
    kind: Kind

    def __str__(self) -> str:
        if self.kind is Kind.COURSE:
            return _("Say how much work to expect, up to %(hours)d hours.", hours=MOST_WORK // 60)
        return _(
            "A webinar lasts from %(least)d minutes to %(most)d hours.",
            least=SHORTEST,
            most=LONGEST // 60,
        )


@dataclass(frozen=True)
class NoPlaces:
    """A capacity of nobody."""

    field: ClassVar[str] = "capacity"

    def __str__(self) -> str:
        return _("Name at least one place, or leave this empty for as many as wish to come.")


@dataclass(frozen=True)
class NotALink:
    """The link is not an address that a browser opens."""

    field: ClassVar[str] = "link"

    def __str__(self) -> str:
        return _("A link begins with https:// and names a site, as in https://meet.example/room.")


@dataclass(frozen=True)
class Untied:
    """No agreement in force on the day, with the scope, ties these groups of societies."""

    field: ClassVar[str] = "others"
    groups: tuple[tuple[str, ...], ...]
    scope: str
    on: date

    def __str__(self) -> str:
        first, *others = (_(" and ").join(group) for group in self.groups)
        covers = {"webinars": _("webinars"), "courses": _("courses")}.get(self.scope, self.scope)
        return _(
            "No agreement that covers %(scope)s and is in force on %(day)s ties %(first)s "
            "to %(others)s.",
            scope=covers,
            day=locale.day(self.on),
            first=first,
            others=_(" or to ").join(others),
        )


@dataclass(frozen=True)
class Overlapping:
    """A session starts before the one above it is over."""

    field: ClassVar[str] = "on"

    def __str__(self) -> str:
        return _("It starts before the session above it is over. Put them in order.")


@dataclass(frozen=True)
class FarApart:
    """The last session ends long after the first has begun."""

    field: ClassVar[str] = "on"

    def __str__(self) -> str:
        return _(
            "Its sessions lie more than %(days)d days apart. Plan another webinar instead.",
            days=FARTHEST_APART.days,
        )


@dataclass(frozen=True)
class TooManySessions:
    """More sessions than one webinar has."""

    field: ClassVar[str] = "on"

    def __str__(self) -> str:
        return _("A webinar has at most %(most)d sessions.", most=MOST_SESSIONS)


@dataclass(frozen=True)
class AwaitingConsent:
    """Societies beside the leading one have not agreed to the plan yet."""

    field: ClassVar[str] = "others"
    societies: tuple[str, ...]

    def __str__(self) -> str:
        return _(
            "It waits for the consent of %(societies)s: their course administrators see it "
            "on their desk.",
            societies=_(" and ").join(self.societies),
        )


TimeObstacle = (
    WithoutHour | Passed | FarAway | Skipped | Twice | ImpossibleLength | Overlapping | FarApart
    | TooManySessions
)  # fmt: skip


@dataclass(frozen=True)
class AtSession:
    """What stands against a session after the first."""

    number: int
    obstacle: TimeObstacle

    @property
    def field(self) -> str:
        return f"further-{self.number - 2}-{self.obstacle.field}"

    def __str__(self) -> str:
        return _("Session %(number)d: %(what)s", number=self.number, what=str(self.obstacle))


Obstacle = TimeObstacle | AtSession | NoPlaces | NotALink | Untied
