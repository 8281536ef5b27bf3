"""The participants of an activity as CSV."""

from __future__ import annotations

import csv
import io

from sqlalchemy.orm import Session

from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.enrolments.queries import all_of_activity

COLUMNS = ("name", "address", "profession", "country", "enrolled_at", "state", "withdrawn_at")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(session: Session, activity: Activity) -> str:
    """A mark that spreadsheets look for, then one line for each enrolment.

    Whole, not piece by piece: a slow reader must not hold a transaction open.
    """
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    lines.writerows(_cells(enrolment) for enrolment in all_of_activity(session, activity))
    return "\ufeff" + text.getvalue()


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
