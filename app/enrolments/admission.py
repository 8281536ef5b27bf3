"""Who may have a place: the reasons against it, and which numbers are free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
    """Every reason against an enrolment now; none means welcome. A full house is no reason: one waits."""
    found = []
    if not activity.is_announced:
        found.append(Obstacle("not announced"))
    if activity.has_ended(at):
        found.append(Obstacle("over"))
    return found


def free_numbers(capacity: int | None, taken: Iterable[int], wanted: int) -> list[int]:
    """The lowest free place numbers, at most `wanted` of them; no capacity means no end."""
    occupied = set(taken)
    most = capacity if capacity is not None else len(occupied) + wanted
    free: list[int] = []
    for number in range(1, most + 1):
        if len(free) == wanted:
            break
        if number not in occupied:
            free.append(number)
    return free
