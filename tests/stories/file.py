"""A file that somebody chooses in a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """Its content and the name that it comes with."""

    content: bytes
    name: str
