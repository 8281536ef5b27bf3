"""The only place that asks the time; everywhere else time is an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """The date it is now in a zone."""
    return now().astimezone(ZoneInfo(zone)).date()
