"""Whether a requirement is met: by what, and how much is missing.

The same function explains to the learner, decides at application and fills an award's evidence.
It knows no today: what counts on a day is what was completed until the end of that day (UTC).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.schemes.models import RequirementKind
from app.texts import gettext as _
from app.texts import ngettext


@dataclass(frozen=True)
class Required:
    """A requirement's facts. Webinars must be held by at least one of `societies`."""

    id: int
    kind: RequirementKind
    count: int = 1
    course_id: int | None = None
    course_title: str = ""
    societies: frozenset[int] = frozenset()

    def __str__(self) -> str:
        if self.kind is RequirementKind.COURSE:
            return _("Course completed: %(title)s", title=self.course_title)
        return ngettext("One joint webinar attended", "%(num)d joint webinars attended", self.count)


@dataclass(frozen=True)
class Done:
    """A completion's facts. Presence is in seconds, scores are per cent."""

    completion_id: int
    activity_id: int
    title: str
    at: datetime
    is_webinar: bool
    held_at: datetime | None = None
    zone: str = "UTC"
    societies: frozenset[int] = frozenset()
    society_names: tuple[str, ...] = ()
    seconds: int | None = None
    of_seconds: int | None = None
    score: int | None = None
    pass_mark: int | None = None

    @property
    def on(self) -> date:
        """The day it was held (in its own zone), or completed."""
        if self.held_at is not None:
            return self.held_at.astimezone(ZoneInfo(self.zone)).date()
        return self.at.date()

    def __str__(self) -> str:
        return f"{self.title}: {self.proof}"

    @property
    def proof(self) -> str:
        """When it was done and how well, in words."""
        parts = [format_date(self.on, "d MMMM yyyy", locale="en_GB")]
        if self.society_names:
            parts.append(", ".join(self.society_names))
        if self.seconds is not None and self.of_seconds:
            parts.append(
                _(
                    "present %(minutes)d of %(of)d minutes",
                    minutes=self.seconds // 60,
                    of=self.of_seconds // 60,
                )
            )
        if self.score is not None:
            parts.append(_("score %(score)d%%", score=self.score))
        return " · ".join(parts)


@dataclass(frozen=True)
class Standing:
    """How a person stands towards one requirement."""

    required: Required
    evidence: tuple[Done, ...]
    missing: int

    @property
    def met(self) -> bool:
        return self.missing == 0


def weigh(required: Required, done: Iterable[Done], *, on: date | None = None) -> Standing:
    """The evidence that counts, earliest first and no more than asked for, and how much is missing.

    An activity counts once, however often it was completed.
    """
    fitting: dict[int, Done] = {}
    for one in sorted(done, key=lambda d: (d.at, d.completion_id)):
        if _counts(required, one) and (on is None or one.at.date() <= on):
            fitting.setdefault(one.activity_id, one)
    evidence = tuple(fitting.values())[: required.count]
    return Standing(required, evidence, required.count - len(evidence))


def weigh_all(
    requirements: Sequence[Required], done: Sequence[Done], *, on: date | None = None
) -> tuple[Standing, ...]:
    return tuple(weigh(required, done, on=on) for required in requirements)


def _counts(required: Required, done: Done) -> bool:
    if required.kind is RequirementKind.COURSE:
        return not done.is_webinar and done.activity_id == required.course_id
    return done.is_webinar and not required.societies.isdisjoint(done.societies)
