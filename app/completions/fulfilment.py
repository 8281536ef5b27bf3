"""When a course is completed: what is missing, what comes next, and the act itself.

The presence that completes a webinar is weighed in `settling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import jobs
from app.assessments.models import Sitting
from app.completions.coursework import Coursework, coursework
from app.completions.models import Completion
from app.enrolments.models import Enrolment
from app.journal.models import record
from app.learning.models import hold
from app.learning.progress import Step
from app.texts import gettext as _
from app.texts import ngettext as _n


@dataclass(frozen=True)
class Missing:
    """Something that stands between a learner and the completion of a course."""

    kind: str  # "nothing to do" | "lessons" | "test"
    lessons: int = 0

    def __str__(self) -> str:
        if self.kind == "lessons":
            return _n("One lesson is left.", "%(num)d lessons are left.", self.lessons)
        return {
            "nothing to do": _("The lessons of this course are still being prepared."),
            "test": _("The test is not passed yet."),
        }[self.kind]


@dataclass(frozen=True)
class Next:
    """The one next thing to do on a course."""

    kind: str  # "completed" | "nothing to do" | "resume" | "lesson" | "wait" | "test" | "complete"
    lesson: Step | None = None
    sitting: Sitting | None = None
    opens_at: datetime | None = None


def obstacles(work: Coursework) -> list[Missing]:
    """What is missing for completion; none means the course is done.

    Every lesson that the course has now must be done, and its test passed if it has one. A course
    without a test is completed by its lessons, one without lessons by its test.
    """
    if work.total == 0:
        return [Missing("nothing to do")]
    found = []
    if work.lessons.left:
        found.append(Missing("lessons", lessons=work.lessons.left))
    if work.test and work.passed is None:
        found.append(Missing("test"))
    return found


def next_thing(work: Coursework, *, at: datetime) -> Next:
    """What the learner does next: a paper that lies open first, then lessons, then the test."""
    missing = {one.kind for one in obstacles(work)}
    if work.completion is not None:
        return Next("completed")
    if "nothing to do" in missing:
        return Next("nothing to do")
    if work.open_sitting is not None and "test" in missing:
        return Next("resume", sitting=work.open_sitting)
    if "lessons" in missing:
        return Next("lesson", lesson=work.lessons.next)
    if "test" in missing:
        waits = work.opens_at is not None and at < work.opens_at
        return Next("wait" if waits else "test", opens_at=work.opens_at)
    return Next("complete")


def complete(session: Session, enrolment: Enrolment, *, at: datetime) -> Completion | None:
    """Complete the course if nothing is missing; done twice it is completed once.

    Called after every act that may have been the last one missing. None means something still is.
    """
    hold(session, enrolment)
    work = coursework(session, enrolment)
    if work.completion is not None:
        return work.completion
    if not enrolment.has_place or obstacles(work):
        return None
    passed = work.passed
    completion = Completion(
        enrolment=enrolment,
        person=enrolment.person,
        activity=enrolment.activity,
        at=at,
        score=passed.grading.score if passed and passed.grading else None,
        pass_mark=passed.pass_mark if passed else None,
    )
    session.add(completion)
    record(session, "course.completed", by=enrolment.person, at=at, on=completion,
           course=enrolment.activity_id, score=completion.score,
           pass_mark=completion.pass_mark)  # fmt: skip
    jobs.nudge(session)
    return completion
