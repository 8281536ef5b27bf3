"""What a page shows its reader of a recording."""

from __future__ import annotations

from app.agenda.models import Activity
from app.clock import now
from app.db import db
from app.recordings import queries
from app.recordings.queries import Shown


def shown(activity: Activity) -> Shown | None:
    return queries.shown(db.session, activity, at=now())
