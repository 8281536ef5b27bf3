"""How long somebody was there: intervals in, seconds out.

The promise: presence is the union of a person's intervals, clipped to the session. Two devices at
the same time count once, waiting before the start and lingering after the end count nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of time in the room, from `joined` up to, not including, `left`."""

    joined: datetime
    left: datetime

    def __post_init__(self) -> None:
        if self.joined.utcoffset() != timedelta(0) or self.left.utcoffset() != timedelta(0):
            raise ValueError("an interval is told in UTC")
        if self.left < self.joined:
            raise ValueError("an interval cannot end before it begins")

    def overlaps(self, other: "Interval") -> bool:
        return self.joined < other.left and other.joined < self.left

    def clipped(self, within: "Interval") -> "Interval | None":
        """The part that lies within the other interval; None when there is none."""
        joined, left = max(self.joined, within.joined), min(self.left, within.left)
        return Interval(joined, left) if joined < left else None


def union(intervals: Iterable[Interval], *, within: Interval) -> tuple[Interval, ...]:
    """The intervals merged and clipped: in order, apart from each other, none of them empty."""
    merged: list[Interval] = []
    for interval in sorted(filter(None, (one.clipped(within) for one in intervals))):
        if merged and interval.joined <= merged[-1].left:
            merged[-1] = Interval(merged[-1].joined, max(merged[-1].left, interval.left))
        else:
            merged.append(interval)
    return tuple(merged)


def seconds(intervals: Iterable[Interval]) -> int:
    """The whole seconds in intervals that do not overlap, as `union` returns them.

    A fraction is cut once, from the sum, so that many short stays lose no more than one long one.
    """
    spent = sum((one.left - one.joined for one in intervals), timedelta(0))
    return spent // timedelta(seconds=1)


def has_reached(seconds: int, *, of: int, threshold: int) -> bool:
    """Whether somebody was there for at least `threshold` percent of a session of `of` seconds.

    The boundary itself is enough: 4,320 of 5,400 seconds reach 80 %, 4,319 do not. Compared as
    seconds × 100 ≥ threshold × of, in whole numbers, so that no rounding decides about anybody.
    """
    if of <= 0:
        raise ValueError("a session lasts at least one second")
    if not 0 <= threshold <= 100:
        raise ValueError("a threshold is a percentage from 0 to 100")
    return seconds * 100 >= threshold * of
