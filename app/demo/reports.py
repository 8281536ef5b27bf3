"""Presence reports of the demonstration, in the very layout in which Zoom writes them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.agenda.models import Activity
from app.demo.founding import DATA

SAMPLE = "zoom-webinar.csv"
SAMPLE_ZONE = "Europe/Vienna"
SAMPLE_STARTS = datetime(2026, 10, 14, 18, 0, tzinfo=ZoneInfo(SAMPLE_ZONE))
LATEST, EARLIEST = timedelta(days=3), timedelta(days=250)
_DATE = re.compile(rb'[A-Z][a-z]{2} \d{2}, \d{4}')  # fmt: skip
COLUMNS = (
    "Attended", "User Name (Original Name)", "First Name", "Last Name", "Email",
    "Registration Time", "Approval Status", "Join Time", "Leave Time",
    "Time in Session (minutes)", "Is Guest", "Country/Region Name", "Source Name",
)  # fmt: skip
PANEL = (
    "Attended", "User Name (Original Name)", "Email", "Join Time", "Leave Time",
    "Time in Session (minutes)", "Is Guest", "Country/Region Name",
)  # fmt: skip


@dataclass(frozen=True)
class Guest:
    """A registrant as the report names them, with their stays; none for who did not come."""

    name: str
    address: str
    country: str
    registered_at: datetime
    stays: Sequence[tuple[datetime, datetime]] = ()


def sample(now: datetime) -> tuple[bytes, datetime]:
    """The real report and when its webinar began.

    It is used as it came where its day lies in the months before today; otherwise every date in it
    is moved by the same whole weeks, and not a second of anybody's presence changes.
    """
    content = (DATA / SAMPLE).read_bytes()
    since = now - SAMPLE_STARTS
    if LATEST <= since <= EARLIEST:
        return content, SAMPLE_STARTS
    weeks = timedelta(weeks=(since - timedelta(days=39)) // timedelta(weeks=1))
    return _DATE.sub(lambda m: _moved(m.group(), weeks), content), SAMPLE_STARTS + weeks


def _moved(written: bytes, by: timedelta) -> bytes:
    day = datetime.strptime(written.decode(), "%b %d, %Y").date()  # noqa: DTZ007 - a date only
    return _day(day + by).encode()


def _day(day: date) -> str:
    return day.strftime("%b %d, %Y")


def write(activity: Activity, guests: Sequence[Guest], *, host: str) -> bytes:
    """A report on a webinar, its times on the clocks of the webinar's zone."""
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    zone, starts, ends = ZoneInfo(activity.zone), activity.starts_at, activity.ends_at

    def clock(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%b %d, %Y %H:%M:%S")

    def stay(first: datetime, last: datetime) -> tuple[str, str, int]:
        return clock(first), clock(last), round((last - first) / timedelta(minutes=1))

    came = [guest for guest in guests if guest.stays]
    stays = sum(len(guest.stays) for guest in came)
    opened, closed = starts - timedelta(minutes=15), ends + timedelta(minutes=8)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["Attendee Report", ""])
    lines.writerow(
        ["Report Generated:", _day((ends + timedelta(days=1)).astimezone(zone).date()) + " 09:10"]
    )
    lines.writerow([
        "Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Registered",
        "# Cancelled", "Unique Viewers", "Total Users", "Max Concurrent Views",
    ])  # fmt: skip
    lines.writerow([
        activity.title, f"9{activity.id:02}-441-{7 * activity.id:03}", clock(starts),
        activity.minutes, len(guests), 0, len(came), stays, len(came),
    ])  # fmt: skip
    lines.writerow(["Host Details", ""])
    lines.writerow(PANEL)
    lines.writerow(["Yes", "Course Office", host, *stay(opened, closed), "No", "Austria"])
    lines.writerow(["Panelist Details", ""])
    lines.writerow(PANEL)
    for number, speaker in enumerate(activity.speakers, 1):
        address = f"speaker{number}@faculty.example"
        lines.writerow(["Yes", speaker.name, address, *stay(opened, ends), "No", "Austria"])
    lines.writerow(["Attendee Details", ""])
    lines.writerow(COLUMNS)
    for guest in guests:
        given, _space, family = guest.name.partition(" ")
        known = [guest.name, given, family, guest.address, clock(guest.registered_at), "approved"]
        for first, last in guest.stays:
            lines.writerow(["Yes", *known, *stay(first, last), "Yes", guest.country, ""])
        if not guest.stays:
            lines.writerow(["No", *known, "--", "--", "--", "--", "--", ""])
    return text.getvalue().encode("utf-8-sig")
