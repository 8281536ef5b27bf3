"""The results of an evaluation as CSV: no more than the report shows."""

from __future__ import annotations

from app.evaluations.queries import ItemReport, Report
from app.tables import written

COLUMNS = ("item", "kind", "speaker", "answer", "count", "percent", "mean")


def table(report: Report) -> str:
    """One line for each choice and each text."""
    return written(COLUMNS, (line for item in report.items for line in lines(item)))


def lines(report: ItemReport) -> list[tuple[str, ...]]:
    """What is said of one item: a line for each choice, or for each text."""
    item, speaker = report.item, report.speaker.name if report.speaker else ""
    begins = (item.text, str(item.kind), speaker)
    mean = str(report.mean) if report.mean is not None else ""
    if report.texts:
        return [(*begins, said, "", "", "") for said in report.texts]
    return [(*begins, row.text, str(row.count), str(row.percent), mean) for row in report.rows]
