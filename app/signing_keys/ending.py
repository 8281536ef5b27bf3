"""Keys whose certificate ends soon, and whom to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import Person
from app.journal.models import record
from app.signing_keys import queries
from app.signing_keys.life import concerned
from app.signing_keys.models import KeyWarning, SigningKey
from app.societies.models import OFFICERS, Mandate, Office

DAYS = (180, 90, 30)
"""So many days ahead the officers are written to, once each."""


@dataclass(frozen=True)
class Due:
    """A key whose officers have not been written to at this distance from its end."""

    key: SigningKey
    days: int


def due(session: Session, *, at: datetime) -> list[Due]:
    """Keys in force whose certificate ends soon: of several distances only the nearest counts."""
    soon = queries.whole().where(
        queries.signs(at=at), SigningKey.expires_at <= at + timedelta(days=max(DAYS))
    )
    keys = list(session.scalars(soon.order_by(SigningKey.id)).unique())
    if not keys:
        return []
    told = {
        (row.key_id, row.expires_at, row.days)
        for row in session.scalars(
            select(KeyWarning).where(KeyWarning.key_id.in_([key.id for key in keys]))
        )
    }
    found = [Due(key, nearest(key, at=at)) for key in keys]
    return [one for one in found if (one.key.id, one.key.expires_at, one.days) not in told]


def nearest(key: SigningKey, *, at: datetime) -> int:
    """The smallest of the distances that the end lies within."""
    assert key.expires_at is not None
    return min(days for days in DAYS if key.expires_at <= at + timedelta(days=days))


def note(session: Session, one: Due, *, at: datetime) -> None:
    """Officers are written to once, whoever else sweeps at the same time."""
    assert one.key.expires_at is not None
    session.add(KeyWarning(key_id=one.key.id, expires_at=one.key.expires_at, days=one.days, at=at))
    record(session, "signing_key.ends_soon", by=None, at=at, on=one.key,
           societies=concerned(one.key), days=one.days,
           until=one.key.expires_at.isoformat())  # fmt: skip


def officers(session: Session, society_ids: Sequence[int], *, on: date) -> list[Person]:
    """Education officers and presidents of these societies."""
    return _people(session, on, Mandate.society_id.in_(society_ids),
                   Mandate.office.in_(OFFICERS))  # fmt: skip


def administrators(session: Session, *, on: date) -> list[Person]:
    """Those who run the platform."""
    return _people(session, on, Mandate.office == Office.PLATFORM_ADMINISTRATOR)


def _people(session: Session, on: date, *which: object) -> list[Person]:
    holders = select(Mandate.person_id).where(Mandate.holds(on=on), *which)  # type: ignore[arg-type]
    people = select(Person).where(Person.id.in_(holders)).order_by(Person.id)
    return list(session.scalars(people.options(selectinload(Person.addresses))))
