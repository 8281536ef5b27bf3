"""Writing to those whose declaration is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda import profiles
from app.agenda.models import Activity
from app.disclosures import queries
from app.disclosures.emails import ask
from app.disclosures.standing import State

NOT_AGAIN_WITHIN = timedelta(hours=1)
"""A second press of the button writes no second letter."""


@dataclass(frozen=True)
class Reminded:
    """Who was written to, and who was not."""

    written_to: Sequence[str]
    lately: Sequence[str]
    out_of_reach: Sequence[str]


def remind(session: Session, activity: Activity, *, by: Person, at: datetime) -> Reminded:
    """Send the link to everyone on the programme who has not declared."""
    silent = [
        standing.speaker
        for standing in queries.standings(session, activity)
        if standing.state is State.MISSING
    ]
    reached = [speaker for speaker in silent if speaker.address]
    recent = {
        letter.speaker_id
        for letter in profiles.invitations(session, reached)
        if letter.at > at - NOT_AGAIN_WITHIN
    }
    due = [speaker for speaker in reached if speaker.id not in recent]
    for speaker in due:
        ask(session, speaker, by=by, at=at)
    return Reminded(
        [s.name for s in due],
        [s.name for s in reached if s.id in recent],
        [s.name for s in silent if not s.address],
    )
