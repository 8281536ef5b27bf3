"""What the public page of a course shows of its lessons."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import me
from app.agenda.models import Activity
from app.clock import now
from app.db import db
from app.learning import queries
from app.learning.progress import Progress


@dataclass(frozen=True)
class Outline:
    """The lessons of a course, and how far the viewer is through them."""

    lessons: Progress
    has_place: bool
    has_opened: bool

    @property
    def is_open(self) -> bool:
        """Whether the viewer may open the lessons."""
        return self.has_place and self.has_opened


def course_outline(activity: Activity) -> Outline:
    lessons, has_place = queries.outline(db.session, activity.id, me())
    return Outline(lessons, has_place, activity.has_opened(now()))
