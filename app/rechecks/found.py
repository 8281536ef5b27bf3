"""What a look can find, and the batches in which it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

FILE = "file"
"""The part whose findings are named by a digest."""


@dataclass(frozen=True)
class Found:
    """Something that is not what the register says: in which part, under which name, and why."""

    part: str
    subject: str
    reason: str


Keys = Callable[[Session, int, int], Sequence[int]]
"""The next keys after one, at most so many."""
Look = Callable[[Session, Sequence[int], datetime], Iterable[Found]]


@dataclass(frozen=True)
class Part:
    """A kind of thing that is read again, one key after the other."""

    name: str
    keys: Keys
    look: Look
    batch: int = 100
