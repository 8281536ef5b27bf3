"""The figures of a webinar: who enrolled when and from where, and who was in the room when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app import locale
from app.accounts.models import Person
from app.agenda import words
from app.agenda.models import Activity
from app.attendance.presence import Interval
from app.attendance.standing import standing, windows_of
from app.enrolments.models import Enrolment
from app.texts import gettext as _

MOST_BARS = 12
STEP = timedelta(minutes=1)
WIDTH, HEIGHT = 600, 150


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart, as `components/charts.html` draws it."""

    text: str
    count: int
    percent: int


@dataclass(frozen=True)
class Curve:
    """A line over time: what it is called, its points, and its highest."""

    first: str
    last: str
    points: Sequence[tuple[str, int]]

    @property
    def most(self) -> int:
        return max((count for _label, count in self.points), default=0)

    @property
    def line(self) -> str:
        """The points as an SVG path over WIDTH × HEIGHT, the highest at the top."""
        last, most = max(1, len(self.points) - 1), max(1, self.most)
        steps = (
            f"{number * WIDTH / last:.1f} {HEIGHT - count * HEIGHT / most:.1f}"
            for number, (_label, count) in enumerate(self.points)
        )
        return "M" + "L".join(steps)

    @property
    def area(self) -> str:
        return f"{self.line}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z"


@dataclass(frozen=True)
class Figures:
    enrolled: int
    from_countries: int
    of_professions: int
    over_time: Curve | None
    countries: Sequence[Bar]
    professions: Sequence[Bar]
    presence: Sequence[Curve]
    """One curve for each session."""


def figures(session: Session, activity: Activity) -> Figures:
    """Everything the page of figures draws, in a few statements whatever the number of people."""
    per_day = _counted(session, activity, func.date(Enrolment.at))
    days = {date.fromisoformat(str(day)): count for day, count in per_day}
    countries = _counted(session, activity, Person.country)
    professions = _counted(session, activity, Person.profession)
    known = standing(session, activity)
    stays = [one for measure in known.measures.values() for one in measure.intervals]
    return Figures(
        enrolled=sum(days.values()),
        from_countries=len(countries),
        of_professions=len(professions),
        over_time=grown(days) if days else None,
        countries=bars((locale.country(code) or _("not told"), n) for code, n in countries),
        professions=bars((words.profession(name), n) for name, n in professions),
        presence=[in_the_room(stays, within) for within in windows_of(activity)] if stays else [],
    )


def bars(counted: Iterable[tuple[str, int]]) -> list[Bar]:
    """The most frequent first; what is beyond the first dozen is taken together."""
    rows = sorted(counted, key=lambda row: (-row[1], row[0]))
    shown, rest = rows[:MOST_BARS], rows[MOST_BARS:]
    if rest:
        shown.append((_("Others"), sum(count for _text, count in rest)))
    whole = sum(count for _text, count in rows)
    return [Bar(text, count, round(count * 100 / whole)) for text, count in shown]


def grown(days: dict[date, int]) -> Curve:
    """How many had enrolled by each day, from the first to the last on which somebody did."""
    first, last = min(days), max(days)
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    sums = accumulate(days.get(day, 0) for day in every)
    points = [(locale.short_day(day), total) for day, total in zip(every, sums, strict=True)]
    if len(points) == 1:  # a line needs two ends
        points = [(points[0][0], 0), points[0]]
    return Curve(points[0][0], points[-1][0], points)


def in_the_room(stays: Iterable[Interval], within: Interval) -> Curve:
    """How many were in the room at each minute of a session."""
    changes: Counter[datetime] = Counter()
    for stay in stays:
        if (part := stay.clipped(within)) is not None:
            changes[part.joined] += 1
            changes[part.left] -= 1
    points, there, left = [], 0, sorted(changes, reverse=True)
    moment = within.joined
    while moment < within.left:
        while left and left[-1] <= moment:
            there += changes[left.pop()]
        points.append((locale.clock(moment), there))
        moment += STEP
    return Curve(points[0][0], locale.clock(within.left), points)


def _counted(
    session: Session, activity: Activity, what: ColumnElement[Any] | Any
) -> list[tuple[Any, int]]:
    rows = session.execute(
        select(what, func.count())
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None))
        .group_by(what)
    )
    return [(value, count) for value, count in rows]
