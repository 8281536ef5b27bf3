"""What a paper that was handed in is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.assessments.drawing import Item


@dataclass(frozen=True)
class Result:
    right: int
    total: int
    passed: bool


def grade(paper: Sequence[Item], answers: Sequence[int], *, pass_mark: int) -> Result:
    """Count the right answers; a paper has at least one question and one answer to each.

    A test is passed when right / total reaches the pass mark, in whole numbers only: three of four
    are exactly 75 per cent, and nothing is lost to rounding. Raises ValueError for a paper without
    questions or a wrong number of answers.
    """
    if not paper:
        raise ValueError("a paper has at least one question")
    right = len(paper) - len(wrong(paper, answers))
    return Result(right, len(paper), passed=right * 100 >= pass_mark * len(paper))


def wrong(paper: Sequence[Item], answers: Sequence[int]) -> list[int]:
    """The indices of the questions that were not answered right, in their order."""
    if len(answers) != len(paper):
        raise ValueError("one answer to each question")
    pairs = enumerate(zip(paper, answers, strict=True))
    return [index for index, (item, answer) in pairs if answer != item.right]


def score(right: int, total: int) -> int:
    """Per cent of the questions, rounded down: nobody is shown a mark that was not reached.

    It agrees with passing for every whole pass mark p: floor(100 r / t) >= p iff 100 r >= p t.
    """
    return right * 100 // total
