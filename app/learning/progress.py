"""How far a learner is through the lessons of a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A lesson as an outline shows it: its place from 1, and whether the viewer has done it."""

    position: int
    lesson_id: int
    title: str
    minutes: int
    is_done: bool = False


@dataclass(frozen=True)
class Progress:
    """Lessons in their order, as far as one learner is through them."""

    steps: Sequence[Step]

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first lesson that is not done; none when all are."""
        return next((step for step in self.steps if not step.is_done), None)

    def after(self, position: int) -> Step | None:
        """The first lesson after this place that is not done, else the first one anywhere."""
        later = (s for s in self.steps if s.position > position and not s.is_done)
        return next(later, None) or self.next

    def at(self, position: int) -> Step | None:
        return self.steps[position - 1] if 1 <= position <= self.total else None
