"""When a learner may sit a test: the reasons against it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.locale import moment
from app.texts import gettext as _
from app.texts import ngettext as _n


@dataclass(frozen=True)
class Obstacle:
    """A reason why a test cannot be started now."""

    kind: str  # "no test" | "passed" | "lessons first" | "too soon"
    lessons: int = 0
    opens_at: datetime | None = None

    def __str__(self) -> str:
        if self.kind == "lessons first":
            return _n(
                "The test opens when all lessons are done: one is left.",
                "The test opens when all lessons are done: %(num)d are left.",
                self.lessons,
            )
        if self.kind == "too soon" and self.opens_at is not None:
            return _("You may try again from %(moment)s.", moment=moment(self.opens_at))
        return {
            "no test": _("This course has no test."),
            "passed": _("You have passed this test."),
        }[self.kind]


def obstacles(
    *, questions: int, lessons_left: int, passed: bool, opens_at: datetime | None, at: datetime,
) -> list[Obstacle]:  # fmt: skip
    """Every reason against a new sitting; none means go ahead. There is no limit of tries.

    The lessons come first: the test asks what they teach, and so there is one next thing to do.
    """
    if questions == 0:
        return [Obstacle("no test")]
    if passed:
        return [Obstacle("passed")]
    found = []
    if lessons_left:
        found.append(Obstacle("lessons first", lessons=lessons_left))
    if opens_at is not None and at < opens_at:
        found.append(Obstacle("too soon", opens_at=opens_at))
    return found
