"""What other rooms ask about meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.meetings.events import intervals
from app.meetings.models import Click, Meeting, ProviderEvent, Seat
from app.meetings.platform import Provider


@dataclass(frozen=True)
class PresenceRow:
    """One stay of one person, as the platform told it: in UTC, without overlaps in itself."""

    joined_at: datetime
    left_at: datetime
    name: str
    address: str
    enrolment_id: int | None
    """Who it is, where they came in by an address of their own; else it is to be matched."""
    moderates: bool
    provider: Provider
    meeting_id: int


def presence_rows(session: Session, activity: Activity) -> list[PresenceRow]:
    """Who was connected, by callbacks and by reports that were asked for, over all meetings.

    The whole is computed anew each time: a callback that comes late or twice changes the rows to
    what they would have been all along. Clicks on links take no part.
    """
    meetings = [m for m in session.scalars(Meeting.of(activity)).unique() if m.account is not None]
    if not meetings:
        return []
    ids = [meeting.id for meeting in meetings]
    told: dict[int, list[ProviderEvent]] = {}
    for event in session.scalars(select(ProviderEvent).where(ProviderEvent.meeting_id.in_(ids))):
        told.setdefault(event.meeting_id, []).append(event)
    if not told:
        return []
    guests = _guests(session, activity, ids)
    return [
        PresenceRow(
            joined_at=joined, left_at=left, name=who.name, address=who.address,
            enrolment_id=guests.get((meeting.id, who.guest)), moderates=who.moderates,
            provider=meeting.account.provider, meeting_id=meeting.id,
        )
        for meeting in meetings
        for who, stays in intervals(told.get(meeting.id, [])).items()
        for joined, left in stays
        if meeting.account is not None
    ]  # fmt: skip


def told_people(session: Session, activity: Activity) -> int:
    """How many people the platforms have told of, without working out when they were there."""
    known = func.coalesce(
        func.nullif(ProviderEvent.guest, ""), func.nullif(ProviderEvent.address, ""),
        func.nullif(ProviderEvent.name, ""),
    )  # fmt: skip
    found = session.scalar(
        select(func.count(func.distinct(known)))
        .join(Meeting, Meeting.id == ProviderEvent.meeting_id)
        .where(Meeting.activity_id == activity.id, Meeting.ended_at.is_(None))
    )
    return found or 0


def clicks_of(session: Session, activity: Activity) -> dict[int, datetime]:
    """When each enrolment last pressed the button to join. It proves nothing."""
    found = session.execute(
        select(Click.enrolment_id, func.max(Click.at))
        .join(Enrolment, Enrolment.id == Click.enrolment_id)
        .where(Enrolment.activity_id == activity.id)
        .group_by(Click.enrolment_id)
    )
    return {enrolment_id: at for enrolment_id, at in found}


def _guests(
    session: Session, activity: Activity, meeting_ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """Which enrolment a platform means by a guest, in each meeting."""
    enrolled = session.scalars(select(Enrolment.id).where(Enrolment.activity_id == activity.id))
    found = {(meeting, f"e{one}"): one for one in enrolled for meeting in meeting_ids}
    seats = session.execute(
        select(Seat.meeting_id, Seat.guest, Seat.enrolment_id).where(
            Seat.meeting_id.in_(meeting_ids), Seat.guest != ""
        )
    )
    return found | {(meeting, guest): enrolment for meeting, guest, enrolment in seats}
