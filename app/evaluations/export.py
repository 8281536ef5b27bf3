"""The results of an evaluation as CSV: no more than the report shows."""

from __future__ import annotations

import csv
import io

from app.enrolments.export import safe
from app.evaluations.queries import ItemReport, Report

COLUMNS = ("item", "kind", "speaker", "answer", "count", "percent", "mean")


def table(report: Report) -> str:
    """A mark that spreadsheets look for, then one line for each choice and each text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in report.items:
        writer.writerows(lines(item))
    return "\ufeff" + text.getvalue()


def lines(report: ItemReport) -> list[tuple[str, ...]]:
    """What is said of one item: a line for each choice, or for each text."""
    item, speaker = report.item, report.speaker.name if report.speaker else ""
    begins = (safe(item.text), str(item.kind), safe(speaker))
    mean = str(report.mean) if report.mean is not None else ""
    if report.texts:
        return [(*begins, safe(said), "", "", "") for said in report.texts]
    return [
        (*begins, safe(row.text), str(row.count), str(row.percent), mean) for row in report.rows
    ]
