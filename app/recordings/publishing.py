"""Making a course of a recording: what stands against it, and the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app import locale
from app.accounts.models import Person
from app.agenda import acts
from app.agenda.kinds import Kind, Part
from app.agenda.models import Activity
from app.agenda.planning import Plan, Texts, is_link
from app.assessments.queries import test_facts
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.learning.models import Lesson
from app.recordings.models import Recording
from app.texts import gettext as _

LONGEST_LESSON = 600
LONGEST_OPEN = timedelta(days=3653)


@dataclass(frozen=True)
class Publication:
    """What is entered of a recording."""

    title: str
    address: str
    expires_on: date
    minutes: int


@dataclass(frozen=True)
class Obstacle:
    """A reason why a recording cannot be published (so)."""

    kind: str  # "not held" | "cancelled" | "published" | "address" | "expires_on" | "too late"
    FIELDS: ClassVar[Mapping[str, str]] = {
        "address": "address",
        "expires_on": "expires_on",
        "too late": "expires_on",
    }

    @property
    def field(self) -> str:
        """At which field of the form it is told, if at one."""
        return self.FIELDS.get(self.kind, "")

    def __str__(self) -> str:
        return {
            "not held": _("The webinar has not been held yet."),
            "cancelled": _("The webinar was cancelled: there is nothing to watch."),
            "published": _("The recording of this webinar is a course already."),
            "address": _("The address of a recording begins with https://."),
            "expires_on": _("Choose a day that is still to come."),
            "too late": _("Choose a day within the next ten years."),
        }[self.kind]


def obstacles(webinar: Activity, *, published: bool, at: datetime) -> list[Obstacle]:
    """What stands against publishing the recording of a webinar, whatever is entered."""
    if webinar.is_cancelled:
        return [Obstacle("cancelled")]
    if not webinar.is_webinar or not webinar.is_announced or not webinar.has_ended(at):
        return [Obstacle("not held")]
    return [Obstacle("published")] if published else []


def against(webinar: Activity, wanted: Publication, *, at: datetime) -> list[Obstacle]:
    """What stands against what is entered."""
    found = []
    if not wanted.address.startswith("https://") or not is_link(wanted.address):
        found.append(Obstacle("address"))
    if wanted.expires_on <= at.astimezone(ZoneInfo(webinar.zone)).date():
        found.append(Obstacle("expires_on"))
    elif wanted.expires_on > at.date() + LONGEST_OPEN:
        found.append(Obstacle("too late"))
    return found


def publish(
    session: Session, webinar: Activity, wanted: Publication, *, by: Person, at: datetime
) -> Recording:
    """Draft the course: one lesson that leads to the recording, closed after its last day."""
    hold(session, select(Activity.id).where(Activity.id == webinar.id))
    published = session.get(Recording, webinar.id) is not None
    Refusal.unless_none(obstacles(webinar, published=published, at=at))
    Refusal.unless_none(against(webinar, wanted, at=at))
    plan = Plan(kind=Kind.COURSE, zone=webinar.zone, minutes=wanted.minutes)
    course = Activity.draft(
        session, plan, _texts(webinar, wanted), lead=webinar.lead, others=webinar.beside,
        by=by, at=at,
    )  # fmt: skip
    session.flush()
    closes = replace(course.terms, registration_until=end_of(wanted.expires_on, webinar.zone))
    acts.set_terms(course, closes, by=by, at=at)
    Lesson.add(
        session, course, title=_("Watch the recording"), body=_lesson(webinar, wanted.address),
        minutes=min(wanted.minutes, LONGEST_LESSON), by=by, at=at,
    )  # fmt: skip
    recording = Recording(
        webinar=webinar, course=course, address=wanted.address, expires_on=wanted.expires_on,
        by=by, at=at,
    )  # fmt: skip
    session.add(recording)
    record(session, "recording.published", by=by, at=at, on=webinar, societies=webinar.societies,
           course=course.id, address=wanted.address,
           expires=wanted.expires_on.isoformat())  # fmt: skip
    return recording


def end_of(day: date, zone: str) -> datetime:
    """The moment at which a day is over there."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def against_announcing(activity: Activity, at: datetime) -> list[str]:
    """A recording is watched for its own certificate, so it has a test of its own."""
    session = object_session(activity)
    if activity.is_webinar or session is None or activity.id is None:
        return []
    its_own = select(Recording.webinar_id).where(Recording.course_id == activity.id)
    if session.scalars(its_own).first() is None or test_facts(session, activity.id) is not None:
        return []
    return [_("A recording needs a test of its own. Write its questions first.")]


def _texts(webinar: Activity, wanted: Publication) -> Texts:
    """The webinar's words; those who moderated and planned have no part in the course."""
    told = webinar.texts
    speakers = tuple(one for one in told.speakers if one.part is Part.SPEAKER)
    return replace(told, title=wanted.title, link="", speakers=speakers)


def _lesson(webinar: Activity, address: str) -> str:
    assert webinar.starts_at is not None
    held = locale.long_day_in(webinar.starts_at, webinar.zone, "en", weekday=True)
    return "\n\n".join(
        [
            _("This webinar was held on %(day)s.", day=held),
            f"**[{_('Watch the recording')}](<{address}>)**",
            _(
                "It opens where it is kept. Come back here afterwards, mark this lesson as done "
                "and take the test."
            ),
            _("Watching it gives a certificate of its own. It is not presence at the webinar."),
        ]
    )
