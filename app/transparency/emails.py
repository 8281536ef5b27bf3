"""What officers and administrators are told of the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app import mail
from app.accounts.models import Person
from app.addresses import external_url
from app.awards.queries import key_holders
from app.societies.models import OFFICERS, Mandate, Office, Society
from app.texts import gettext as _
from app.transparency import notes, queries
from app.transparency.mailing import Due
from app.transparency.models import Head


def send_head(session: Session, due: Due, *, at: datetime) -> int:
    """Send a head to the officers of a society; answer to how many."""
    head, before = due.head, due.before
    officers = {person for person, _s in key_holders(session, [due.society.id], on=at.date())}
    note = notes.note_of(head)
    attachments = [{"name": f"head-{head.size}.txt", "type": "text/plain", "text": note}]
    if before is not None:
        attachments.append(
            {"name": f"consistency-{before.size}-{head.size}.json", "type": "application/json",
             "text": json.dumps(queries.statement(session, before, head), indent=1)}
        )  # fmt: skip
    for person in _people(session, officers):
        mail.write(
            session,
            "transparency/head",
            to=person.address,
            subject=_("The transparency log: %(size)s entries", size=head.size),
            at=at,
            person_id=person.id,
            attachments=attachments,
            name=person.name,
            society=due.society.name,
            note=note,
            size=head.size,
            before=before.size if before else None,
            url=external_url("transparency_staff.index"),
            log_url=external_url("transparency.index"),
        )
    return len(officers)


def raise_alarm(
    session: Session, head: Head, society: Society, reasons: Sequence[str], *, at: datetime
) -> None:
    """Tell the administrators, and the officers of every society, that the log does not hold."""
    officers = select(Mandate.person_id).where(
        Mandate.holds(on=at.date()),
        Mandate.office.in_((Office.PLATFORM_ADMINISTRATOR, *OFFICERS, Office.AUDITOR)),
    )
    for person in _people(session, set(session.scalars(officers))):
        mail.write(
            session,
            "transparency/alarm",
            to=person.address,
            subject=_("Alarm: the transparency log does not continue what was countersigned"),
            at=at,
            person_id=person.id,
            name=person.name,
            society=society.name,
            size=head.size,
            reasons=list(reasons),
            url=external_url("transparency.index"),
        )


def _people(session: Session, ids: set[int]) -> Sequence[Person]:
    people = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    return session.scalars(people.options(selectinload(Person.addresses))).all()
