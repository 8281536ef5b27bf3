"""Which reminders there are, when each is due, and for how long it still makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    WEEK = "week"
    DAY = "day"
    HOUR = "hour"
    AFTERWARDS = "afterwards"


BEFORE = (Kind.WEEK, Kind.DAY, Kind.HOUR)
LEAD = {
    Kind.WEEK: timedelta(days=7),
    Kind.DAY: timedelta(days=1),
    Kind.HOUR: timedelta(hours=1),
}
"""So long before the start a reminder is due."""
SENSE = {
    Kind.WEEK: timedelta(days=3),
    Kind.DAY: timedelta(hours=18),
    Kind.HOUR: timedelta(minutes=50),
    Kind.AFTERWARDS: timedelta(days=7),
}
"""So much later it may still be sent, after a worker was down; then it is left out."""
UNSETTLED_AFTER = timedelta(days=1)
"""So long after the end everybody is thanked when presence is not confirmed until then."""


@dataclass(frozen=True)
class Round:
    """One reminder of one webinar, to everybody whom it concerns."""

    kind: Kind
    activity_id: int
    starts_at: datetime
    """The start that it is about; with the kind it tells one reminder from another."""
    ends_at: datetime
    moment: datetime
    """When it was due. Who came in after that has just been told."""
    number: int = 1
    of: int = 1
    """Which session of how many."""
    only_present: bool = False

    @property
    def is_before(self) -> bool:
        return self.kind is not Kind.AFTERWARDS


def stretch(kind: Kind, at: datetime) -> tuple[datetime, datetime]:
    """Sessions that start after the one and not after the other are reminded of now."""
    latest = at + LEAD[kind]
    return latest - SENSE[kind], latest
