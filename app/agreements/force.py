"""Whether an agreement is in force on a day, and how soon it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WARNINGS = (30, 90, 180)
"""Days before the end at which the staff of the parties is warned (decision 2)."""


@dataclass(frozen=True)
class Term:
    """The days of an agreement: both ends included; a termination takes effect on its own day."""

    from_on: date
    until_on: date | None = None
    terminated_on: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day in force, or nothing when it has no end."""
        ends = [self.until_on] if self.until_on else []
        ends += [self.terminated_on - timedelta(days=1)] if self.terminated_on else []
        return min(ends, default=None)


class Stand(StrEnum):
    """How an agreement stands on a day."""

    COMING = "coming"
    IN_FORCE = "in force"
    EXPIRED = "expired"
    TERMINATED = "terminated"


@dataclass(frozen=True)
class Standing:
    """How it stands, its last day, and how near that is."""

    stand: Stand
    last_day: date | None
    days_left: int | None
    warning: int | None
    """The narrowest of the three warnings that has begun, in days."""

    @property
    def is_in_force(self) -> bool:
        return self.stand is Stand.IN_FORCE


def is_in_force(term: Term, *, on: date) -> bool:
    return term.from_on <= on and (term.last_day is None or on <= term.last_day)


def standing(term: Term, *, on: date) -> Standing:
    """How an agreement stands on a day. What ends soon is warned of 180, 90 and 30 days ahead."""
    last = term.last_day
    if last is not None and on > last:
        was_cut = term.terminated_on is not None and (
            term.until_on is None or term.terminated_on <= term.until_on
        )
        return Standing(Stand.TERMINATED if was_cut else Stand.EXPIRED, last, None, None)
    if on < term.from_on:
        return Standing(Stand.COMING, last, None, None)
    left = (last - on).days if last else None
    warning = next((days for days in WARNINGS if left is not None and left <= days), None)
    return Standing(Stand.IN_FORCE, last, left, warning)
