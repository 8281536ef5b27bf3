"""What stands on the planning board, read in few lean statements.

The board of a society holds what it plans or has announced, alone or with others, and what its
partners do: those who share an agreement in force with it that covers webinars. Of a partner's
draft it tells the time, the title, who holds it and for whom; its speakers are compared, and named
only to those who hold one of the two webinars or where both are announced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.agenda.clashes import Clash, Slot, Voice, clashes
from app.agenda.kinds import Part
from app.agenda.models import Activity, Announcement, Audience, Organiser, Speaker
from app.agenda.sessions import WebinarSession, Window
from app.agreements.models import Scope, edges

MOST = 500
"""Sessions that a board shows at once."""
MOST_READ = 2000
"""Sessions that are compared for it."""

_activities = Activity.__table__.c
_sessions = WebinarSession.__table__.c
_organisers = Organiser.__table__.c
_announcements = Announcement.__table__.c


@dataclass(frozen=True)
class Board:
    """A stretch of time, and what stands in each other's way in it."""

    slots: list[Slot]
    clashes: list[Clash]
    is_whole: bool
    """Whether everything is shown, or only the first of it."""


def partners(session: Session, mine: Collection[int], *, on: date) -> list[int]:
    """The societies that share an agreement in force for webinars with one of mine, and mine."""
    own = set(mine)
    parties = [one for one in edges(session, Scope.WEBINARS, on=on) if one & own]
    return sorted(own.union(*parties))


def read(
    session: Session, begin: datetime, end: datetime, *, of: Collection[int],
    shown: Collection[int] = (),
) -> Board:  # fmt: skip
    """What these societies hold in a stretch of time, and what clashes in it.

    `shown` leaves out what others hold, but not that it is in the way.
    """
    at_hour = and_(_sessions.starts_at < end, _sessions.ends_at > begin)
    rows = session.execute(_held(of).where(at_hour).limit(MOST_READ + 1)).all()
    slots, is_whole = _slots(session, rows[:MOST_READ]), len(rows) <= MOST_READ
    found = clashes(slots)
    if shown:
        slots = [slot for slot in slots if set(slot.societies) & set(shown)]
        found = [c for c in found if {*c.one.societies, *c.other.societies} & set(shown)]
    return Board(slots[:MOST], found, is_whole and len(slots) <= MOST)


def in_the_way(session: Session, thought_of: Sequence[Slot], *, of: Collection[int]) -> list[Clash]:
    """What clashes with sessions that are only thought of, or are about to move."""
    windows = [(slot.starts_at, slot.ends_at) for slot in thought_of]
    own = {slot.id for slot in thought_of if slot.id}
    found = [slot for slot in at_hours(session, windows, of=of) if slot.id not in own]
    pairs = clashes([*thought_of, *found])
    return [clash for clash in pairs if clash.one in thought_of or clash.other in thought_of]


def at_hours(session: Session, windows: Sequence[Window], *, of: Collection[int]) -> list[Slot]:
    """What these societies hold at any of these hours."""
    if not windows:
        return []
    hours = [
        and_(_sessions.starts_at < ends, _sessions.ends_at > starts) for starts, ends in windows
    ]
    return _slots(session, session.execute(_held(of).where(or_(*hours)).limit(MOST)).all())


def of_activity(activity: Activity) -> list[Slot]:
    """The sessions of a webinar as the board knows them."""
    voices = tuple(
        Voice(s.name, s.address) for s in activity.speakers if s.part is not Part.PLANNER
    )
    return [
        Slot(
            activity.id, activity.title, one.starts_at, one.ends_at,
            tuple(s.id for s in activity.societies), frozenset(activity.professions), voices,
            activity.is_announced, one.zone, one.position,
        )
        for one in activity.sessions
    ]  # fmt: skip


def may_name(clash: Clash, mine: Collection[int]) -> bool:
    """Whether the speakers of a clash may be named to the staff of these societies."""
    holds_one = bool(set(mine) & {*clash.one.societies, *clash.other.societies})
    return holds_one or (clash.one.is_announced and clash.other.is_announced)


def _held(of: Iterable[int]) -> Select[Any]:
    """The sessions of webinars that these societies hold, drafts among them."""
    held = select(_organisers.activity_id).where(_organisers.society_id.in_(list(of)))
    return (
        select(
            _activities.id, _activities.title, _sessions.starts_at, _sessions.ends_at,
            _sessions.zone, _sessions.position, _announcements.activity_id.label("announced"),
        )
        .select_from(WebinarSession.__table__)
        .join(Activity.__table__, _activities.id == _sessions.activity_id)
        .outerjoin(Announcement.__table__)
        .where(_activities.id.in_(held), _activities.cancelled_at.is_(None))
        .order_by(_sessions.starts_at, _activities.id)
    )  # fmt: skip


def _slots(session: Session, rows: Sequence[Row[Any]]) -> list[Slot]:
    """The rows with their societies, audiences and voices; one statement for each."""
    ids = sorted({row.id for row in rows})
    if not ids:
        return []
    societies: dict[int, list[int]] = defaultdict(list)
    audiences: dict[int, set[str]] = defaultdict(set)
    voices: dict[int, list[Voice]] = defaultdict(list)
    held = select(_organisers.activity_id, _organisers.society_id)
    for activity, society in session.execute(
        held.where(_organisers.activity_id.in_(ids)).order_by(_organisers.position)
    ):
        societies[activity].append(society)
    for activity, profession in session.execute(
        select(Audience.activity_id, Audience.profession).where(Audience.activity_id.in_(ids))
    ):
        audiences[activity].add(profession)
    named = select(Speaker.activity_id, Speaker.name, Speaker.address).order_by(Speaker.position)
    for activity, name, address in session.execute(
        named.where(
            Speaker.activity_id.in_(ids), Speaker.has_left.is_(False), Speaker.part != Part.PLANNER
        )
    ):
        voices[activity].append(Voice(name, address))
    return [
        Slot(
            row.id, row.title, row.starts_at, row.ends_at, tuple(societies[row.id]),
            frozenset(audiences[row.id]), tuple(voices[row.id]), row.announced is not None,
            row.zone, row.position,
        )
        for row in rows
    ]  # fmt: skip
