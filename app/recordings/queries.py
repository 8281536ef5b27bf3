"""What other pages say of recordings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.agenda.models import Activity, Announcement
from app.recordings.models import Recording


@dataclass(frozen=True)
class Shown:
    """The other half of a recording: of a webinar its course, of a course its webinar."""

    id: int
    title: str
    is_webinar: bool
    starts_at: datetime | None
    expires_on: date | None
    """The last day to start it, as its course says by now; nothing when it never closes."""
    is_open: bool
    """Whether it can be started still."""


def shown(session: Session, activity: Activity, *, at: datetime) -> Shown | None:
    """What the public page of a webinar or a course says of its recording; only what is announced.

    A webinar that is not over has none.
    """
    if activity.is_webinar and not activity.has_ended(at):
        return None
    course, webinar = aliased(Activity), aliased(Activity)
    row = session.execute(
        select(
            course.id, course.title, course.registration_until, course.zone,
            webinar.id.label("webinar_id"), webinar.title.label("of"), webinar.starts_at,
        )
        .select_from(Recording)
        .join(course, course.id == Recording.course_id)
        .join(webinar, webinar.id == Recording.webinar_id)
        .join(Announcement, Announcement.activity_id == course.id)
        .where(
            or_(Recording.webinar_id == activity.id, Recording.course_id == activity.id),
            course.cancelled_at.is_(None),
        )
    ).first()  # fmt: skip
    if row is None:
        return None
    closes = row.registration_until
    is_open, last = closes is None or at < closes, last_day(closes, row.zone)
    if activity.is_webinar:
        return Shown(row.id, row.title, False, None, last, is_open)
    return Shown(row.webinar_id, row.of, True, row.starts_at, last, is_open)


def last_day(closes: datetime | None, zone: str) -> date | None:
    """The last day with a moment before this one."""
    return (closes - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() if closes else None
