"""Who and what the house holds: societies, thousands of people, hundreds of activities.

The rows are written in bulk and say what the acts would have said; nothing here is a rule.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.accounts.models import EmailAddress, Person, Profession, token_digest
from app.accounts.models import Session as SignedIn
from app.agenda.models import (
    Activity,
    Announcement,
    Audience,
    Kind,
    Level,
    Organiser,
    Role,
    Speaker,
    WebinarSession,
)
from app.agreements.models import Agreement, Scope
from app.attendance.models import Participant, Presence, PresenceReport
from app.clock import now
from app.completions.models import Completion
from app.credentials import serial
from app.credentials.models import Credential, CredentialKind
from app.db import Base
from app.designs import sample
from app.enrolments.models import Enrolment, Place, Tally
from app.schemes.models import (
    Edition,
    Nature,
    Part,
    Requirement,
    RequirementKind,
    Scheme,
    SchemePart,
)
from app.societies.models import Mandate, Office, Society

if TYPE_CHECKING:
    from bench.stand import Pace

LONG_AGO = datetime(2024, 1, 8, 9, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")
LENGTH = timedelta(minutes=90)
SMALL = 100
TAKE_PART = 30
CERTIFIED = 300
GIVEN = ("Ana", "Zoë", "Łukasz", "Nguyễn", "Olena", "Ιωάννα", "Ahmed", "Chiara", "Ivo", "Mei")
FAMILY = ("Lopez", "Ångström", "Żółkiewski", "Văn An", "Коваленко", "Παππά", "Haddad", "Rossi")
TITLES = (
    "DICOMweb, FHIR and IHE in practice",
    "Imaging data that may be used again",
    "Validating an algorithm before it meets a patient",
    "What a structured report changes",
)
DESCRIPTION = """
## What you will learn

- how images travel between hospitals **without** a proprietary interface
- which profiles to ask for, and [how to test them](https://example.org/profiles)
- what went wrong in three real projects

Bring a question. We keep half an hour for discussion.
"""


@dataclass(frozen=True)
class Crowd:
    """Where to look in the house, and the keys to it."""

    webinar: int
    course: int
    small: int
    large: int
    open: tuple[int, ...]
    """Webinars to come in which nobody has enrolled yet."""
    serial: str
    enrolment: int
    learner: str
    """The learner's session; the others are the administrator's, and one for each newcomer."""
    administrator: str
    newcomers: tuple[str, ...]


def fill(session: Session, pace: Pace) -> Crowd:
    """Fill an empty database."""
    chance = random.Random(11)
    societies = _societies(session)
    everyone = max(pace.people, pace.crowd) + 2
    _people(session, everyone, chance)
    _mandates(session, societies, administrator=1)
    activities = _activities(session, societies, pace.activities, chance)
    _scheme(session, societies, course=activities.courses[0])
    small, large, *past = activities.past
    rest = range(3, everyone + 1)
    places = [(small, p) for p in rest[:SMALL]] + [(large, p) for p in rest[: pace.crowd]]
    places += [(a, p) for a in past for p in chance.sample(rest, min(TAKE_PART, len(rest)))]
    places += [(activity, 2) for activity in (*past[:12], activities.to_come[0])]
    numbered = _enrolments(session, list(dict.fromkeys(places)))
    _report(session, [one for one in numbered if one.activity == large])
    serials = _credentials(session, numbered[-CERTIFIED:])
    tokens = _sessions(session, pace.people)
    _count_on(session)
    return Crowd(
        webinar=activities.to_come[0], course=activities.courses[0], small=small, large=large,
        open=tuple(activities.to_come[1:]), serial=serials[0], enrolment=numbered[-1].id,
        administrator=tokens[0], learner=tokens[1], newcomers=tuple(tokens[2:]),
    )  # fmt: skip


def _societies(session: Session) -> list[Society]:
    societies = [
        Society(code=short.lower(), short=short, name=name, country="", colour=colour)
        for short, name, colour, _office in sample.SOCIETIES[:3]
    ]
    session.add_all(societies)
    session.flush()
    first, *others = societies
    for other in others:
        Agreement.conclude(
            session, f"{first} and {other}", [first, other],
            [Scope.WEBINARS, Scope.COURSES, Scope.CERTIFICATION],
            announced_on=date(2020, 1, 1), from_on=date(2020, 1, 1), by=None, at=LONG_AGO,
        )  # fmt: skip
    return societies


def _people(session: Session, number: int, chance: random.Random) -> None:
    ids = range(1, number + 1)
    _insert(session, Person, [
        {
            "id": i, "name": f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}", "country": "AT",
            "profession": chance.choice(list(Profession)), "zone": "Europe/Vienna",
            "language": "en", "password": "!", "password_set_at": LONG_AGO,
            "joined_at": LONG_AGO, "is_sample": False,
        }
        for i in ids
    ])  # fmt: skip
    _insert(session, EmailAddress, [
        {
            "id": i, "person_id": i, "address": f"person{i}@clinic.example",
            "added_at": LONG_AGO, "confirmed_at": LONG_AGO, "is_first": True,
        }
        for i in ids
    ])  # fmt: skip


def _mandates(session: Session, societies: list[Society], *, administrator: int) -> None:
    for society in societies:
        for office in (Office.COURSE_ADMINISTRATOR, Office.PRESIDENT):
            session.add(Mandate(person_id=administrator, society_id=society.id, office=office,
                                from_on=date(2020, 1, 1)))  # fmt: skip


def _sessions(session: Session, number: int) -> list[str]:
    """One browser for each of the first people; the tokens, which only browsers know."""
    tokens = [hashlib.sha256(f"token {i}".encode()).hexdigest()[:43] for i in range(number)]
    _insert(session, SignedIn, [
        {
            "person_id": i, "token_digest": token_digest(token), "started_at": now(),
            "seen_at": now(), "browser": "Firefox", "origin": "127.0.0.1",
        }
        for i, token in enumerate(tokens, 1)
    ])  # fmt: skip
    return tokens


@dataclass(frozen=True)
class _Agenda:
    past: list[int]
    to_come: list[int]
    courses: list[int]


def _activities(
    session: Session, societies: list[Society], number: int, chance: random.Random
) -> _Agenda:
    """Webinars of two years, the middle of them today, and one course for every four of them."""
    courses = number // 5
    webinars = number - courses
    first = now().astimezone(VIENNA).replace(hour=18, minute=0, second=0, microsecond=0)
    days = [first + timedelta(days=3 * (i - webinars // 2) + 1) for i in range(webinars)]
    rows = [_webinar(i, day, chance) for i, day in enumerate(days, 1)]
    rows += [_course(i, chance) for i in range(webinars + 1, number + 1)]
    _insert(session, Activity, rows)
    _insert(session, WebinarSession, [
        {
            "activity_id": i, "position": 1, "starts_local": f"{day:%Y-%m-%dT%H:%M}",
            "zone": "Europe/Vienna", "minutes": LENGTH.seconds // 60, "starts_at": day,
            "ends_at": day + LENGTH,
        }
        for i, day in enumerate(days, 1)
    ])  # fmt: skip
    ids = [row["id"] for row in rows]
    pairs = [(i, position) for i in ids for position in range(1, 2 + i % 2)]
    _insert(session, Organiser, [
        {
            "activity_id": i, "society_id": societies[0 if position == 1 else 1 + i % 2].id,
            "position": position, "role": Role.ORGANISER if position == 1 else Role.CO_ORGANISER,
        }
        for i, position in pairs
    ])  # fmt: skip
    _insert(session, Speaker, [
        {"activity_id": i, "position": n, "name": f"Dr {GIVEN[n]} {FAMILY[i % 8]}",
         "affiliation": "University Hospital"}
        for i in ids for n in (1, 2)
    ])  # fmt: skip
    _insert(session, Audience, [
        {"activity_id": i, "profession": p}
        for i in ids for p in (Profession.RADIOLOGIST, Profession.RADIOGRAPHER)
    ])  # fmt: skip
    _insert(session, Announcement, [{"activity_id": i, "by_id": 1, "at": LONG_AGO} for i in ids])
    past = [i for i, day in enumerate(days, 1) if day < first]
    return _Agenda(past, ids[len(past) : webinars], ids[webinars:])


def _webinar(number: int, day: datetime, chance: random.Random) -> dict[str, Any]:
    return _activity(number, chance) | {
        "kind": Kind.WEBINAR, "starts_at": day, "starts_local": f"{day:%Y-%m-%dT%H:%M}",
        "until_at": day + LENGTH, "minutes": LENGTH.seconds // 60,
        "link": "https://meet.example/room", "threshold": 80,
    }  # fmt: skip


def _course(number: int, chance: random.Random) -> dict[str, Any]:
    nothing = {"starts_at": None, "starts_local": "", "until_at": None, "link": "",
               "threshold": None}  # fmt: skip
    return _activity(number, chance) | nothing | {"kind": Kind.COURSE, "minutes": 120}


def _activity(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "id": number, "title": f"{chance.choice(TITLES)} ({number})", "zone": "Europe/Vienna",
        "summary": "How three hospitals moved images without a proprietary interface.",
        "description": DESCRIPTION, "language": chance.choice(("en", "en", "de", "es")),
        "level": chance.choice(list(Level)), "capacity": 20_000, "created_at": LONG_AGO,
        "created_by_id": 1, "changes": 0,
    }  # fmt: skip


def _scheme(session: Session, societies: list[Society], *, course: int) -> None:
    scheme = Scheme(code="imaging", title="Joint Certificate in Imaging Informatics",
                    nature=Nature.PROGRAMME, body=societies[0])  # fmt: skip
    scheme.parts = [
        SchemePart(society=society, part=Part.AWARDING, position=n)
        for n, society in enumerate(societies[:2], 1)
    ]
    edition = Edition(name="2026", opens_on=date(2024, 1, 1))
    edition.requirements = [
        Requirement(position=1, kind=RequirementKind.WEBINARS, count=1),
        Requirement(position=2, kind=RequirementKind.COURSE, count=1, course_id=course),
    ]
    scheme.editions = [edition]
    session.add(scheme)


@dataclass(frozen=True)
class _Taken:
    """An enrolment with a place, as it was written."""

    id: int
    activity: int
    person: int


def _enrolments(session: Session, places: list[tuple[int, int]]) -> list[_Taken]:
    numbered = [_Taken(i, *place) for i, place in enumerate(places, 1)]
    taken: dict[int, int] = {}
    rows = []
    for one in numbered:
        taken[one.activity] = taken.get(one.activity, 0) + 1
        rows.append({"enrolment_id": one.id, "activity_id": one.activity,
                     "number": taken[one.activity], "taken_at": LONG_AGO})  # fmt: skip
    _insert(session, Enrolment, [
        {"id": one.id, "activity_id": one.activity, "person_id": one.person, "at": LONG_AGO}
        for one in numbered
    ])  # fmt: skip
    _insert(session, Place, rows)
    _insert(session, Tally, [
        {"activity_id": activity, "taken": number, "waiting": 0, "withdrawn": 0}
        for activity, number in taken.items()
    ])  # fmt: skip
    return numbered


def _report(session: Session, places: list[_Taken]) -> None:
    """A report in which nine of ten came, each of them twice."""
    activity = session.get_one(Activity, places[0].activity)
    assert activity.starts_at is not None
    session.add(
        PresenceReport(
            id=1, activity_id=activity.id, provider="zoom-webinar", topic="", ignored=[],
            file_name="report.csv", file_digest="0" * 64, zone="Europe/Vienna", by_id=1, at=LONG_AGO
        )
    )  # fmt: skip
    session.flush()
    came = [one for one in places if one.id % 10]
    _insert(session, Participant, [
        {"id": i, "report_id": 1, "activity_id": activity.id, "key": f"person{one.person}",
         "name": f"Person {one.person}", "role": "attendee", "how": "address",
         "enrolment_id": one.id}
        for i, one in enumerate(came, 1)
    ])  # fmt: skip
    _insert(session, Presence, [
        {"participant_id": i, "joined_at": activity.starts_at + timedelta(minutes=start + i % 7),
         "left_at": activity.starts_at + timedelta(minutes=start + 40)}
        for i in range(1, len(came) + 1) for start in (0, 45)
    ])  # fmt: skip


def _credentials(session: Session, places: list[_Taken]) -> list[str]:
    """A certificate of attendance for each of these; their serials."""
    serials = [serial.new() for _ in places]
    _insert(session, Completion, [
        {"id": i, "enrolment_id": one.id, "person_id": one.person, "activity_id": one.activity,
         "at": LONG_AGO, "seconds": 5000, "of_seconds": 5400, "threshold": 80}
        for i, one in enumerate(places, 1)
    ])  # fmt: skip
    told = sample.snapshot("attendance", "Ana Lopez", societies=2) | {"sample": False}
    _insert(session, Credential, [
        {
            "serial": number, "kind": CredentialKind.ATTENDANCE, "person_id": one.person,
            "completion_id": i, "version": 1, "issued_at": LONG_AGO,
            "snapshot": told | {"serial": number}, "issued_on": LONG_AGO.date(),
            "shows_name": False, "file_digest": hashlib.sha256(number.encode()).hexdigest(),
            "file_size": 60_000, "typeset_at": LONG_AGO, "next_at": LONG_AGO, "attempts": 1,
        }
        for i, (number, one) in enumerate(zip(serials, places, strict=True), 1)
    ])  # fmt: skip
    return serials


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)
    session.flush()


def _count_on(session: Session) -> None:
    """PostgreSQL numbers new rows by a counter that has not seen the numbers given here."""
    if session.get_bind().dialect.name != "postgresql":
        return
    session.flush()
    for table in (Person, EmailAddress, Activity, Enrolment, Completion, PresenceReport,
                  Participant):  # fmt: skip
        name = table.__tablename__
        session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
        )
