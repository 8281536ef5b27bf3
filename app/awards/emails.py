"""What officers are told: that their society's key is awaited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app import mail
from app.accounts.models import Person
from app.addresses import external_url
from app.awards.models import AwardList
from app.awards.queries import key_holders
from app.societies.models import Society
from app.texts import gettext as _


def await_keys(
    session: Session,
    award_list: AwardList,
    societies: Iterable[Society],
    *,
    at: datetime,
    approved: Society | None = None,
) -> None:
    """Ask the officers of these societies for their key; nobody is asked about their own award."""
    asked = {s.id: s for s in societies}
    holders = {award.candidacy.person_id for award in award_list.standing_awards}
    wanted = {
        person: asked[society]
        for person, society in key_holders(session, list(asked), on=at.date())
        if person not in holders
    }
    people = select(Person).where(Person.id.in_(wanted)).order_by(Person.id)
    for person in session.scalars(people.options(selectinload(Person.addresses))):
        mail.write(
            session,
            "awards/key_awaited",
            to=person.address,
            subject=_("The approval of %(society)s is awaited: %(title)s",
                      society=wanted[person.id].short, title=award_list.title),
            at=at,
            person_id=person.id,
            name=person.name,
            society=wanted[person.id].name,
            approved=approved.name if approved else None,
            title=award_list.title,
            scheme=award_list.scheme.title,
            edition=award_list.edition.name,
            holders=len(award_list.standing_awards),
            digest=award_list.digest,
            url=external_url("awards.show", id=award_list.id),
        )  # fmt: skip
