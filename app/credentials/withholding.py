"""Withholding: a credential does not count while something is being looked into, or never again.

A suspension ends by reinstatement, or by withdrawal, which is for ever. Each suspension is a row of
its own; whoever verifies the credential learns from when to when it did not count, never why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.credentials import emails
from app.credentials.models import Credential, Reinstatement, Revocation, Suspension
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


@dataclass(frozen=True)
class Decision:
    """Who decides, when, from which day on, why, and for which society."""

    by: Person
    at: datetime
    on: date
    reason: str
    society_id: int | None = None


def suspend(session: Session, credential: Credential, decision: Decision) -> None:
    """From a day on it does not count, until it is reinstated."""
    _alone(session, credential)
    if credential.is_over:
        raise Refusal(_("This document is no longer in force, so it cannot be suspended."))
    not_own(credential, decision.by)
    if credential.suspension is not None:
        return
    act = Suspension(**vars(decision), reinstatement=None)
    credential.suspensions.append(act)
    _record(session, "credential.suspended", credential, decision)
    emails.suspended(session, credential, act)


def reinstate(session: Session, credential: Credential, decision: Decision) -> None:
    """From a day on it counts again."""
    _alone(session, credential)
    suspension = credential.suspension
    if suspension is None:
        return
    if credential.revocation is not None:
        raise Refusal(_("This document was withdrawn, so it cannot be reinstated."))
    not_own(credential, decision.by)
    if decision.on < suspension.on:
        raise Refusal(_("It counts again on the day of its suspension at the earliest."))
    suspension.reinstatement = Reinstatement(**vars(decision))
    _record(session, "credential.reinstated", credential, decision)
    emails.reinstated(session, credential, suspension.reinstatement)


def withdraw(session: Session, credential: Credential, decision: Decision) -> None:
    """From a day on it does not count, for ever; it stays verifiable as withdrawn."""
    _alone(session, credential)
    if credential.revocation is not None:
        return
    not_own(credential, decision.by)
    credential.revocation = Revocation(**vars(decision))
    _record(session, "credential.withdrawn", credential, decision)
    emails.withdrawn(session, credential, credential.revocation)


def not_own(credential: Credential, by: Person) -> None:
    """Nobody decides about a document of their own."""
    if credential.person_id == by.id:
        raise Refusal(_("Someone else must decide about your own document."))


def _alone(session: Session, credential: Credential) -> None:
    """Two officers at once act one after the other; the second sees what the first did."""
    hold(session, select(Credential.id).where(Credential.id == credential.id))
    session.expire(credential, ["suspensions", "revocation", "supersession"])


def _record(session: Session, act: str, credential: Credential, decision: Decision) -> None:
    societies = [decision.society_id or credential.society_ids[0], *credential.society_ids]
    record(session, act, by=decision.by, at=decision.at, on=credential, societies=societies,
           reason=decision.reason, day=decision.on.isoformat())  # fmt: skip
