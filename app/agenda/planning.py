"""What stands against a plan. The same reasons are shown at the form and held by the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.agenda.kinds import Kind, Level
from app.agenda.obstacles import (
    FARTHEST_APART,
    FARTHEST_YEARS,
    LONGEST,
    MOST_SESSIONS,
    MOST_WORK,
    SHORTEST,
    AtSession,
    FarApart,
    FarAway,
    ImpossibleLength,
    NoPlaces,
    NotALink,
    Obstacle,
    Overlapping,
    Passed,
    Skipped,
    TimeObstacle,
    TooManySessions,
    Twice,
    Untied,
    WithoutHour,
)
from app.agenda.scheduling import gap, moments
from app.agenda.speakers import Named


@dataclass(frozen=True, kw_only=True)
class Hour:
    """A session as planned: its day and hour on the wall clock, and its length."""

    on: date | None = None
    start: time | None = None
    minutes: int | None = None
    fold: int | None = None

    @property
    def local(self) -> datetime | None:
        return datetime.combine(self.on, self.start) if self.on and self.start else None

    def starts_at(self, zone: str) -> datetime | None:
        """The moment of the start, once nothing stands against it."""
        found = moments(self.local, zone) if self.local else []
        return found[min(self.fold or 0, len(found) - 1)] if found else None

    def ends_at(self, zone: str) -> datetime | None:
        starts_at = self.starts_at(zone)
        if starts_at is None or not 0 < (self.minutes or 0) <= LONGEST:
            return None
        return starts_at + timedelta(minutes=self.minutes or 0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When an activity takes place, how long it is and for how many. A course has no hour."""

    kind: Kind
    on: date | None = None
    start: time | None = None
    zone: str = "Europe/Vienna"
    minutes: int | None = None
    capacity: int | None = None
    fold: int | None = None
    """Which of two equal wall-clock times is meant, where clocks are set back: 0 or 1."""
    further: tuple[Hour, ...] = ()
    """The sessions of a webinar after its first, in the same zone; `minutes` is the first's."""

    @property
    def hours(self) -> tuple[Hour, ...]:
        """Every session of a webinar, in order."""
        if self.kind is Kind.COURSE:
            return ()
        first = Hour(on=self.on, start=self.start, minutes=self.minutes, fold=self.fold)
        return (first, *self.further)

    @property
    def local(self) -> datetime | None:
        """The wall-clock time of the start; a course opens at midnight."""
        hour = self.start if self.kind is Kind.WEBINAR else time()
        return datetime.combine(self.on, hour) if self.on and hour else None

    @property
    def starts_at(self) -> datetime | None:
        """The moment of the start, once nothing stands against it."""
        if self.kind is Kind.COURSE:
            return self.local and self.local.replace(tzinfo=ZoneInfo(self.zone))
        return self.hours[0].starts_at(self.zone)

    @property
    def ends_at(self) -> datetime | None:
        """The moment at which the last session of a webinar ends."""
        return self.hours[-1].ends_at(self.zone) if self.hours else None

    def day(self, at: datetime) -> date:
        """The day on which societies must be tied: of the start, or today when there is none."""
        return self.on or at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What is said of an activity; these may change after it is announced."""

    title: str
    summary: str = ""
    description: str = ""
    language: str = "en"
    level: Level = Level.INTRODUCTORY
    speakers: tuple[Named, ...] = ()
    """Who speaks, moderates and plans, in the order of the programme."""
    audiences: frozenset[str] = field(default_factory=frozenset)
    link: str = ""
    captions: str = ""
    """In which languages what is said can be read along, such as English, German."""
    outcomes: str = ""
    """What one can do afterwards, in Markdown."""


def obstacles(
    plan: Plan, *, at: datetime, groups: Sequence[Sequence[object]] = (), link: str = "",
    begun: int = 0,
) -> list[Obstacle]:  # fmt: skip
    """Every reason against a plan; none means that it may be saved and announced.

    `groups` are the societies that hold it, as far as agreements tie them on the plan's day: one
    group, or none, is well. So many first sessions have `begun`: their hours are not asked about.
    """
    found: list[Obstacle] = [*_time(plan, at, begun), *_size(plan)]
    if link and not is_link(link):
        found.append(NotALink())
    if len(groups) > 1:
        names = tuple(tuple(map(str, group)) for group in groups)
        found.append(Untied(names, str(plan.kind.scope), plan.day(at)))
    return found


def _time(plan: Plan, at: datetime, begun: int) -> list[Obstacle]:
    if plan.kind is Kind.COURSE:
        return [*_opening(plan, at)]
    found: list[Obstacle] = []
    for number, hour in enumerate(plan.hours, 1):
        if number > begun:
            against = [*_hour(hour, plan.zone, at), *_order(plan, number), *_length(hour)]
            found += against if number == 1 else [AtSession(number, one) for one in against]
    if len(plan.hours) > MOST_SESSIONS:
        found.append(AtSession(MOST_SESSIONS + 1, TooManySessions()))
    return found


def _opening(plan: Plan, at: datetime) -> list[TimeObstacle]:
    if plan.local is None:
        return []
    if plan.local.year > at.year + FARTHEST_YEARS:
        return [FarAway()]
    return [Passed(plan.kind)] if plan.local.date() < _today(plan, at) else []


def _hour(hour: Hour, zone: str, at: datetime) -> list[TimeObstacle]:
    if hour.local is None:
        return [WithoutHour()]
    if hour.local.year > at.year + FARTHEST_YEARS:
        return [FarAway()]
    if hour.local.year < at.year - 1:
        return [Passed(Kind.WEBINAR)]
    if skipped := gap(hour.local, zone):
        return [Skipped(skipped, zone)]
    found = moments(hour.local, zone)
    if found[-1] <= at:
        return [Passed(Kind.WEBINAR)]
    if len(found) > 1 and hour.fold is None:
        return [Twice(found[0], found[1], zone)]
    starts_at = hour.starts_at(zone)
    return [Passed(Kind.WEBINAR)] if starts_at and starts_at <= at else []


def _order(plan: Plan, number: int) -> list[TimeObstacle]:
    """Whether a session after the first follows the one above it, and soon enough."""
    if number == 1:
        return []
    above, hour = plan.hours[number - 2], plan.hours[number - 1]
    over, starts, ends = (
        above.ends_at(plan.zone),
        hour.starts_at(plan.zone),
        hour.ends_at(plan.zone),
    )
    if over is None or starts is None or ends is None:
        return []
    if starts < over:
        return [Overlapping()]
    begins = plan.starts_at
    return [FarApart()] if begins and ends - begins > FARTHEST_APART else []


def _length(hour: Hour) -> list[TimeObstacle]:
    fits = SHORTEST <= (hour.minutes or 0) <= LONGEST
    return [] if fits else [ImpossibleLength(Kind.WEBINAR)]


def _size(plan: Plan) -> list[Obstacle]:
    found: list[Obstacle] = []
    if plan.kind is Kind.COURSE and not 0 < (plan.minutes or 1) <= MOST_WORK:
        found.append(ImpossibleLength(plan.kind))
    if plan.capacity is not None and plan.capacity < 1:
        found.append(NoPlaces())
    return found


def _today(plan: Plan, at: datetime) -> date:
    return at.astimezone(ZoneInfo(plan.zone)).date()


def is_link(text: str) -> bool:
    """Whether this is an http or https address of a site."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  raises for one that is no number
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and not set(text) & set(' "<>\\')
    )
