"""Many serials at once: a table comes in, the same table with its answers goes out."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only, selectinload

from app import locale
from app.credentials import serial as serials
from app.credentials.models import Credential, Suspension
from app.credentials.standing import Standing, standing
from app.errors import Refusal
from app.sealing.models import DocumentTimestamp
from app.tables import written
from app.texts import gettext as _
from app.verification import logged
from app.verification.judgement import File
from app.verification.names import same

MOST_ROWS = 2_000
MOST_NAMES = 3
"""Names that are compared with one serial: more would be guessing."""
LONGEST = 300
CHUNK = 500
COLUMNS = ("serial", "name", "verdict", "valid", "kind", "title", "awarded_by", "issued_on",
           "valid_until", "name_matches", "checked_at")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A row that came in."""

    serial: str
    name: str = ""


@dataclass(frozen=True)
class Answer:
    """What is said of a row."""

    asked: Asked
    verdict: str
    credential: Credential | None = None
    name_matches: str = ""
    """yes, no, or why it was not compared."""

    def cells(self, at: datetime) -> tuple[str, ...]:
        found = self.credential
        snapshot = found.snapshot if found else {}
        told = (
            str(found.kind) if found else "",
            str(snapshot.get("title", "")),
            "; ".join(s["name"] for s in snapshot.get("awarding", [])),
            str(snapshot.get("issued_on") or ""),
            str(snapshot.get("valid_until") or ""),
        )
        is_valid = "yes" if self.verdict == "valid" else "no"
        return (self.asked.serial, self.asked.name, self.verdict, is_valid, *told,
                self.name_matches, at.isoformat(timespec="seconds"))  # fmt: skip


def read(content: bytes) -> list[Asked]:
    """The rows of a table: serials alone, or serials and names, with or without a head."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(_("The table is not in UTF-8. Please save it as CSV UTF-8.")) from None
    head = text[:2_000].split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows: list[Asked] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if not any(cell.strip() for cell in cells):
                continue
            if not rows and _is_head(cells):
                continue
            if len(rows) == MOST_ROWS:
                raise Refusal(
                    _(
                        "A table may hold %(most)s rows; please cut it.",
                        most=locale.number(MOST_ROWS),
                    )
                )
            name = cells[1].strip()[:LONGEST] if len(cells) > 1 else ""
            rows.append(Asked(cells[0].strip()[:LONGEST], name))
    except csv.Error:
        raise Refusal(_("The table cannot be read as CSV.")) from None
    if not rows:
        raise Refusal(_("The table holds no serial. The first column takes one in each row."))
    return rows


def _is_head(cells: Sequence[str]) -> bool:
    return serials.read(cells[0]) is None and "serial" in cells[0].lower()


def answered(session: Session, rows: Sequence[Asked], *, on: date) -> Iterator[Answer]:
    """The answer to each row, in the order in which they came."""
    compared: Counter[str] = Counter()
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        numbers = {row.serial: serials.read(row.serial) for row in part}
        found = _found(session, [number for number in numbers.values() if number])
        doubted = set(_doubted(session, list(found.values())))
        for row in part:
            credential = found.get(numbers[row.serial] or "")
            if credential is None:
                yield Answer(row, "unknown")
                continue
            compared[credential.serial] += bool(row.name)
            matches = _compared(row.name, credential, compared[credential.serial])
            state = standing(credential, on=on)
            is_doubted = state is Standing.VALID and credential.id in doubted
            verdict = File.DOUBTFUL if is_doubted else state
            yield Answer(row, str(verdict), credential, matches)


def _compared(name: str, credential: Credential, count: int) -> str:
    if not name:
        return ""
    if count > MOST_NAMES:
        return "not compared: too many names for one serial"
    return "yes" if same(name, credential.holder_name) else "no"


def _found(session: Session, numbers: Sequence[str]) -> dict[str, Credential]:
    found = session.scalars(
        Credential.whole()
        .where(Credential.serial.in_(numbers))
        .options(
            selectinload(Credential.suspensions).joinedload(Suspension.reinstatement),
            load_only(*logged.COLUMNS),
        )
    )
    return {one.serial: one for one in found.unique()}


def _doubted(session: Session, found: Sequence[Credential]) -> Iterator[int]:
    """Of these the ones of which the transparency log tells something else than the register."""
    told = logged.entries(session, [one.id for one in found])
    others = [one for one in found if logged.names_another_file(one, told[one.id])]
    stamps = _stamps(session, [one.id for one in others])
    for one in found:
        if logged.differs(one, told[one.id]):
            yield one.id
    for one in others:  # unless it was stamped a moment ago
        if logged.names_another_file(one, told[one.id], stamps[one.id]):
            yield one.id


def _stamps(session: Session, ids: Sequence[int]) -> defaultdict[int, list[DocumentTimestamp]]:
    found: defaultdict[int, list[DocumentTimestamp]] = defaultdict(list)
    theirs = select(DocumentTimestamp).where(DocumentTimestamp.credential_id.in_(ids))
    for one in session.scalars(theirs) if ids else ():
        found[one.credential_id].append(one)
    return found


def table(answers: Iterator[Answer], *, at: datetime) -> str:
    """The answers as CSV."""
    return written(COLUMNS, (answer.cells(at) for answer in answers))
