"""The clock of a report: what its times mean in the zone named by whoever loads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from app.attendance.local_times import (
    Order,
    is_ambiguous,
    likeliest,
    local_time,
    moments,
    order_of,
    stays,
)
from app.attendance.presence import Interval
from app.attendance.unreadable import Kind, Unreadable


@dataclass
class WallClock:
    """Reads times as one platform writes them; refuses with the line and the column."""

    zone: ZoneInfo
    platform: str
    example: str
    order: Order | None = None
    during: Interval | None = None
    """When the session ran, where the report leaves no doubt: it tells apart the hour that comes
    twice in autumn."""

    def learn(self, texts: Sequence[str]) -> None:
        """Find the order of these dates, unless it is known."""
        self.order = self.order or order_of(texts)

    def stay(
        self,
        joined: str,
        left: str,
        line: int,
        *,
        stated: int | None = None,
        columns: tuple[str, str] = ("Join Time", "Leave Time"),
    ) -> Interval:
        """The time between two cells of a line; the stated seconds help where an hour is twice."""
        arrivals = self.moments(joined, line, columns[0])
        possible = stays(arrivals, self.moments(left, line, columns[1]))
        if not possible:
            raise Unreadable(Kind.BACKWARDS, line, joined=joined, left=left)
        stay = likeliest(possible, stated=stated, during=self.during)
        if stay is None:
            cell, column = (joined, columns[0]) if len(arrivals) > 1 else (left, columns[1])
            self._refuse(Kind.TWICE, cell, line, column)
        return stay

    def moments(self, text: str, line: int, column: str) -> tuple[datetime, ...]:
        """What a cell can mean: one moment, or two where the clocks went back."""
        if exact := _with_offset(text):
            return (exact,)
        local = local_time(text, self.order)
        if local is None:
            kind = Kind.DAY_OR_MONTH if self.order is None and is_ambiguous(text) else Kind.DATE
            self._refuse(kind, text, line, column)
        possible = moments(local, self.zone)
        if not possible:
            self._refuse(Kind.NEVER, text, line, column)
        return possible

    def span(self, start: str, end: str) -> Interval | None:
        """When something ran, or None where these texts leave that open."""
        pair = [self._certain(text) for text in (start, end)]
        if pair[0] is None or pair[1] is None or pair[1] < pair[0]:
            return None
        return Interval(pair[0], pair[1])

    def _certain(self, text: str) -> datetime | None:
        local = local_time(text, self.order)
        known = (
            tuple(filter(None, (_with_offset(text),)))
            or (local and moments(local, self.zone))
            or ()
        )
        return known[0] if len(known) == 1 else None

    def _refuse(self, kind: Kind, cell: str, line: int, column: str) -> NoReturn:
        raise Unreadable(
            kind, line, cell=cell, column=column, zone=self.zone.key,
            platform=self.platform, example=self.example,
        )  # fmt: skip


def _with_offset(text: str) -> datetime | None:
    """An ISO time that says itself how far it is from UTC."""
    if not text[:2].isdigit() or "-" not in text:
        return None
    try:
        told = datetime.fromisoformat(text.replace(" +", "+"))
        within = told.tzinfo is not None and 2000 <= told.year <= 2100
        return told.astimezone(UTC).replace(microsecond=0) if within else None
    except (ValueError, OverflowError):
        return None
