"""What the public page of a course shows of its lessons."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import me
from app.agenda.models import Activity
from app.clock import now
from app.db import db
from app.enrolments.models import Enrolment
from app.learning.progress import Progress
from app.learning.queries import enrolment_on, progress


@dataclass(frozen=True)
class Outline:
    """The lessons of a course, and how far the viewer is through them."""

    lessons: Progress
    enrolment: Enrolment | None
    has_opened: bool

    @property
    def is_open(self) -> bool:
        """Whether the viewer may open the lessons."""
        return self.enrolment is not None and self.enrolment.has_place and self.has_opened


def course_outline(activity: Activity) -> Outline:
    """Two statements: the viewer's enrolment, and the lessons with what they have done of them."""
    enrolment = enrolment_on(db.session, me(), activity)
    lessons = progress(db.session, activity.id, enrolment)
    return Outline(lessons, enrolment, activity.has_opened(now()))
