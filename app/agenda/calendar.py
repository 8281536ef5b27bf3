"""Calendar files (RFC 5545): one entry for a webinar, and the feed to subscribe to.

An entry keeps its UID for ever and counts its changes in SEQUENCE, so that a calendar that has it
changes it in place. It carries the address of the public page and never the link to the session.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from app.agenda.models import Activity

PRODUCT = "-//Confer//Agenda//EN"


def entry(activity: Activity, url: str) -> str:
    """The calendar file of one webinar; `url` is the address of its page."""
    return _file([(activity, url)])


def feed(activities: Iterable[tuple[Activity, str]], *, name: str) -> str:
    """Many webinars, each with the address of its page, as one calendar under a name."""
    return _file(activities, name)


def webcal(url: str) -> str:
    """The address under which calendar programs subscribe instead of copying once."""
    return "webcal:" + url.partition(":")[2]


def _file(activities: Iterable[tuple[Activity, str]], name: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.refresh_interval = timedelta(hours=6)
    begins = []
    for activity, url in activities:
        calendar.add_component(_event(activity, url))
        begins.append(activity.starts_at)
    known = [moment.date() for moment in begins if moment is not None]
    if known:
        # A year around is enough for each rule that the entries can meet, and far shorter to send.
        first, last = min(known), max(known)
        calendar.add_missing_timezones(
            first.replace(year=first.year - 1, day=1), last.replace(year=last.year + 2, day=1)
        )
    return bytes(calendar.to_ical()).decode()


def _event(activity: Activity, url: str) -> Event:
    zone = ZoneInfo(activity.zone)
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    event = Event()
    event.add("uid", f"activity-{activity.id}@{urlsplit(url).hostname}")
    event.add("dtstamp", _stamp(activity))
    event.add("last-modified", _stamp(activity))
    event.add("sequence", activity.changes)
    event.add("summary", activity.title)
    event.add("dtstart", activity.starts_at.astimezone(zone))
    event.add("dtend", activity.ends_at.astimezone(zone))
    event.add("description", "\n\n".join(part for part in (activity.summary, url) if part))
    event.add("url", url)
    event.add("categories", [society.short for society in activity.societies])
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def _stamp(activity: Activity) -> datetime:
    """When the entry was last revised: never the time of asking, so that equal means unchanged."""
    announced = activity.announcement.at if activity.announcement else None
    return activity.changed_at or announced or activity.created_at
