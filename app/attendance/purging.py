"""Deleting what a report says of people, twelve months after the presence was settled.

What it came to is kept: the times in which somebody enrolled was there, the settlement, the
completions, and the digest of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.agenda.models import Activity
from app.attendance.models import Participant, Presence, PresenceReport, Settlement, Stay
from app.attendance.standing import reported
from app.files import files
from app.journal.models import record

KEPT = timedelta(days=366)
"""Twelve months, however long the year is."""


def due(session: Session, *, at: datetime, limit: int) -> Sequence[int]:
    """Webinars settled so long ago whose reports still name people, oldest first."""
    return session.scalars(
        select(Settlement.activity_id)
        .where(
            Settlement.at <= at - KEPT,
            select(PresenceReport.id)
            .where(
                PresenceReport.activity_id == Settlement.activity_id,
                PresenceReport.purged_at.is_(None),
            )
            .exists(),
        )
        .order_by(Settlement.at)
        .limit(limit)
    ).all()


def purge(session: Session, activity: Activity, *, at: datetime) -> None:
    """Keep the times of those enrolled, delete everything else that the reports say."""
    every = select(PresenceReport.id).where(
        PresenceReport.activity_id == activity.id, PresenceReport.purged_at.is_(None)
    )
    reports = session.scalars(every.with_for_update()).all()
    settlement = session.get(Settlement, activity.id)
    if not reports or settlement is None or settlement.at > at - KEPT:
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
