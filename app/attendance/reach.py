"""Which webinars a course administrator may settle the presence of."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import one_or_404, society_ids
from app.agenda.models import Activity, Announcement, Kind, Organiser
from app.societies.models import Office


def webinar_of_staff(id: int) -> Activity:
    """An announced webinar that a society of the person's office holds, or 404."""
    return one_or_404(_webinars(society_ids(Office.COURSE_ADMINISTRATOR)).where(Activity.id == id))


def _webinars(societies: list[int]) -> Select[Activity]:
    theirs = select(Organiser.activity_id).where(Organiser.society_id.in_(societies))
    return (
        select(Activity)
        .join(Announcement)
        .where(Activity.kind == Kind.WEBINAR, Activity.id.in_(theirs))
        .options(
            selectinload(Activity.organisers).joinedload(Organiser.society, innerjoin=True),
            joinedload(Activity.sessions),
            joinedload(Activity.announcement),
        )
    )
