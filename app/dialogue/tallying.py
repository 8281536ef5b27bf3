"""Counting what was chosen: choices as bits in, counts and percentages out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def bits(indexes: Iterable[int]) -> int:
    """Choices, counted from 0, as bits."""
    return sum(1 << index for index in set(indexes))


def indexes(chosen: int, of: int) -> list[int]:
    """The choices that these bits stand for."""
    return [index for index in range(of) if chosen >> index & 1]


def percent(part: int, of: int) -> int:
    """Hundredths in whole numbers, halves rounded up; nothing of nothing is nothing."""
    return (200 * part + of) // (2 * of) if of else 0


@dataclass(frozen=True)
class Row:
    """One choice, how many chose it, and the share of those who answered."""

    text: str
    count: int
    percent: int


@dataclass(frozen=True)
class Result:
    """How many answered, and what they chose."""

    answers: int
    rows: Sequence[Row]


def tally(choices: Sequence[str], found: Iterable[tuple[int, int]]) -> Result:
    """The result of pairs of (chosen bits, how many chose just these)."""
    counts = [0] * len(choices)
    answers = 0
    for chosen, people in found:
        answers += people
        for index in indexes(chosen, len(choices)):
            counts[index] += people
    rows = [
        Row(text, count, percent(count, answers))
        for text, count in zip(choices, counts, strict=True)
    ]
    return Result(answers, rows)
