"""What pages show of enrolments, a page at a time by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from app.accounts.models import EmailAddress, Person
from app.agenda.models import Activity, Announcement, Kind
from app.db import LARGEST_KEY
from app.enrolments.booking import waiting_list
from app.enrolments.models import Enrolment, Place, Tally

FOR_EVER = 2**40
"""Courses go on for ever: they come after everything that has a date."""


@dataclass(frozen=True)
class Mine:
    """The reader's own live enrolment."""

    id: int
    has_place: bool


@dataclass(frozen=True)
class Places:
    """How an activity is filled, and whether the reader is in."""

    capacity: int | None
    taken: int = 0
    waiting: int = 0
    mine: Mine | None = None
    has_left: bool = False
    """Whether the reader was in before and withdrew."""

    @property
    def left(self) -> int | None:
        """Free places; none when someone waits for them, and None without a capacity."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else max(0, self.capacity - self.taken)

    @property
    def is_full(self) -> bool:
        return self.left == 0


_READER = bindparam("person_id", type_=Integer())
_before = aliased(Enrolment)
_LEFT = exists().where(
    _before.activity_id == Activity.id,
    _before.person_id == _READER,
    _before.ended_at.is_not(None),
)
_MINE = and_(
    Enrolment.activity_id == Activity.id,
    Enrolment.person_id == _READER,
    Enrolment.ended_at.is_(None),
)
_PLACES = (
    select(
        Activity.id,
        Activity.capacity,
        Tally.taken,
        Tally.waiting,
        Enrolment.id.label("mine"),
        Place.number,
        _LEFT.label("has_left"),
    )
    .select_from(Activity)
    .outerjoin(Tally, Tally.activity_id == Activity.id)
    .outerjoin(Enrolment, _MINE)
    .outerjoin(Place, Place.enrolment_id == Enrolment.id)
    .where(Activity.id.in_(bindparam("activity_ids", expanding=True)))
)
"""Built once and filled in: building it costs as much as running it."""


def places(
    session: Session, activity_ids: Sequence[int], person: Person | None
) -> dict[int, Places]:
    """How these activities are filled, in one statement."""
    if not activity_ids:
        return {}
    values = {"activity_ids": activity_ids, "person_id": person.id if person else None}
    return {
        row.id: Places(
            row.capacity,
            row.taken or 0,
            row.waiting or 0,
            Mine(row.mine, row.number is not None) if row.mine else None,
            row.has_left,
        )
        for row in session.execute(_PLACES, values)
    }


def position(session: Session, enrolment: Enrolment) -> int:
    """Where on the waiting list someone stands, from 1."""
    before = waiting_list(enrolment.activity).where(Enrolment.id <= enrolment.id)
    return session.scalar(select(func.count()).select_from(before.subquery())) or 0


def with_free_places_and_waiting(*, at: datetime) -> Select[int]:
    """The ids of activities where someone waits although a place is free."""
    return (
        select(Activity.id)
        .join(Tally, Tally.activity_id == Activity.id)
        .join(Announcement, Announcement.activity_id == Activity.id)
        .where(
            Tally.waiting > 0,
            or_(Activity.capacity.is_(None), Activity.capacity > Tally.taken),
            Activity.cancelled_at.is_(None),
            ~_is_over(at),
        )
    )


def withdrawn(session: Session, activity: Activity) -> int:
    """How many have left an activity."""
    tally = session.get(Tally, activity.id)
    return tally.withdrawn if tally else 0


# ------------------------------------------------------------------ a person's own


@dataclass(frozen=True)
class Page:
    """A part of a list, and the keys of the parts around it."""

    rows: Sequence[Enrolment]
    before: str | None = None
    after: str | None = None


def _starts() -> ColumnElement[int]:
    seconds = extract("epoch", Activity.starts_at)
    whole = cast(seconds - seconds % 1, BigInteger)  # a cast alone rounds on PostgreSQL
    return func.coalesce(whole, FOR_EVER)


def _is_over(at: datetime) -> ColumnElement[bool]:
    """SQL of `Activity.has_ended`: only a webinar ends."""
    return and_(Activity.kind == Kind.WEBINAR, Activity.until_at <= at)


def of_person(
    session: Session, person: Person, show: str, *, at: datetime, after: str = "", size: int = 20
) -> Page:
    """A person's enrolments: "upcoming", "waiting" (soonest first) or "past" (latest first)."""
    key = _starts()
    statement = (
        Enrolment.of(person)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .outerjoin(Place, Place.enrolment_id == Enrolment.id)
        .options(
            contains_eager(Enrolment.activity).selectinload(Activity.organisers),
            contains_eager(Enrolment.place),
            joinedload(Enrolment.withdrawal),
        )
        .limit(size + 1)
    )
    if show == "past":
        statement = statement.where(or_(Enrolment.ended_at.is_not(None), _is_over(at)))
        statement = statement.order_by(key.desc(), Enrolment.id.desc())
    else:
        has_place = Place.enrolment_id.is_not(None)
        wanted = has_place if show == "upcoming" else ~has_place
        statement = statement.where(Enrolment.ended_at.is_(None), ~_is_over(at), wanted)
        statement = statement.order_by(key, Enrolment.id)
    if found := _key(after):
        start, last = found
        beyond = (key < start) if show == "past" else (key > start)
        next_id = (Enrolment.id < last) if show == "past" else (Enrolment.id > last)
        statement = statement.where(or_(beyond, and_(key == start, next_id)))
    rows = session.scalars(statement).unique().all()
    more = len(rows) > size
    return Page(rows[:size], after=_key_of(rows[size - 1]) if more else None)


def _key(text: str) -> tuple[int, int] | None:
    start, _dash, last = text.partition("-")
    if not _is_number(start) or not _is_number(last):
        return None
    return int(start), min(int(last), LARGEST_KEY)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _key_of(enrolment: Enrolment) -> str:
    starts = enrolment.activity.starts_at
    return f"{int(starts.timestamp()) if starts else FOR_EVER}-{enrolment.id}"


# ------------------------------------------------------------------ an activity's, for its staff


def of_activity(
    session: Session, activity: Activity, *, q: str = "", show: str = "",
    after: int | None = None, before: int | None = None, size: int = 50,
) -> Page:  # fmt: skip
    """An activity's enrolments in their order, found by name or address, a page at a time."""
    statement = _listed(activity, q, show)
    backwards = before is not None
    if before is not None:
        statement = statement.where(Enrolment.id < before)
    elif after is not None:
        statement = statement.where(Enrolment.id > after)
    order = Enrolment.id.desc() if backwards else Enrolment.id
    rows = session.scalars(statement.order_by(order).limit(size + 1)).unique().all()
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows = rows[::-1]
    first, last = (str(rows[0].id), str(rows[-1].id)) if rows else (None, None)
    return Page(
        rows,
        before=first if (more if backwards else after is not None) else None,
        after=last if (more or backwards) else None,
    )


def all_of_activity(
    session: Session, activity: Activity, *, size: int = 500
) -> Iterator[Enrolment]:
    """Every enrolment of an activity in its order, never holding more than a part of them."""
    after: int | None = 0
    while after is not None:
        page = of_activity(session, activity, after=after, size=size)
        yield from page.rows
        session.expunge_all()
        after = int(page.after) if page.after else None


def _listed(activity: Activity, q: str, show: str) -> Select[Enrolment]:
    statement = (
        select(Enrolment)
        .where(Enrolment.activity_id == activity.id)
        .outerjoin(Place, Place.enrolment_id == Enrolment.id)
        .options(
            contains_eager(Enrolment.place),
            joinedload(Enrolment.person, innerjoin=True).selectinload(Person.addresses),
            joinedload(Enrolment.promotion),
        )
    )
    if show in {"place", "waiting"}:
        has_place = Place.enrolment_id.is_not(None)
        statement = statement.where(
            Enrolment.ended_at.is_(None), has_place if show == "place" else ~has_place
        )
    elif show == "withdrawn":
        statement = statement.where(Enrolment.ended_at.is_not(None))
    return statement.where(Enrolment.person_id.in_(named(q))) if q else statement


def named(q: str) -> Select[int]:
    """The ids of people whose name or confirmed address holds these letters, large or small."""
    spellings = {q, q.lower(), q.upper(), q.title()}
    name = or_(*[Person.name.icontains(one, autoescape=True) for one in spellings])
    address = EmailAddress.address.contains(q.lower(), autoescape=True)
    held = select(EmailAddress.person_id).where(address, EmailAddress.confirmed_at.is_not(None))
    return select(Person.id).where(or_(name, Person.id.in_(held)))
