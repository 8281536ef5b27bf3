"""Letters about credentials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import mail
from app.credentials.models import Credential, CredentialKind
from app.texts import gettext as _
from app.web import external_url


def ready(session: Session, credential: Credential, *, at: datetime) -> None:
    """Its file can be fetched now."""
    title = credential.title
    subject = {
        CredentialKind.DIPLOMA: _("Your diploma is ready: %(title)s", title=title),
        CredentialKind.ATTENDANCE: _("Your certificate of attendance: %(title)s", title=title),
        CredentialKind.COMPLETION: _("Your certificate of completion: %(title)s", title=title),
    }[credential.kind]
    mail.write(
        session,
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
