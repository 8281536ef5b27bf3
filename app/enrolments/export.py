"""The participants of an activity as CSV, written line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask import stream_with_context

from app import db
from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.enrolments.queries import all_of_activity

COLUMNS = ("name", "address", "profession", "country", "enrolled_at", "state", "withdrawn_at")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(activity: Activity) -> Iterator[str]:
    """UTF-8 with a mark that spreadsheets look for, then one line for each enrolment."""
    return stream_with_context(_lines(activity))


def _lines(activity: Activity) -> Iterator[str]:
    yield "\ufeff" + _line(COLUMNS)
    with db.reading() as session:
        for enrolment in all_of_activity(session, activity):
            yield _line(_cells(enrolment))


def _cells(enrolment: Enrolment) -> tuple[str, ...]:
    person = enrolment.person
    state = "place" if enrolment.has_place else "waiting" if enrolment.waits else "withdrawn"
    left = enrolment.ended_at.isoformat(timespec="seconds") if enrolment.ended_at else ""
    enrolled = enrolment.at.isoformat(timespec="seconds")
    cells = (person.name, person.address, person.profession, person.country, enrolled, state, left)
    return tuple(safe(cell) for cell in cells)


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
