"""Tables for spreadsheets: CSV in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def written(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A mark that spreadsheets look for, what the columns are called, then the rows.

    Whole, not piece by piece: a slow reader must not hold a transaction open.
    """
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(columns)
    lines.writerows([safe(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
