"""Whose consent a plan waits for, and asking for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda import emails
from app.agenda.changes import Consent
from app.agenda.models import Activity, Announcement, Entry, Organiser, Role
from app.journal.models import record
from app.societies.models import Mandate, Office, Society


def ask_for_consent(
    session: Session, activity: Activity, *, by: Person, at: datetime, on: date
) -> list[Person]:
    """Write to the course administrators of each society that is awaited; answer to whom."""
    asked: list[Person] = []
    for society in activity.awaited_consents:
        for person in _administrators(session, society, on):
            emails.ask_for_consent(session, activity, society, person, by=by, at=at)
            asked.append(person)
    if asked:
        record(session, f"{activity.kind}.consent_asked", by=by, at=at, on=activity,
               society_id=activity.lead.id, people=[person.id for person in asked])  # fmt: skip
    return asked


def digest(activity: Activity) -> str:
    """What a society would agree to, in brief: another plan, words or terms have another one."""
    told = [
        asdict(activity.plan), asdict(activity.texts), [one.id for one in activity.societies],
        activity.registration_from, activity.registration_until, activity.entry, _let_in(activity),
        activity.has_credits, activity.needs_evaluation, activity.proofs,
    ]  # fmt: skip
    text = json.dumps(told, sort_keys=True, default=_in_order)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _let_in(activity: Activity) -> Sequence[int | str]:
    """Who may enrol, where not everybody may."""
    if activity.entry is Entry.MEMBERS:
        return sorted(one.society_id for one in activity.open_to_members)
    if activity.entry is Entry.LISTED:
        return sorted(one.address for one in activity.invitations)
    return []


def _in_order(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def waiting_for(session: Session, society_ids: Sequence[int], *, most: int) -> list[Activity]:
    """The drafts that wait for the consent of these societies, for their desk."""
    given = select(Consent.activity_id).where(
        Consent.society_id == Organiser.society_id, Consent.activity_id == Activity.id,
        Consent.void_at.is_(None),
    )  # fmt: skip
    waiting = (
        select(Activity)
        .join(Organiser, Organiser.activity_id == Activity.id)
        .join(Society, Society.id == Organiser.society_id)
        .outerjoin(Announcement, Announcement.activity_id == Activity.id)
        .where(
            Organiser.society_id.in_(society_ids), Organiser.role != Role.ORGANISER,
            Society.wants_to_consent, Announcement.activity_id.is_(None), ~given.exists(),
        )
        .order_by(Activity.id)
        .limit(most)
    )  # fmt: skip
    return list(session.scalars(waiting).unique())


def _administrators(session: Session, society: Society, on: date) -> list[Person]:
    mandates = Mandate.in_force(on=on).where(
        Mandate.society_id == society.id, Mandate.office == Office.COURSE_ADMINISTRATOR
    )
    return [mandate.person for mandate in session.scalars(mandates).unique()]
