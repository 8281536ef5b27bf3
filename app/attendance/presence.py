"""How long somebody was there: intervals in, seconds out.

The promise: presence is the union of a person's intervals, clipped to the windows of the session.
Two devices at the same time count once, waiting before the start and lingering after the end count
nothing. What a report says only as a total is counted with the least that it proves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of time in the room, from `joined` up to, not including, `left`."""

    joined: datetime
    left: datetime

    def __post_init__(self) -> None:
        for moment in (self.joined, self.left):
            if moment.tzinfo is not UTC and moment.utcoffset() != timedelta(0):
                raise ValueError("an interval is told in UTC")
        if self.left < self.joined:
            raise ValueError("an interval cannot end before it begins")

    def overlaps(self, other: "Interval") -> bool:
        return self.joined < other.left and other.joined < self.left

    def clipped(self, within: "Interval") -> "Interval | None":
        """The part that lies within the other interval; None when there is none."""
        if within.joined <= self.joined < self.left <= within.left:
            return self
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


def union_over(intervals: Iterable[Interval], windows: Sequence[Interval]) -> tuple[Interval, ...]:
    """The intervals merged and clipped to each of several windows, which do not overlap."""
    every = list(intervals)
    return tuple(part for window in sorted(windows) for part in union(every, within=window))


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


@dataclass(frozen=True, slots=True, order=True)
class Total:
    """All that some reports tell: first joining, last leaving, and the seconds added up.

    When within this stretch somebody was away, the report does not say.
    """

    stretch: Interval
    seconds: int

    def least(self, windows: Sequence[Interval]) -> int:
        """The seconds within the windows that this proves.

        Somebody may have been away for all the missing time while the session ran. A total longer
        than the stretch comes from two devices at once: half of it is sure.
        """
        whole = seconds([self.stretch])
        sure = self.seconds if self.seconds <= whole else self.seconds // 2
        outside = whole - seconds(union_over([self.stretch], windows))
        return max(0, sure - outside)

    def most(self, windows: Sequence[Interval]) -> int:
        """The seconds within the windows that this allows."""
        return min(self.seconds, seconds(union_over([self.stretch], windows)))


@dataclass(frozen=True, slots=True)
class Measure:
    """How long somebody was there: `seconds` are proved, `most` are possible."""

    intervals: tuple[Interval, ...] = ()
    seconds: int = 0
    most: int = 0
    between: tuple[Interval, ...] = ()
    """Stretches of which only a total is known."""

    @property
    def is_exact(self) -> bool:
        return self.seconds == self.most


NOT_THERE = Measure()


def measure(
    intervals: Iterable[Interval], windows: Sequence[Interval], totals: Iterable[Total] = ()
) -> Measure:
    """What intervals and totals together prove about the time within the windows."""
    merged = union_over(intervals, windows)
    exact = seconds(merged)
    unsure = [one for one in totals if one.most(windows)]
    if not unsure:
        return Measure(merged, exact, exact)
    stretches = union_over([one.stretch for one in unsure], windows)
    reach = seconds(union_over([*merged, *stretches], windows))
    least = max(exact, *(one.least(windows) for one in unsure))
    most = max(least, min(reach, exact + sum(one.most(windows) for one in unsure)))
    if reach == exact:  # the intervals of another report cover the stretch already
        return Measure(merged, exact, exact)
    return Measure(merged, least, most, stretches)
