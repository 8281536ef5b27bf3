"""Making and withdrawing the keys of employers' programs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _
from app.verification.models import ApiKey

MOST_KEYS = 5
"""Living keys of one person."""


def make(
    session: Session, *, person: Person, organisation: str, purpose: str, at: datetime
) -> tuple[ApiKey, str]:
    """Make a key for an organisation; its text is told once and kept nowhere."""
    hold(session, select(Person.id).where(Person.id == person.id))
    living = select(func.count()).where(
        ApiKey.person_id == person.id, ApiKey.withdrawn_at.is_(None)
    )
    if (session.scalar(living) or 0) >= MOST_KEYS:
        raise Refusal(_("You hold %(most)s keys already. Withdraw one first.", most=MOST_KEYS))
    key, token = ApiKey.new(person=person, organisation=organisation, purpose=purpose, at=at)
    session.add(key)
    record(session, "api_key.made", by=person, at=at, on=key, organisation=organisation,
           purpose=purpose)  # fmt: skip
    return key, token


def withdraw(session: Session, key: ApiKey, *, by: Person, at: datetime) -> None:
    """From now on nobody asks with it."""
    if key.is_living:
        key.withdrawn_at, key.withdrawn_by = at, by
        record(session, "api_key.withdrawn", by=by, at=at, on=key, organisation=key.organisation)
