"""The letters of this room: to speakers, and to whose consent is awaited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import mail
from app.accounts.models import Person
from app.addresses import external_url
from app.agenda import profiles
from app.agenda.models import Activity
from app.agenda.speakers import Speaker
from app.societies.models import Society
from app.texts import gettext as _


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


def ask_for_consent(
    session: Session, activity: Activity, society: Society, person: Person, *, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    """Ask an administrator of a society beside the leading one to agree to the plan."""
    mail.write(
        session, "agenda/consent", to=person.address, at=at, person_id=person.id,
        subject=_("Your consent is asked for: %(title)s", title=activity.title),
        name=person.name, zone=person.zone, title=activity.title, society=society.short,
        lead=activity.lead.name, asker=by.name, windows=activity.windows,
        url=external_url("agenda_staff.show", id=activity.id),
    )  # fmt: skip
