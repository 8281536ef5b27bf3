"""The declarations that count for the people of a programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, object_session

from app.agenda.models import Activity, Organiser
from app.agenda.speakers import Speaker
from app.disclosures.models import Disclosure
from app.disclosures.standing import Obstacle, Standing, obstacles


def standings(session: Session, activity: Activity) -> list[Standing]:
    """Where everyone on the programme stands, in its order."""
    other = aliased(Disclosure)
    newest = select(func.max(other.version)).where(other.speaker_id == Speaker.id)
    counts = and_(
        Disclosure.speaker_id == Speaker.id, Disclosure.version == newest.scalar_subquery()
    )
    rows = session.execute(
        select(Speaker, Disclosure)
        .outerjoin(Disclosure, counts)
        .where(Speaker.activity_id == activity.id, Speaker.has_left.is_(False))
        .options(*Disclosure.parts())
        .order_by(Speaker.position, Speaker.id)
    )
    return [Standing(speaker, disclosure) for speaker, disclosure in rows]


def history(session: Session, speaker: Speaker) -> Sequence[Disclosure]:
    """Every version that someone declared, the latest first."""
    return session.scalars(
        Disclosure.whole()
        .where(Disclosure.speaker_id == speaker.id)
        .order_by(Disclosure.version.desc())
    ).all()


def of_speaker(session: Session, speaker: Speaker) -> Disclosure | None:
    """The version that counts of one."""
    return session.scalars(
        Disclosure.latest().where(Disclosure.speaker_id == speaker.id)
    ).one_or_none()


@dataclass(frozen=True)
class Unreviewed:
    """An activity on whose programme declarations wait for somebody not concerned."""

    id: int
    title: str
    number: int


def to_review(
    session: Session, society_ids: Sequence[int], *, at: datetime, most: int
) -> list[Unreviewed]:
    """What these societies hold, still to come or on, with declarations that nobody reviewed."""
    newer = aliased(Disclosure)
    is_superseded = exists().where(
        newer.speaker_id == Disclosure.speaker_id, newer.version > Disclosure.version
    )
    held = select(Organiser.activity_id).where(Organiser.society_id.in_(society_ids))
    found = session.execute(
        select(Activity.id, Activity.title, func.count(Disclosure.id))
        .join(Speaker, Speaker.activity_id == Activity.id)
        .join(Disclosure, Disclosure.speaker_id == Speaker.id)
        .where(
            Activity.id.in_(held),
            Activity.cancelled_at.is_(None),
            or_(Activity.until_at.is_(None), Activity.until_at > at),
            Speaker.has_left.is_(False),
            ~is_superseded,
            ~Disclosure.reviews.any(),
        )
        .group_by(Activity.id, Activity.title)
        .order_by(Activity.id)
        .limit(most)
    )
    return [Unreviewed(*row) for row in found]


def missing(session: Session, activity: Activity) -> list[Obstacle]:
    """Whose declaration, or whose review, a programme still lacks."""
    return obstacles(standings(session, activity))


def standing_against(activity: Activity, at: datetime) -> list[Obstacle]:
    """What stands against announcing an activity with credits."""
    session = object_session(activity)
    if session is None or not activity.has_credits:
        return []
    return missing(session, activity)
