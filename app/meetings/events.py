"""What platforms tell of who comes and goes, and what that makes of the time.

Callbacks come twice, late, and in any order. `intervals` looks at the whole set each time: it is
the same for every order, and nothing changes when something is told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

Interval = tuple[datetime, datetime]


class What(StrEnum):
    """What an event says."""

    JOINED = "joined"
    LEFT = "left"
    STAYED = "stayed"
    """From when until when, in one sentence: a report says it so."""
    ENDED = "ended"
    """The meeting is over, for everybody who was still there."""


class Told(Protocol):
    """One event, whether it has just come or was kept."""

    @property
    def key(self) -> str: ...
    @property
    def what(self) -> What: ...
    @property
    def at(self) -> datetime: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def instance(self) -> str: ...
    @property
    def connection(self) -> str: ...
    @property
    def guest(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def moderates(self) -> bool: ...


@dataclass(frozen=True)
class Event:
    """One event as a platform told it."""

    key: str
    """The same each time that this very event is told, and for no other."""
    what: What
    at: datetime
    until: datetime | None = None
    instance: str = ""
    """Which run of the meeting: one meeting may be started several times."""
    connection: str = ""
    """Which line into it: one person may have several at once."""
    guest: str = ""
    name: str = ""
    address: str = ""
    moderates: bool = False


@dataclass(frozen=True, order=True)
class Who:
    """Somebody, as far as the platform knows them."""

    guest: str = ""
    address: str = ""
    name: str = ""
    moderates: bool = False


def intervals(events: Iterable[Told]) -> dict[Who, list[Interval]]:
    """When each of them was connected: intervals in order that neither touch nor overlap.

    A stay begins with the first "joined" and ends with the next "left" of the same line. What has
    no end of its own ends with its meeting; where that is not told either, nothing is counted:
    what is missing proves nothing. A "left" without a "joined" says nothing.
    """
    known = sorted({event.key: event for event in events}.values(), key=_order)
    ends = [event for event in known if event.what is What.ENDED]
    lines: dict[tuple[str, str], list[Told]] = {}
    found: dict[Who, list[Interval]] = {}
    for event in known:
        if event.what is What.STAYED:
            assert event.until is not None
            found.setdefault(who([event]), []).append((event.at, event.until))
        elif event.what is not What.ENDED:
            lines.setdefault((event.instance, event.connection), []).append(event)
    over_at: dict[str, list[datetime]] = {}
    for end in ends:
        over_at.setdefault(end.instance, []).append(end.at)
    for (instance, _connection), line in lines.items():
        over = over_at.get(instance, [])
        found.setdefault(who(line), []).extend(_stays(line, over))
    union = ((person, joined(stays)) for person, stays in sorted(found.items()))
    return {person: stays for person, stays in union if stays}


def who(events: Sequence[Told]) -> Who:
    """Whom a line belongs to; a "left" often tells less than its "joined"."""
    guest = address = name = ""
    moderates = False
    for event in events:
        guest, address = guest or event.guest, address or event.address
        name, moderates = name or event.name, moderates or event.moderates
    return Who(
        guest, address, name or ("" if guest or address else events[0].connection), moderates
    )


def joined(stays: Iterable[Interval]) -> list[Interval]:
    """The union, in order."""
    union: list[Interval] = []
    for start, end in sorted(stays):
        if end <= start:
            continue
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union


def _order(event: Told) -> tuple[datetime, str, str]:
    return event.at, event.what, event.key


def _stays(line: Sequence[Told], over: Sequence[datetime]) -> Iterator[Interval]:
    """The stays of one line. What happens at one moment is looked at together."""
    moments: dict[datetime, set[What]] = {}
    for event in line:
        moments.setdefault(event.at, set()).add(event.what)
    since: datetime | None = None
    for at, happened in sorted(moments.items()):
        if since is not None and (end := _first(over, since)) is not None and end <= at:
            yield since, end
            since = None
        if since is None:
            since = at if happened == {What.JOINED} else None
        elif What.LEFT in happened:
            yield since, at
            since = at if What.JOINED in happened else None
    if since is not None and (end := _first(over, since)) is not None:
        yield since, end


def _first(over: Sequence[datetime], after: datetime) -> datetime | None:
    return min((end for end in over if end >= after), default=None)
