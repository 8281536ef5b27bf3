"""The sample report of a Zoom webinar, its session, and small reports made for one question."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.attendance.presence import Interval
from app.attendance.reading import read
from app.attendance.report import Report

SAMPLES = Path(__file__).parent.parent / "samples"
SAMPLE = (SAMPLES / "zoom-webinar.csv").read_bytes()
VIENNA = ZoneInfo("Europe/Vienna")
TITLE = "DICOMweb, FHIR and IHE in practice"
HEADING = (
    "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,"
    "Approval Status,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name"
)


def the_session() -> Interval:
    told = json.loads((SAMPLES / "session.json").read_text())
    starts, ends = (datetime.fromisoformat(told[key]).astimezone(UTC) for key in ("starts", "ends"))
    return Interval(starts, ends)


def expected_seconds() -> dict[str, int]:
    with (SAMPLES / "expected-presence.csv").open(newline="", encoding="utf-8") as file:
        return {
            row["person_email"]: int(row["seconds_present"])
            for row in csv.DictReader(file)
            if row["file"] == "zoom-webinar.csv"
        }


def the_sample(zone: ZoneInfo = VIENNA) -> Report:
    return read(SAMPLE, zone=zone)


def line(
    joined: str = "Oct 14, 2026 18:00:00",
    left: str = "Oct 14, 2026 19:00:00",
    *,
    name: str = "Ana Lopez",
    address: str = "ana@example.org",
    attended: str = "Yes",
    minutes: str = "60",
) -> str:
    return (
        f'{attended},{name},,,{address},"Oct 05, 2026 18:00:00",approved,'
        f'"{joined}","{left}",{minutes},Yes,ES'
    )


def report(
    *lines: str, started: str = "Oct 14, 2026 18:00:00", heading: str = HEADING, more: str = ""
) -> bytes:
    """A report whose first attendee stands on line 7."""
    head = (
        "Attendee Report,",
        'Report Generated:,"Oct 15, 2026 19:30"',
        "Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,Unique Viewers",
        f'"IHE, simply",328-972-509,"{started}",90,1,1',
        "Attendee Details,",
        heading,
    )
    return ("\r\n".join((*head, *lines)) + "\r\n" + more).encode()
