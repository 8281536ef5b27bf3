"""The copy of a letter for one reader."""

from __future__ import annotations

from datetime import datetime

from app import locale, mail
from app.addresses import external_url
from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.letters import filling
from app.letters.models import Letter
from app.outbox.models import Message


def compose(
    letter: Letter, activity: Activity, enrolment: Enrolment, at: datetime, reply_to: str = ""
) -> Message:
    """`reply_to`: whoever would send it, as long as it is a draft."""
    person, reply_to = enrolment.person, letter.reply_to or reply_to
    values = {
        "name": person.name,
        "title": activity.title,
        "when": locale.moment(activity.starts_at, person.zone) if activity.starts_at else "",
        "link": external_url("enrolments.show", id=enrolment.id),
    }
    return mail.compose(
        "letters/letter",
        to=person.address,
        subject=filling.plain(letter.subject, values),
        at=at,
        person_id=person.id,
        headers={"Reply-To": reply_to} if reply_to else None,
        body=locale.markdown(filling.marked(letter.body, values)),
        words=filling.plain(letter.body, values),
        title=activity.title,
        societies=[society.short for society in activity.societies],
        reply_to=reply_to,
    )
