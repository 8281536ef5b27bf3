"""Who may have a place: the reasons against it, and which numbers are free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice

from app.agenda.models import Activity
from app.texts import gettext as _


@dataclass(frozen=True)
class Obstacle:
    """A reason that stands between a person and an enrolment."""

    kind: str  # "not announced" | "over"

    def __str__(self) -> str:
        return {
            "not announced": _("This is not announced yet."),
            "over": _("This webinar is over."),
        }[self.kind]


def obstacles(activity: Activity, *, at: datetime) -> list[Obstacle]:
    """Every reason against an enrolment now; none means welcome. In a full house one waits."""
    found = []
    if not activity.is_announced:
        found.append(Obstacle("not announced"))
    if activity.has_ended(at):
        found.append(Obstacle("over"))
    return found


def free_numbers(capacity: int | None, taken: Iterable[int], wanted: int) -> list[int]:
    """The lowest free place numbers, at most `wanted` of them; no capacity means no end.

    A capacity that was lowered may leave taken numbers above it: they count as taken all the same.
    """
    occupied = set(taken)
    left = wanted if capacity is None else min(wanted, max(0, capacity - len(occupied)))
    return list(islice((number for number in count(1) if number not in occupied), left))
