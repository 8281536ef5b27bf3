"""The rows of the public agenda, read in few lean statements.

The list shows tables of rows, not objects with acts, so it reads plain columns. It is paged by key:
the place after which to read on, never a count of rows to skip.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.agenda.filters import Filters
from app.agenda.kinds import Part
from app.agenda.models import Activity, Announcement, Audience, Kind, Organiser, Speaker
from app.agenda.obstacles import FARTHEST_APART
from app.agenda.sessions import WebinarSession
from app.db import UtcDateTime
from app.societies.models import Society

PAGE = 20
LONGEST = FARTHEST_APART
"""No webinar is longer (planning refuses it), so what began before that is over."""
SOON_PAST = timedelta(days=90)
FEED_LENGTH = 500

_activities = Activity.__table__.c
_organisers = Organiser.__table__.c
_societies = Society.__table__.c
_speakers = Speaker.__table__.c
_audiences = Audience.__table__.c
_sessions = WebinarSession.__table__.c
_COLUMNS = (
    _activities.id, _activities.kind, _activities.title, _activities.summary,
    _activities.starts_at, _activities.until_at, _activities.minutes, _activities.zone,
    _activities.language, _activities.capacity, _activities.cancelled_at,
)  # fmt: skip


_BADGES = select(_societies.id, _societies.code, _societies.short, _societies.name).order_by(
    _societies.short
)
_HOLDERS = (
    select(_organisers.activity_id, _organisers.society_id)
    .where(_organisers.activity_id.in_(bindparam("ids", expanding=True)))
    .order_by(_organisers.activity_id, _organisers.position)
)
# Statements are built once and filled in: building one costs as much as running it.
_AT, _SIZE = bindparam("at", type_=UtcDateTime()), bindparam("size", type_=Integer())
_KEY_AT, _KEY_ID = bindparam("key_at", type_=UtcDateTime()), bindparam("key_id", type_=Integer())


@dataclass(frozen=True, slots=True)
class Badge:
    """A society as rows show it."""

    id: int
    code: str
    short: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An activity as a row of the agenda."""

    id: int
    is_webinar: bool
    title: str
    summary: str
    starts_at: datetime | None
    ends_at: datetime | None
    minutes: int | None
    zone: str
    language: str
    capacity: int | None
    is_cancelled: bool
    societies: tuple[Badge, ...]

    @property
    def has_several_sessions(self) -> bool:
        """Whether time lies between its sessions."""
        if not self.is_webinar or self.starts_at is None or self.ends_at is None:
            return False
        return self.ends_at - self.starts_at > timedelta(minutes=self.minutes or 0)


@dataclass(frozen=True, slots=True)
class Key:
    """The place in the agenda after which a page reads on; without a start, among open courses."""

    starts_at: datetime | None
    id: int

    def __str__(self) -> str:
        return f"{self.starts_at.isoformat() if self.starts_at else 'open'}~{self.id}"

    @classmethod
    def read(cls, text: str) -> Key | None:
        """The key that an address names, or none when it names no key."""
        start, _, number = text.partition("~")
        try:
            starts_at = None if start == "open" else datetime.fromisoformat(start)
            if starts_at is not None:
                starts_at.utctimetuple()
            key = cls(starts_at, int(number))
        except (ValueError, OverflowError):
            return None
        is_usable = starts_at is None or starts_at.tzinfo is not None
        return key if is_usable and 0 <= key.id < 2**31 else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the agenda and where the next ones begin."""

    rows: list[Listed]
    next: Key | None


def badges(session: Session) -> list[Badge]:
    """Every society, by its short name."""
    return [Badge(*row) for row in session.execute(_BADGES)]


def page(
    session: Session, filters: Filters, societies: Sequence[Badge], *, at: datetime,
    after: Key | None = None, size: int = PAGE, of: Sequence[int] | None = None,
) -> Page:  # fmt: skip
    """One page of the announced agenda: upcoming from now on, or past from now back.

    `of`: only what these societies hold.
    """
    read = _past if filters.past else _upcoming
    rows = read(session, filters, None if of is None else tuple(of), at, after, size)
    shown = rows[:size]
    last = _key(shown[-1], at) if len(rows) > size else None
    return Page(listed(session, shown, societies), last)


def between(
    session: Session, filters: Filters, societies: Sequence[Badge], begin: datetime, end: datetime
) -> list[Listed]:
    """What starts within a stretch of time: announced activities, and each session of theirs."""
    rows = session.execute(
        _announced(filters)
        .where(_activities.starts_at >= begin, _activities.starts_at < end)
        .order_by(_activities.starts_at, _activities.id)
    ).all()
    further = session.execute(
        _announced(filters)
        .join(WebinarSession.__table__)
        .with_only_columns(
            *[column for column in _COLUMNS if column.name not in {"starts_at", "until_at"}],
            _sessions.starts_at, _sessions.ends_at.label("until_at"),
        )
        .where(_sessions.position > 1, _sessions.starts_at >= begin, _sessions.starts_at < end)
    ).all()  # fmt: skip
    both = sorted([*rows, *further], key=lambda row: (row.starts_at, row.id))
    return listed(session, both, societies)


def ids_of_feed(session: Session, filters: Filters, *, at: datetime) -> list[int]:
    """The webinars of the calendar feed: those to come and those of the last three months."""
    since = at - SOON_PAST
    found = session.execute(
        _announced(filters)
        .where(_activities.kind == Kind.WEBINAR, _activities.until_at >= since)
        .order_by(_activities.starts_at, _activities.id)
        .limit(FEED_LENGTH)
    )
    return [row.id for row in found]


def listed(session: Session, rows: Sequence[Row[Any]], societies: Sequence[Badge]) -> list[Listed]:
    """The rows with their societies, the leading one first; one statement for all."""
    if not rows:
        return []
    held_by: dict[int, list[Badge]] = defaultdict(list)
    known = {badge.id: badge for badge in societies}
    found = session.execute(_HOLDERS, {"ids": [row.id for row in rows]})
    for activity_id, society_id in found:
        held_by[activity_id].append(known[society_id])
    return [
        Listed(
            row.id, row.kind is Kind.WEBINAR, row.title, row.summary, row.starts_at, row.until_at,
            row.minutes, row.zone, row.language, row.capacity, row.cancelled_at is not None,
            tuple(held_by[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def _upcoming(
    session: Session, filters: Filters, of: tuple[int, ...] | None, at: datetime, after: Key | None,
    size: int,
) -> list[Row[Any]]:  # fmt: skip
    """What is on or still to come, in order, then the courses that are open at any time."""
    rows: list[Row[Any]] = []
    if after is None or after.starts_at is not None:
        start = after or Key(at - LONGEST, 0)
        rows = _read_on(session, _dated(filters, of), at, start, size, over=False)
    if len(rows) <= size and filters.kind != Kind.WEBINAR:
        first = after.id if after is not None and after.starts_at is None else 0
        values = {"at": at, "key_id": first, "size": size + 1 - len(rows)}
        rows += session.execute(_open(filters, of), values).all()
    return rows


def _past(
    session: Session, filters: Filters, of: tuple[int, ...] | None, at: datetime, after: Key | None,
    size: int,
) -> list[Row[Any]]:  # fmt: skip
    """The webinars that are over, the latest first."""
    start = after if after is not None and after.starts_at else Key(at, 0)
    return _read_on(session, _begun(filters, of), at, start, size, over=True)


def _read_on(
    session: Session, statement: Select[Any], at: datetime, key: Key, size: int, *, over: bool
) -> list[Row[Any]]:
    """Read from a key on until one more than a page is found, or nothing is left."""
    rows: list[Row[Any]] = []
    while True:
        values = {"at": at, "key_at": key.starts_at, "key_id": key.id, "size": size + 1}
        batch = session.execute(statement, values).all()
        rows += [row for row in batch if _is_over(row, at) is over]
        if len(rows) > size or len(batch) <= size:
            return rows
        key = Key(batch[-1].starts_at, batch[-1].id)


@lru_cache(maxsize=128)
def _dated(filters: Filters, of: tuple[int, ...] | None) -> Select[Any]:
    return (
        _announced(filters, of)
        .where(
            or_(_activities.until_at > _AT, _activities.starts_at > _AT),
            _activities.starts_at >= _KEY_AT,
            or_(_activities.starts_at > _KEY_AT, _activities.id > _KEY_ID),
        )
        .order_by(_activities.starts_at, _activities.id)
        .limit(_SIZE)
    )


@lru_cache(maxsize=128)
def _open(filters: Filters, of: tuple[int, ...] | None) -> Select[Any]:
    is_open = or_(_activities.starts_at.is_(None), _activities.starts_at <= _AT)
    return (
        _announced(filters, of)
        .where(_activities.kind == Kind.COURSE, _activities.id > _KEY_ID, is_open)
        .order_by(_activities.id)
        .limit(_SIZE)
    )


@lru_cache(maxsize=128)
def _begun(filters: Filters, of: tuple[int, ...] | None) -> Select[Any]:
    return (
        _announced(filters, of)
        .where(
            _activities.kind == Kind.WEBINAR,
            _activities.starts_at <= _KEY_AT,
            or_(_activities.starts_at < _KEY_AT, _activities.id < _KEY_ID),
        )
        .order_by(_activities.starts_at.desc(), _activities.id.desc())
        .limit(_SIZE)
    )


def drafts(
    session: Session, societies: Sequence[Badge], *, of: Sequence[int], after: int = 0,
    size: int = PAGE,
) -> Page:  # fmt: skip
    """What these societies plan and have not announced, the newest first."""
    planned = (
        select(*_COLUMNS)
        .outerjoin(Announcement.__table__)
        .where(Announcement.__table__.c.activity_id.is_(None))
        .order_by(_activities.id.desc())
        .limit(size + 1)
    )
    if after:
        planned = planned.where(_activities.id < after)
    rows = session.execute(_held(planned, of)).all()
    last = Key(None, rows[size - 1].id) if len(rows) > size else None
    return Page(listed(session, rows[:size], societies), last)


def _held(chosen: Select[Any], by: Sequence[int]) -> Select[Any]:
    held = select(_organisers.activity_id).where(_organisers.society_id.in_(by))
    return chosen.where(_activities.id.in_(held))


def _announced(filters: Filters, of: tuple[int, ...] | None = None) -> Select[Any]:
    chosen = select(*_COLUMNS).join(Announcement.__table__)
    if of is not None:
        chosen = _held(chosen, of)
    if filters.kind:
        chosen = chosen.where(_activities.kind == Kind(filters.kind))
    if filters.language:
        chosen = chosen.where(_activities.language == filters.language)
    if filters.society:
        held = (
            select(_organisers.activity_id)
            .join(Society.__table__)
            .where(_societies.code == filters.society)
        )
        chosen = chosen.where(_activities.id.in_(held))
    if filters.audience:
        chosen = chosen.where(_is_for(filters.audience))
    if filters.q:
        speaks = select(_speakers.activity_id).where(
            _speakers.name.icontains(filters.q, autoescape=True),
            _speakers.has_left.is_(False),
            _speakers.part != Part.PLANNER,
        )
        chosen = chosen.where(
            or_(
                _activities.title.icontains(filters.q, autoescape=True),
                _activities.id.in_(speaks),
            )
        )
    return chosen


def _is_for(profession: str) -> ColumnElement[bool]:
    """Meant for this profession, or for everyone because no profession is named."""
    named = select(_audiences.activity_id)
    return or_(
        _activities.id.in_(named.where(_audiences.profession == profession)),
        _activities.id.not_in(named),
    )


def _key(row: Row[Any], at: datetime) -> Key:
    is_open = row.kind is Kind.COURSE and (row.starts_at is None or row.starts_at <= at)
    return Key(None if is_open else row.starts_at, row.id)


def _is_over(row: Row[Any], at: datetime) -> bool:
    return row.kind is Kind.WEBINAR and row.until_at <= at


def ids(rows: Iterable[Listed]) -> list[int]:
    return [row.id for row in rows]
