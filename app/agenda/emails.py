"""The letters of this room: the link to a speaker's personal page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import mail
from app.accounts.models import Person
from app.agenda import profiles
from app.agenda.speakers import Speaker
from app.texts import gettext as _
from app.web import external_url


def invite(
    session: Session, speaker: Speaker, *, by: Person, at: datetime, disclosure_due: bool = False
) -> None:
    """Send a speaker the link to their page; `disclosure_due`: above all because of that."""
    token = profiles.invite(speaker, by=by, at=at)
    activity = speaker.activity
    subject = (
        _("Please declare before the webinar: %(title)s", title=activity.title)
        if disclosure_due
        else _("Your page for %(title)s", title=activity.title)
    )
    mail.write(
        session,
        "agenda/personal_page",
        to=speaker.address,
        subject=subject,
        at=at,
        name=speaker.name,
        part=str(speaker.part),
        title=activity.title,
        is_webinar=activity.is_webinar,
        starts_at=activity.starts_at if activity.is_webinar else None,
        zone=activity.zone,
        societies=[society.short for society in activity.societies],
        disclosure_due=disclosure_due,
        url=external_url("speaking.show", token=token),
    )
