"""What is this file, what is this serial? A stranger's questions, answered from the register."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session, load_only

from app.credentials import serial as serials
from app.credentials.models import Credential
from app.credentials.standing import Standing, standing
from app.files import digest_of

PATTERN = re.compile(rb"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}")
MOST_STREAMS = 200
MOST_INFLATED = 2_000_000
"""Bytes of one stream; all together may hold ten times as many."""


class File(StrEnum):
    """What a file is in comparison with what was issued."""

    IDENTICAL = "identical"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What the register says of a serial or a file."""

    file: File | None
    digest: str | None
    credential: Credential | None
    standing: Standing | None

    @property
    def is_good(self) -> bool:
        """Genuine and valid today; with a file, that very file."""
        return self.standing is Standing.VALID and self.file in {None, File.IDENTICAL}


def by_serial(session: Session, text: str, *, on: date, digest: str | None = None) -> Verdict:
    """The verdict on a serial someone typed, and on a file's digest if one is named with it."""
    number = serials.read(text)
    found = _one(session, Credential.serial == number) if number else None
    if found is None:
        return Verdict(File.UNKNOWN if digest else None, digest, None, None)
    file = None
    if digest is not None:
        file = File.IDENTICAL if digest == found.file_digest else File.ALTERED
    return Verdict(file, digest, found, standing(found, on=on))


def by_file(session: Session, content: bytes, *, on: date) -> Verdict:
    """The verdict on a file: its digest is compared; a serial in an altered one is named."""
    digest = digest_of(content)
    named = list(_serials_in(content))  # this takes a while: before a transaction is open
    if found := _one(session, Credential.file_digest == digest):
        return Verdict(File.IDENTICAL, digest, found, standing(found, on=on))
    for number in named:
        if found := _one(session, Credential.serial == number):
            return Verdict(File.ALTERED, digest, found, standing(found, on=on))
    return Verdict(File.UNKNOWN, digest, None, None)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict for machines; never the holder's name unless the holder has published it."""
    found = verdict.credential
    answer: dict[str, Any] = {
        "verdict": _word(verdict),
        "genuine": found is not None and verdict.file in {None, File.IDENTICAL},
        "valid": verdict.is_good,
        "file": verdict.file and {"state": str(verdict.file), "sha256": verdict.digest},
    }
    if found is None:
        return {**answer, "serial": None}
    snapshot = found.snapshot
    return {
        **answer,
        "serial": found.serial,
        "standing": str(verdict.standing),
        "kind": str(found.kind),
        "title": snapshot["title"],
        "edition": snapshot["edition"],
        "awarded_by": [s["name"] for s in snapshot["awarding"]],
        "holder": snapshot["holder"]["name"] if found.shows_name else None,
        "decided_on": snapshot["decided_on"],
        "issued_on": snapshot["issued_on"],
        "valid_until": snapshot["valid_until"],
        "sample": snapshot["sample"],
        "sha256": found.file_digest,
        "withdrawn_on": found.revocation and found.revocation.on.isoformat(),
        "superseded_by": found.supersession and found.supersession.new.serial,
    }


def _word(verdict: Verdict) -> str:
    if verdict.credential is None:
        return "unknown"
    if verdict.file is File.ALTERED:
        return "altered"
    return str(verdict.standing)


def _one(session: Session, condition: Any) -> Credential | None:
    return session.scalars(
        Credential.whole()
        .where(condition)
        .options(
            load_only(
                Credential.serial,
                Credential.kind,
                Credential.snapshot,
                Credential.issued_on,
                Credential.valid_until,
                Credential.file_digest,
                Credential.shows_name,
            )
        )
    ).one_or_none()


def _serials_in(content: bytes) -> Iterator[str]:
    """Serials that a PDF names: in the clear, or in streams that inflate to a reasonable size."""
    seen: set[str] = set()
    for text in (content, *_inflated(content)):
        for match in PATTERN.finditer(text):
            number = serials.read(match.group().decode())
            if number and number not in seen and len(seen) < 20:
                seen.add(number)
                yield number


def _inflated(content: bytes) -> Iterator[bytes]:
    left = 10 * MOST_INFLATED
    for count, match in enumerate(re.finditer(rb"stream\r?\n", content)):
        if count == MOST_STREAMS or left <= 0:
            return
        try:
            text = zlib.decompressobj().decompress(
                content[match.end() : match.end() + 500_000], min(left, MOST_INFLATED)
            )
        except zlib.error:
            continue
        left -= len(text)
        yield text
