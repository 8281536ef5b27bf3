"""What stands once presence is settled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import object_session

from app.agenda.models import Activity
from app.attendance.models import Settlement
from app.texts import gettext as _


def against_cancelling(activity: Activity, at: datetime) -> list[object]:
    """A webinar whose presence is settled has taken place."""
    session = object_session(activity)
    assert session is not None
    if session.get(Settlement, activity.id) is None:
        return []
    return [_("Its presence is settled: it has taken place.")]
