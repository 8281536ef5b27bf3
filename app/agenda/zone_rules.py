"""When the rules of a zone change, the time on the wall clock stands and the moment moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import db
from app.agenda import acts
from app.agenda.models import Activity
from app.agenda.scheduling import moments
from app.agenda.sessions import WebinarSession
from app.clock import now
from app.jobs import chore
from app.journal.models import record
from app.texts import gettext as _


@dataclass
class _Looked:
    """A process keeps the rules it has read, so once a day, and once after its start, is enough."""

    on: date | None = None


_looked = _Looked()


@chore("agenda.zone_rules")
def look_once_a_day() -> None:
    on = now().date()
    if _looked.on == on:
        return
    with db.reading() as session:
        ids = changed(session, at=now())
    for id in ids:
        with db.writing() as session:
            follow(session, id, at=now())
    _looked.on = on


def changed(session: Session, *, at: datetime) -> list[int]:
    """The webinars of which a session to come starts at another moment than its wall clock says."""
    to_come = select(WebinarSession).where(WebinarSession.starts_at > at)
    found = {one.activity_id for one in session.scalars(to_come) if moment(one) != one.starts_at}
    return sorted(found)


def follow(session: Session, id: int, *, at: datetime) -> None:
    """Set each session to come to the moment at which the clocks show its planned time."""
    activity = session.get_one(Activity, id, with_for_update={"key_share": True})
    before = acts.written(activity.sessions)
    for one in _moved(activity, at):
        one.ends_at += moment(one) - one.starts_at
        one.starts_at = moment(one)
    if before == acts.written(activity.sessions):
        return
    activity.starts_at = activity.sessions[0].starts_at
    activity.until_at = activity.sessions[-1].ends_at
    if activity.is_announced and not activity.is_cancelled:
        reason = _("The rules of its time zone have changed; the time on the clock there stands.")
        acts.moved(activity, before, reason=reason, by=None, at=at)
    else:
        record(session, "webinar.rules_followed", by=None, at=at, on=activity,
               society_id=activity.lead.id, before=before,
               after=acts.written(activity.sessions))  # fmt: skip


def moment(one: WebinarSession) -> datetime:
    """When clocks show the planned time by today's rules: of two moments the one planned before.

    A time that clocks have come to skip counts by the clock as it was before they are set.
    """
    local = datetime.fromisoformat(one.starts_local)
    found = moments(local, one.zone)
    if not found:
        return local.replace(tzinfo=ZoneInfo(one.zone)).astimezone(UTC)
    return one.starts_at if one.starts_at in found else found[0]


def _moved(activity: Activity, at: datetime) -> Iterator[WebinarSession]:
    return (one for one in activity.sessions if one.starts_at > at)
