"""Keeping what platforms tell: each event once, whatever comes again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.meetings.accounts import PlatformAccount
from app.meetings.events import Event
from app.meetings.models import Meeting, ProviderEvent

AT_ONCE = 200


def hear(session: Session, meeting: Meeting, events: Iterable[Event], *, at: datetime) -> int:
    """Keep these events; answer how many were new. What is known already changes nothing."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = [
        {
            "meeting_id": meeting.id, "key": event.key, "what": event.what, "at": event.at,
            "until": event.until, "instance": event.instance, "connection": event.connection,
            "guest": event.guest, "name": event.name, "address": event.address,
            "moderates": event.moderates, "received_at": at,
        }
        for event in {event.key: event for event in events}.values()
    ]  # fmt: skip
    new = 0
    for first in range(0, len(rows), AT_ONCE):
        kept = session.scalars(
            insert(ProviderEvent)
            .values(rows[first : first + AT_ONCE])
            .on_conflict_do_nothing(index_elements=["meeting_id", "key"])
            .returning(ProviderEvent.id)
        )
        new += len(kept.all())
    return new


def meeting_called(session: Session, account: PlatformAccount, external_id: str) -> Meeting | None:
    """The meeting that an account's platform calls so, the latest of them."""
    if not external_id:
        return None
    return session.scalars(
        select(Meeting)
        .where(Meeting.account_id == account.id, Meeting.external_id == external_id)
        .order_by(Meeting.id.desc())
        .limit(1)
    ).first()
