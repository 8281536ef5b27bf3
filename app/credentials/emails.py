"""Letters about credentials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import mail
from app.addresses import external_url
from app.credentials.models import (
    CorrectionRequest,
    Credential,
    CredentialKind,
    Reinstatement,
    Revocation,
    Suspension,
)
from app.outbox.models import Message
from app.signing_keys.ending import officers
from app.societies.models import Society
from app.texts import gettext as _


def suspended(session: Session, credential: Credential, act: Suspension) -> None:
    """It does not count for a while."""
    subject = _("Suspended for now: %(title)s", title=credential.title)
    _tell(session, "credentials/suspended", credential, subject, act)


def reinstated(session: Session, credential: Credential, act: Reinstatement) -> None:
    """It counts again."""
    subject = _("It counts again: %(title)s", title=credential.title)
    _tell(session, "credentials/reinstated", credential, subject, act)


def withdrawn(session: Session, credential: Credential, act: Revocation) -> None:
    """It does not count any more."""
    subject = _("Withdrawn: %(title)s", title=credential.title)
    _tell(session, "credentials/withdrawn", credential, subject, act)


def answered(session: Session, request: CorrectionRequest, *, at: datetime) -> None:
    """The holder learns what became of their wish for another name."""
    credential = request.credential
    mail.write(
        session,
        "credentials/correction_answered",
        to=credential.person.address,
        subject=_("Your correction is granted: %(title)s", title=credential.title)
        if request.is_granted
        else _("Your correction is declined: %(title)s", title=credential.title),
        at=at,
        person_id=credential.person_id,
        name=credential.person.name,
        asked=request.name,
        title=credential.title,
        serial=credential.serial,
        is_granted=request.is_granted,
        is_diploma=credential.award_id is not None,
        answer=request.answer,
        url=external_url("credentials.show", serial=credential.serial),
    )


def _tell(
    session: Session, letter: str, credential: Credential, subject: str,
    act: Suspension | Reinstatement | Revocation,
) -> None:  # fmt: skip
    mail.write(
        session,
        letter,
        to=credential.person.address,
        subject=subject,
        at=act.at,
        person_id=credential.person_id,
        name=credential.holder_name,
        title=credential.title,
        serial=credential.serial,
        on=act.on,
        reason=act.reason,
        url=external_url("credentials.show", serial=credential.serial),
    )


def ready(credential: Credential, *, at: datetime) -> Message:
    """Its file can be fetched now."""
    title = credential.title
    subject = {
        CredentialKind.DIPLOMA: _("Your diploma is ready: %(title)s", title=title),
        CredentialKind.ATTENDANCE: _("Your certificate of attendance: %(title)s", title=title),
        CredentialKind.COMPLETION: _("Your certificate of completion: %(title)s", title=title),
    }[credential.kind]
    return mail.compose(
        "credentials/ready",
        to=credential.person.address,
        subject=subject,
        at=at,
        person_id=credential.person_id,
        name=credential.holder_name,
        title=title,
        serial=credential.serial,
        is_diploma=credential.kind is CredentialKind.DIPLOMA,
        url=external_url("credentials.show", serial=credential.serial),
        verify_url=credential.snapshot["verify_url"],
    )


def signature_awaited(
    session: Session, credential: Credential, society_id: int, *, at: datetime
) -> None:
    """A society that keeps its key itself is asked to sign: its officers learn of the first one."""
    society = session.get_one(Society, society_id)
    for person in officers(session, [society_id], on=at.date()):
        if person.id == credential.person_id:
            continue
        mail.write(
            session,
            "credentials/signature_awaited",
            to=person.address,
            subject=_("The signature of %(society)s is awaited", society=society.short),
            at=at,
            person_id=person.id,
            name=person.name,
            society=society.name,
            title=credential.title,
            serial=credential.serial,
            url=external_url("seals_staff.index"),
        )
