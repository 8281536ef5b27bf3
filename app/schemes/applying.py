"""Becoming a candidate."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.schemes.eligibility import obstacles
from app.schemes.models import Candidacy, Edition
from app.schemes.queries import candidacy_of, standings


def apply(session: Session, edition: Edition, person: Person, *, at: datetime) -> Candidacy:
    """Apply under an edition; whoever has applied for the scheme before keeps that candidacy.

    The edition is locked until the transaction ends, so that its rules cannot change meanwhile and
    a second click finds the first.
    """
    lock(session, edition)
    if existing := candidacy_of(session, person, edition.scheme):
        return existing
    on = at.date()
    standing = standings(session, edition, [person.id], on=on)[person.id]
    Refusal.unless_none(obstacles(edition.opens_on, edition.closes_on, standing, on=on))
    candidacy = Candidacy(edition=edition, person=person, applied_at=at)
    session.add(candidacy)
    record(session, "candidacy.applied", by=person, at=at, on=candidacy,
           societies=edition.scheme.deciding, edition=edition.name,
           evidence=[d.completion_id for s in standing for d in s.evidence])  # fmt: skip
    return candidacy


def lock(session: Session, edition: Edition) -> None:
    """Hold the edition's row; on SQLite the writer's transaction already holds everything."""
    hold(session, select(Edition.id).where(Edition.id == edition.id))
