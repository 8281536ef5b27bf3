"""Calendar files (RFC 5545): one entry for a webinar, and the feed to subscribe to.

An entry keeps its UID for ever and counts its changes in SEQUENCE, so that a calendar that has it
changes it in place. It carries the address of the public page and never the link to the session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.agenda.models import Activity

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Confer//Agenda//EN"


@dataclass(frozen=True)
class Fact:
    """Everything an entry says; equal facts make the same bytes."""

    uid: str
    stamp: datetime
    sequence: int
    title: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    societies: tuple[str, ...]
    url: str
    is_cancelled: bool = False
    organiser: str = ""


def entry(activity: Activity, url: str) -> str:
    """The calendar file of one webinar, an entry for each session; `url` is that of its page."""
    return _file(tuple(_facts(activity, url)))


def change(activity: Activity, url: str, *, organiser: str, attendee: str) -> str:
    """What makes the calendar of someone who has the entries change or cancel them."""
    from icalendar.parser import Contentline

    facts = _facts(activity, url, organiser=organiser)
    text = _file(tuple(facts), method="CANCEL" if activity.is_cancelled else "REQUEST")
    line: str = Contentline(f"ATTENDEE:mailto:{attendee}").to_ical().decode()  # type: ignore[no-untyped-call]
    return text.replace("\r\nORGANIZER:", f"\r\n{line}\r\nORGANIZER:")


def feed(activities: Iterable[tuple[Activity, str]], *, name: str) -> str:
    """Many webinars, each with the address of its page, as one calendar under a name."""
    return _file(
        tuple(fact for activity, url in activities for fact in _facts(activity, url)), name
    )


def webcal(url: str) -> str:
    """The address under which calendar programs subscribe instead of copying once."""
    return "webcal:" + url.partition(":")[2]


@lru_cache(maxsize=128)
def _file(facts: tuple[Fact, ...], name: str = "", method: str = "PUBLISH") -> str:
    """Written once for the same facts: a full house of enrolments carries the same entry."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.refresh_interval = timedelta(hours=6)
    for fact in facts:
        calendar.add_component(_event(fact))
    if facts:
        # A year around is enough for each rule that the entries can meet, and far shorter to send.
        known = [fact.starts_at.date() for fact in facts]
        first, last = min(known), max(known)
        calendar.add_missing_timezones(
            first.replace(year=first.year - 1, day=1), last.replace(year=last.year + 2, day=1)
        )
    return bytes(calendar.to_ical()).decode()


def _facts(activity: Activity, url: str, *, organiser: str = "") -> Iterator[Fact]:
    host, count = urlsplit(url).hostname, len(activity.sessions)
    for session in activity.sessions:
        number = session.position
        part = f"-{number}" if number > 1 else ""
        yield Fact(
            uid=f"activity-{activity.id}{part}@{host}",
            stamp=_stamp(activity),
            sequence=activity.changes,
            title=f"{activity.title} ({number}/{count})" if count > 1 else activity.title,
            summary=activity.summary,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=session.zone,
            societies=tuple(society.short for society in activity.societies),
            url=url,
            is_cancelled=activity.is_cancelled,
            organiser=organiser,
        )


def _event(fact: Fact) -> Event:
    from icalendar import Event, vCalAddress

    zone = ZoneInfo(fact.zone)
    event = Event()
    event.add("uid", fact.uid)
    event.add("dtstamp", fact.stamp)
    event.add("last-modified", fact.stamp)
    event.add("sequence", fact.sequence)
    event.add("summary", fact.title)
    event.add("dtstart", fact.starts_at.astimezone(zone))
    event.add("dtend", fact.ends_at.astimezone(zone))
    event.add("description", "\n\n".join(part for part in (fact.summary, fact.url) if part))
    event.add("url", fact.url)
    event.add("categories", list(fact.societies))
    event.add("status", "CANCELLED" if fact.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if fact.is_cancelled else "OPAQUE")
    if fact.organiser:
        event.add("organizer", vCalAddress(f"mailto:{fact.organiser}"))
    return event


def _stamp(activity: Activity) -> datetime:
    """When the entry was last revised: never the time of asking, so that equal means unchanged."""
    announced = activity.announcement.at if activity.announcement else None
    return activity.changed_at or announced or activity.created_at
