"""Something that waits for somebody who holds an office."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 8
"""Of one kind, on the desk."""


@dataclass(frozen=True)
class Turn:
    """What it is, what it means, and the link with which it is done."""

    text: str
    quiet: str
    label: str
    href: str
    kind: str = "turn"
