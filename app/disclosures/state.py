"""What pages of other rooms show of disclosures to their reader."""

from __future__ import annotations

from app.agenda.models import Activity
from app.agenda.speakers import Speaker
from app.db import db
from app.disclosures import queries, words
from app.disclosures.standing import Standing


def disclosed_by(activity: Activity) -> words.Shown | None:
    """What the people of a programme disclose to learners, if there is anything to say."""
    found = queries.standings(db.session, activity)
    return words.shown(found, is_required=activity.has_credits) if found else None


def own_disclosure(speaker: Speaker) -> Standing:
    """Where the holder of a personal page stands."""
    return Standing(speaker, queries.of_speaker(db.session, speaker))
