"""Who and what is on the stage of the demonstration, by the names its acts know them by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.demo.script import Script
from app.societies.models import Office, Society

SEED = 20191024
"""The dice of the demonstration fall alike at every loading."""


@dataclass
class Scene:
    """The stage: a session, the moment of loading, a script and dice."""

    session: Session
    now: datetime
    digest: str
    """Of the one password of everybody."""
    script: Script = field(default_factory=Script)
    dice: Random = field(default_factory=lambda: Random(SEED))
    societies: dict[str, Society] = field(default_factory=dict)
    officers: dict[tuple[str, Office], Person] = field(default_factory=dict)
    learners: dict[int, Person] = field(default_factory=dict)
    """By their number, from 1."""
    activities: dict[str, Activity] = field(default_factory=dict)

    @property
    def platform(self) -> Person | None:
        """The platform administrator; nobody before they are made."""
        return self.officers.get(("", Office.PLATFORM_ADMINISTRATOR))

    def administrator(self, activity: Activity) -> Person:
        return self.officers[activity.lead.code, Office.COURSE_ADMINISTRATOR]

    def day(self, offset: int, clock: str = "09:00", zone: str = "Europe/Vienna") -> datetime:
        """A working day so many days from today, at an hour of a zone."""
        day = (self.now.astimezone(ZoneInfo(zone)) + timedelta(days=offset)).date()
        if day.weekday() > 4:
            day += timedelta(days=7 - day.weekday() if offset > 0 else 4 - day.weekday())
        return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone))

    def between(self, first: datetime, last: datetime) -> datetime:
        """Some moment between two, never after now."""
        last = min(last, self.now)
        return first + (last - first) * self.dice.random()

    def moments(self, number: int, first: datetime, last: datetime) -> Iterator[datetime]:
        """So many moments in order; most come early, as enrolments do."""
        last = min(last, self.now)
        yield from (
            first + (last - first) * s
            for s in sorted(self.dice.random() ** 1.6 for _ in range(number))
        )
