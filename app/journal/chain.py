"""The hash chain: each link's digest covers its entry and the digest before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

START = bytes(32)


@dataclass(frozen=True)
class Written:
    """An entry as it is hashed."""

    id: int
    at: datetime
    act: str
    actor_id: int | None
    actor_name: str
    subject_kind: str
    subject_id: int | None
    subject_name: str
    society_id: int | None
    details: dict[str, Any]
    origin: str
    route: str
    societies: tuple[int, ...] = ()
    """All that it concerns, in the order of their keys."""


@dataclass(frozen=True)
class Linked:
    """A link as it is stored, with its entry if that is still there."""

    position: int
    entry_id: int
    digest: bytes
    entry: Written | None


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    position: int
    entry_id: int | None
    reason: str


def digest(previous: bytes, entry: Written) -> bytes:
    """SHA-256 over the digest before and the entry in RFC 8785 canonical JSON.

    The societies are left out when they are just the one that `society_id` names, or nobody: so
    were entries linked before an entry could concern several. Whatever else they say is hashed.
    """
    body = {**vars(entry), "at": entry.at.isoformat(timespec="microseconds")}
    if entry.societies == (() if entry.society_id is None else (entry.society_id,)):
        del body["societies"]
    return hashlib.sha256(previous + rfc8785.dumps(body)).digest()


def first_break(
    links: Iterable[Linked], *, start: bytes = START, position: int = 1
) -> Break | None:
    """Walk the chain in order; None when every link holds."""
    previous = start
    for expected, link in enumerate(links, position):
        if link.position != expected:
            return Break(expected, None, f"link {expected} is missing")
        if link.entry is None:
            return Break(expected, link.entry_id, "the entry is missing")
        if digest(previous, link.entry) != link.digest:
            return Break(expected, link.entry_id, "the entry is not what was linked")
        previous = link.digest
    return None
