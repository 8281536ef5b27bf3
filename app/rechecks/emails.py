"""What the administrators of the platform are told of rechecks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from app import mail
from app.accounts.models import Person
from app.addresses import external_url
from app.rechecks.models import Finding
from app.societies.models import Mandate, Office
from app.texts import gettext as _
from app.texts import ngettext

MOST = 20
"""Findings that a letter names."""


def untold(session: Session) -> bool:
    waiting = Finding.open_ones().where(Finding.told_at.is_(None))
    return session.scalars(waiting.limit(1)).first() is not None


def tell(session: Session, *, at: datetime) -> int:
    """One letter about everything new; of two workers the second finds nothing left to tell."""
    ids = session.scalars(
        update(Finding)
        .where(Finding.told_at.is_(None), Finding.settled_at.is_(None))
        .values(told_at=at)
        .returning(Finding.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not ids:
        return 0
    found = session.scalars(select(Finding).where(Finding.id.in_(sorted(ids)[:MOST]))).all()
    subject = ngettext(
        "Recheck: %(num)d thing is not what the register says",
        "Recheck: %(num)d things are not what the register says",
        len(ids),
    )
    for person in administrators(session, at):
        _write(session, "rechecks/findings", person, subject, at,
               found=[str(one) for one in found], more=len(ids) - len(found))  # fmt: skip
    return len(ids)


def raise_alarm(session: Session, reason: str, *, at: datetime) -> None:
    for person in administrators(session, at):
        subject = _("Alarm: nothing issued is being rechecked any more")
        _write(session, "rechecks/alarm", person, subject, at, reason=reason)


def administrators(session: Session, at: datetime) -> Sequence[Person]:
    mandates = select(Mandate.person_id).where(
        Mandate.holds(on=at.date()), Mandate.office == Office.PLATFORM_ADMINISTRATOR
    )
    people = select(Person).where(Person.id.in_(mandates)).order_by(Person.id)
    return session.scalars(people.options(selectinload(Person.addresses))).all()


def _write(
    session: Session, letter: str, person: Person, subject: str, at: datetime, **facts: Any
) -> None:
    mail.write(session, letter, to=person.address, subject=subject, at=at, person_id=person.id,
               name=person.name, url=external_url("rechecks.index"), **facts)  # fmt: skip
