"""What a learner is told of the ruling on their contest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import mail
from app.addresses import external_url
from app.contests.models import Ruling
from app.texts import gettext as _


def tell(session: Session, ruling: Ruling, *, at: datetime) -> None:
    contest = ruling.contest
    person, activity = contest.person, contest.activity
    mail.write(
        session,
        "contests/ruled",
        to=person.address,
        subject=_("Your presence: %(title)s", title=activity.title),
        at=at,
        person_id=person.id,
        name=person.name,
        title=activity.title,
        grants=ruling.grants,
        completes=ruling.completes,
        minutes=ruling.seconds // 60,
        of_minutes=contest.of_seconds // 60,
        reason=ruling.reason,
        url=external_url("attendance_own.show", id=contest.enrolment_id),
    )
