"""Facts about a file, as they pass from the process that read it to the one that judges."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

SERIAL = re.compile(rb"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}")
MOST_SERIALS = 20
MOST_CREDENTIAL = 300_000
"""Bytes."""


@dataclass(frozen=True)
class Stamp:
    """A time stamp of an RFC 3161 authority: inside a seal, or over a whole document."""

    at: str
    by: str
    holds: bool
    """Whether the authority's signature fits, and covers what it stands beside."""
    certificate: str = ""
    """Of the authority, DER in base 64."""
    chain: tuple[str, ...] = ()
    revision: int = -1
    """Of a time stamp over the document: which revision it closes."""


@dataclass(frozen=True)
class FoundSeal:
    """A signature in a PDF."""

    field: str
    key: str = ""
    """SHA-256 of the public key that verifies it (SubjectPublicKeyInfo)."""
    claims: str = ""
    """Whom its certificate names; anyone can write any name there."""
    fault: str = ""
    """Why it proves nothing: unreadable, part, weak, digest or signature; nothing when it holds."""
    changes: str = "none"
    """What came after it: none, stamps, seals or other."""
    why: str = ""
    """What is wrong with what came after it, in the words of the library that found it."""
    said_at: str = ""
    """When it was made by its own word."""
    stamps: tuple[Stamp, ...] = ()
    certificate: str = ""
    chain: tuple[str, ...] = ()
    revision: int = -1


@dataclass(frozen=True)
class Facts:
    """What a file is and says."""

    form: str
    """pdf, png, svg, json, jwt or other."""
    digest: str = ""
    size: int = 0
    fault: str = ""
    """Why it could not be read to its end: encrypted, broken, or excessive."""
    serials: tuple[str, ...] = ()
    """What looks like a serial of ours, in the order in which it appears."""
    seals: tuple[FoundSeal, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    """Time stamps over the whole document."""
    empty_fields: tuple[str, ...] = ()
    """Places for seals that nobody sealed."""
    credential: str = ""
    """The credential attached to it, baked into it, or it itself: JSON, or a compact JWT."""
    has_archive: bool = False
    """Whether it carries certificates and revocation lists for later (a DSS)."""
    is_covered: bool = False
    """Whether its last seal or time stamp covers it to its last byte."""
    revisions: tuple[str, ...] = ()
    """SHA-256 of the file as it was after each seal and time stamp in it."""

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Facts:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in plain.items()
        }
        values["seals"] = tuple(_seal(one) for one in plain.get("seals", ()))
        values["stamps"] = tuple(_stamp(one) for one in plain.get("stamps", ()))
        return cls(**values)


def _seal(plain: dict[str, Any]) -> FoundSeal:
    stamps = tuple(_stamp(one) for one in plain["stamps"])
    return FoundSeal(**{**plain, "stamps": stamps, "chain": tuple(plain["chain"])})


def _stamp(plain: dict[str, Any]) -> Stamp:
    return Stamp(**{**plain, "chain": tuple(plain["chain"])})
