"""Deleting what a report says of people, twelve months after the presence was settled.

What nobody settled goes as if it had been settled ninety days after the end.

What it came to is kept: the times in which somebody enrolled was there, the settlement, the
completions, and the digest of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from app.agenda.models import Activity
from app.attendance.models import Participant, Presence, PresenceReport, Settlement, Stay
from app.attendance.standing import reported
from app.files import files
from app.journal.models import record

KEPT = timedelta(days=366)
"""Twelve months, however long the year is."""


NEVER_SETTLED = timedelta(days=90)
"""So long after the end presence that nobody settled counts as if somebody had."""


def due(session: Session, *, at: datetime, limit: int) -> Sequence[int]:
    """Webinars whose reports still name people and were needed for long enough, oldest first."""
    named = select(PresenceReport.id).where(
        PresenceReport.activity_id == Activity.id, PresenceReport.purged_at.is_(None)
    )
    return session.scalars(
        select(Activity.id)
        .outerjoin(Settlement, Settlement.activity_id == Activity.id)
        .where(_is_over(at), named.exists())
        .order_by(Activity.until_at, Activity.id)
        .limit(limit)
    ).all()


def _is_over(at: datetime) -> ColumnElement[bool]:
    """Twelve months after the settlement; where there is none, later, and not soon after a load."""
    late = select(PresenceReport.id).where(
        PresenceReport.activity_id == Activity.id, PresenceReport.at > at - NEVER_SETTLED
    )
    return (Settlement.at <= at - KEPT) | (
        Settlement.at.is_(None) & (Activity.until_at <= at - KEPT - NEVER_SETTLED) & ~late.exists()
    )


def purge(session: Session, activity: Activity, *, at: datetime) -> None:
    """Keep the times of those enrolled, delete everything else that the reports say."""
    every = select(PresenceReport.id).where(
        PresenceReport.activity_id == activity.id, PresenceReport.purged_at.is_(None)
    )
    reports = session.scalars(every.with_for_update()).all()
    over = (
        select(Activity.id)
        .outerjoin(Settlement, Settlement.activity_id == Activity.id)
        .where(Activity.id == activity.id, _is_over(at))
    )
    if not reports or session.scalars(over).first() is None:
        return
    stays = [
        {"activity_id": activity.id, "enrolment_id": id,
         "joined_at": joined, "left_at": left, "total_seconds": total}
        for id, joined, left, total in session.execute(reported(activity)).all()
    ]  # fmt: skip
    people = select(Participant.id).where(Participant.report_id.in_(reports))
    session.execute(delete(Presence).where(Presence.participant_id.in_(people)))
    session.execute(delete(Participant).where(Participant.report_id.in_(reports)))
    if stays:
        session.execute(insert(Stay), stays)
    digests = session.scalars(
        update(PresenceReport)
        .where(PresenceReport.id.in_(reports))
        .values(purged_at=at)
        .returning(PresenceReport.file_digest)
    ).all()
    record(session, "presence.purged", by=None, at=at, on=activity, societies=activity.societies,
           files=sorted(set(digests)), stays=len(stays))  # fmt: skip
    for digest in _unneeded(session, set(digests)):
        files.remove(
            digest
        )  # before the commit: if that fails, the next sweep does all of it again


def _unneeded(session: Session, digests: set[str]) -> set[str]:
    """The files that no report needs any more; the same file may belong to another."""
    needed = select(PresenceReport.file_digest).where(
        PresenceReport.file_digest.in_(digests), PresenceReport.purged_at.is_(None)
    )
    return digests - set(session.scalars(needed))
