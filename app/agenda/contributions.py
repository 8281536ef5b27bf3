"""What a society beside the leading one brings to an activity: its own speakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.agenda.speakers import Named, Speaker, seated
from app.db import Base
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _


class BroughtBy(Base):
    """That a society beside the leading one brought a speaker; it brought the others itself."""

    __tablename__ = "speakers_brought"
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"))


def brought(session: Session, activity: Activity, society: Society) -> list[Speaker]:
    """The speakers of an activity whom a society beside the leading one has brought."""
    own = brought_by(session, activity, [society.id])
    return [speaker for speaker in activity.speakers if speaker.id in own]


def brought_by(session: Session, activity: Activity, society_ids: Sequence[int]) -> set[int]:
    """The keys of the speakers whom these societies have brought."""
    ids = [speaker.id for speaker in activity.speakers]
    theirs = select(BroughtBy.speaker_id).where(
        BroughtBy.speaker_id.in_(ids), BroughtBy.society_id.in_(society_ids)
    )
    return set(session.scalars(theirs))


def programme(activity: Activity, own: Sequence[Speaker], people: Sequence[Named]) -> list[Named]:
    """The programme with these people in the place of a society's own, after everybody else."""
    return [*(one.named for one in activity.speakers if one not in own), *people]


def against(activity: Activity, own: Sequence[Speaker], people: Sequence[Named]) -> list[str]:
    """What stands against bringing these people."""
    others = {one.name for one in activity.speakers if one not in own}
    found = [
        _("%(name)s is on the programme already.", name=person.name)
        for person in people
        if person.name in others
    ]
    texts = replace(activity.texts, speakers=tuple(programme(activity, own, people)))
    return found + [
        _("%(name)s has to declare interests first: ask the leading society.", name=person.name)
        for person in activity.owing(texts)
    ]


def bring(
    activity: Activity, society: Society, people: Sequence[Named], *, by: Person, at: datetime
) -> None:
    """Name the speakers whom a society beside the leading one brings; nobody else's change."""
    session = object_session(activity)
    assert session is not None
    if society not in activity.beside:
        raise Refusal(_("Only a society that holds this together with others brings speakers."))
    if activity.is_cancelled or activity.has_ended(at):
        raise Refusal(_("This is over: its programme stands."))
    own = brought(session, activity, society)
    Refusal.unless_none(against(activity, own, people))
    speakers = seated(activity.named, programme(activity, own, people))
    theirs = speakers[len(speakers) - len(people) :]
    activity.speakers = speakers
    session.flush()
    for speaker in theirs:
        session.merge(BroughtBy(speaker_id=speaker.id, society_id=society.id))
    if activity.is_announced:
        activity.changes += 1
        activity.changed_at = at
    else:
        _ask_others_again(activity, society, at)
    record(session, f"{activity.kind}.speakers_brought", by=by, at=at, on=activity,
           society_id=society.id, speakers=[person.name for person in people])  # fmt: skip


def _ask_others_again(activity: Activity, society: Society, at: datetime) -> None:
    for consent in activity.consents:
        if consent.void_at is None and consent.society_id != society.id:
            consent.void_at = at
