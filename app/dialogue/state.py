"""What other pages show of the dialogue of a webinar."""

from __future__ import annotations

from app.agenda.models import Activity
from app.clock import now
from app.db import db
from app.dialogue.queries import open_polls


def dialogue_open(activity: Activity) -> int:
    """How many polls wait for an answer while the webinar runs."""
    if not activity.has_started(now()) or activity.has_ended(now()):
        return 0
    return len(open_polls(db.session, activity.id))
