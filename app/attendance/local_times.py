"""Times as a report writes them, without a zone, and the moments that they can mean."""

import re
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

from app.attendance.presence import Interval

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))? ?"
HALF = r"(?P<half>[ap]\.?m\.?)"
WRITTEN = (
    re.compile(
        rf"(?P<name>[a-z]{{3,9}})\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}),? {CLOCK}{HALF}?", re.A
    ),
    re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)[ t]{CLOCK}{HALF}?", re.A),
    # Month first is certain only beside AM or PM: 05/10/2026 18:00 may be May or October.
    re.compile(rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}}),? {CLOCK}{HALF}", re.A),
)


def local_time(text: str) -> datetime | None:
    """What a calendar and a clock on the wall would show; None when this is no such time."""
    plain = " ".join(text.casefold().split())
    for pattern in WRITTEN:
        if match := pattern.fullmatch(plain):
            return _assembled({key: value or "" for key, value in match.groupdict().items()})
    return None


def _assembled(parts: dict[str, str]) -> datetime | None:
    month = int(parts["month"]) if "month" in parts else _month(parts["name"])
    hour, half = int(parts["hour"]), parts["half"][:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    year = int(parts["year"])
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
    possible: tuple[Interval, ...], *, minutes: int | None, during: Interval | None
) -> Interval | None:
    """The one stay that the report means, or None when it leaves that open.

    The stated minutes decide (within one, since they are rounded), then the overlap with the time
    in which the webinar is known to have run.
    """
    if minutes is not None:
        possible = tuple(s for s in possible if abs(_length(s) - minutes * 60) <= 60) or possible
    if len(possible) > 1 and during is not None:
        shared = {stay: part for stay in possible if (part := stay.clipped(during))}
        longest = max(map(_length, shared.values()), default=0.0)
        possible = tuple(s for s, part in shared.items() if _length(part) == longest)
    return possible[0] if len(possible) == 1 else None


def _length(stay: Interval) -> float:
    return (stay.left - stay.joined).total_seconds()
