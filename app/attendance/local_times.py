"""Times as a report writes them, without a zone, and the moments that they can mean."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from itertools import product
from zoneinfo import ZoneInfo

from app.attendance.presence import Interval

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:\.\d{1,6})?)? ?"
HALF = r"(?P<half>[ap]\.? ?m\.?)"
NAMED = re.compile(
    rf"(?P<name>[a-z]{{3,9}})\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}),? {CLOCK}{HALF}?", re.A
)
NUMERIC = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<mark>[./-])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{2,4}})\.?,?[ t] ?"
    rf"{CLOCK}{HALF}?",
    re.A,
)


class Order(StrEnum):
    """Which number of a date comes first."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"
    YEAR_FIRST = "ymd"


def local_time(text: str, order: Order | None = None) -> datetime | None:
    """What a calendar and a clock on the wall would show; None when this is no such time.

    Without an order, a date counts only when it leaves no doubt: 05/10/2026 18:00 may be in May or
    in October, but beside AM or PM the month comes first, and between full stops the day.
    """
    plain = _plain(text)
    if match := NAMED.fullmatch(plain):
        return _assembled({key: value or "" for key, value in match.groupdict().items()})
    if match := NUMERIC.fullmatch(plain):
        return _numeric({key: value or "" for key, value in match.groupdict().items()}, order)
    return None


def order_of(texts: Iterable[str]) -> Order | None:
    """The order that all these dates together leave possible, None when they leave two or none."""
    possible = {Order.MONTH_FIRST, Order.DAY_FIRST}
    for text in texts:
        match = NUMERIC.fullmatch(_plain(text))
        if match and len(match["a"]) <= 2:
            if int(match["a"]) > 12:
                possible.discard(Order.MONTH_FIRST)
            if int(match["b"]) > 12:
                possible.discard(Order.DAY_FIRST)
    return possible.pop() if len(possible) == 1 else None


def is_ambiguous(text: str) -> bool:
    """Whether this is a date and time, but not clear in which order."""
    readings = {local_time(text, order) for order in (Order.MONTH_FIRST, Order.DAY_FIRST)}
    return local_time(text) is None and readings != {None}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _numeric(parts: dict[str, str], order: Order | None) -> datetime | None:
    if len(parts["a"]) == 4:
        order = Order.YEAR_FIRST
    elif order is None and parts["mark"] == ".":
        order = Order.DAY_FIRST
    elif order is None and parts["mark"] == "/" and parts["half"]:
        order = Order.MONTH_FIRST
    if order is None or len(parts["a"]) == 3 or len(parts["c"]) == 3:
        return None
    names = {"y": "year", "m": "month", "d": "day"}
    numbers = zip(order, (parts["a"], parts["b"], parts["c"]), strict=True)
    return _assembled(parts | {names[letter]: number for letter, number in numbers})


def _assembled(parts: dict[str, str]) -> datetime | None:
    month = int(parts["month"]) if "month" in parts else _month(parts["name"])
    hour, half = int(parts["hour"]), parts["half"][:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    year = int(parts["year"])
    year += 2000 if year < 100 else 0
    if not 2000 <= year <= 2100:
        return None
    try:
        return datetime(  # noqa: DTZ001 - the zone is named by whoever uploads the report
            year, month, int(parts["day"]), hour, int(parts["minute"]), int(parts["second"] or 0)
        )
    except ValueError:
        return None


def _month(name: str) -> int:
    known = (n for n, month in enumerate(MONTHS, 1) if name in (month, month[:3], month[:4]))
    return next(known, 0)


def moments(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments at which clocks in the zone show this: one, two in autumn, none in spring."""
    both = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    real = (at for at in both if at.astimezone(zone).replace(tzinfo=None) == local)
    return tuple(dict.fromkeys(real))


def stays(joined: tuple[datetime, ...], left: tuple[datetime, ...]) -> tuple[Interval, ...]:
    """Every stay that these times can mean; none when each would end before it begins."""
    return tuple(Interval(j, gone) for j, gone in product(joined, left) if j <= gone)


def likeliest(
    possible: tuple[Interval, ...], *, stated: int | None, during: Interval | None
) -> Interval | None:
    """The one stay that the report means, or None when it leaves that open.

    The stated seconds decide (within a minute, since they may be rounded), then the overlap with
    the time in which the webinar is known to have run.
    """
    if stated is not None:
        possible = tuple(s for s in possible if abs(_length(s) - stated) <= 60) or possible
    if len(possible) > 1 and during is not None:
        shared = {stay: part for stay in possible if (part := stay.clipped(during))}
        longest = max(map(_length, shared.values()), default=0.0)
        possible = tuple(s for s, part in shared.items() if _length(part) == longest)
    return possible[0] if len(possible) == 1 else None


def _length(stay: Interval) -> float:
    return (stay.left - stay.joined).total_seconds()
