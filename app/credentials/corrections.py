"""Correcting the name on a credential: asked by its holder, granted by those who issued it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from app import typefaces
from app.accounts.models import Person
from app.awards.drawing_up import propose_correction
from app.credentials import emails
from app.credentials.issuing import correct
from app.credentials.models import CorrectionRequest, Credential
from app.credentials.withholding import not_own
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


def ask(session: Session, credential: Credential, *, at: datetime) -> CorrectionRequest:
    """Ask that the credential carry the name in the holder's profile."""
    if credential.is_over:
        raise Refusal(_("This document is no longer in force, so it cannot be corrected."))
    name = credential.person.name
    if name == credential.holder_name:
        raise Refusal(
            _("The document already carries the name in your profile. Change it there first.")
        )
    if lacking := typefaces.lacking(name):
        raise Refusal(
            _(
                "Our typefaces lack “%(characters)s”, so this name cannot be printed.",
                characters="".join(lacking),
            )
        )
    for request in credential.corrections:
        if request.is_open and request.name == name:
            return request
    request = CorrectionRequest(credential=credential, name=name, asked_at=at)
    session.add(request)
    record(
        session,
        "correction.asked",
        by=credential.person,
        at=at,
        on=credential,
        societies=credential.society_ids,
        name=name,
    )
    return request


def grant(
    session: Session,
    request: CorrectionRequest,
    *,
    by: Person,
    at: datetime,
    address: Callable[[str], str],
) -> str:
    """A certificate is issued anew; a diploma goes onto a new award list, for all keys to turn."""
    credential = request.credential
    if not request.is_open:
        return request.answer
    not_own(credential, by)
    if credential.award is not None:
        award_list = propose_correction(
            session, credential.award.candidacy, replaces=credential.serial, by=by, at=at
        )
        answer = _("Put onto the award list “%(title)s”.", title=award_list.title)
    else:
        answer = _(
            "Issued anew as %(serial)s.",
            serial=correct(session, credential, by=by, at=at, address=address).serial,
        )
    _answered(session, request, granted=True, answer=answer, by=by, at=at)
    return answer


def decline(
    session: Session, request: CorrectionRequest, *, by: Person, at: datetime, reason: str
) -> None:
    if request.is_open:
        not_own(request.credential, by)
        _answered(session, request, granted=False, answer=reason, by=by, at=at)


def _answered(
    session: Session,
    request: CorrectionRequest,
    *,
    granted: bool,
    answer: str,
    by: Person,
    at: datetime,
) -> None:
    request.is_granted, request.answer = granted, answer
    request.answered_at, request.answered_by_id = at, by.id
    act = "correction.granted" if granted else "correction.declined"
    record(
        session,
        act,
        by=by,
        at=at,
        on=request.credential,
        societies=request.credential.society_ids,
        answer=answer,
    )
    emails.answered(session, request, at=at)


def is_asked() -> ColumnElement[bool]:
    """Whether its holder waits for an answer, as a condition."""
    return Credential.corrections.any(CorrectionRequest.answered_at.is_(None))


def number_asked(session: Session, within: Select[Credential], *, by: Person) -> int:
    return session.scalar(select(counted(within, by=by))) or 0


def counted(within: Select[Credential], *, by: Person) -> ScalarSelect[int]:
    """How many documents of a reach wait for this person's answer; nobody answers themselves."""
    ids = within.where(is_asked(), Credential.person_id != by.id).with_only_columns(Credential.id)
    return select(func.count()).select_from(ids.subquery()).scalar_subquery()
