"""The declarations that count for the people of a programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased, object_session

from app.agenda.models import Activity
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


def missing(session: Session, activity: Activity) -> list[Obstacle]:
    """Whose declaration, or whose review, a programme still lacks."""
    return obstacles(standings(session, activity))


def standing_against(activity: Activity, at: datetime) -> list[Obstacle]:
    """What stands against announcing an activity with credits."""
    session = object_session(activity)
    if session is None or not activity.has_credits:
        return []
    return missing(session, activity)
