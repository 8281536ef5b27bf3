"""The sheets that we draw, and what each may be used for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.texts import gettext as _

DIPLOMA, CERTIFICATE = "diploma", "certificate"
LEAST_MARGIN, MOST_MARGIN, MARGIN = 8, 18, 11


@dataclass(frozen=True)
class Sheet:
    """A sheet: the occasions it serves and the grounds it is printed on, the usual one first."""

    code: str
    occasions: tuple[str, ...]
    is_landscape: bool
    backgrounds: tuple[str, ...]

    @property
    def page(self) -> tuple[float, float]:
        """Width and height: A4."""
        return (297.0, 210.0) if self.is_landscape else (210.0, 297.0)

    @property
    def name(self) -> str:
        return {
            "heritage": _("Heritage: guilloche border, everything about one axis"),
            "modern": _("Modern: a column of marks, a globe, everything from one edge"),
            "portrait": _("Portrait: an upright sheet with a fine frame"),
            "transcript": _("Transcript: what was learnt, as a table"),
        }[self.code]


SHEETS = {
    sheet.code: sheet
    for sheet in (
        Sheet("heritage", (DIPLOMA,), True, ("rosette", "lines", "plain")),
        Sheet("modern", (DIPLOMA,), True, ("globe", "lines", "plain")),
        Sheet("portrait", (CERTIFICATE, DIPLOMA), False, ("plain", "rosette", "lines")),
        Sheet("transcript", (CERTIFICATE, DIPLOMA), False, ("plain", "lines")),
    )
}
DEFAULT = {DIPLOMA: "heritage", CERTIFICATE: "portrait"}


def occasion(kind: str) -> str:
    return DIPLOMA if kind == "diploma" else CERTIFICATE


def of(kind: str, choices: Mapping[str, Any]) -> Sheet:
    """The sheet that was chosen, or the usual one when that one does not serve."""
    sheet = SHEETS.get(choices.get("sheet") or "")
    fits = sheet is not None and occasion(kind) in sheet.occasions
    return sheet if sheet and fits else SHEETS[DEFAULT[occasion(kind)]]


def background(sheet: Sheet, choices: Mapping[str, Any]) -> str:
    chosen = choices.get("background")
    return chosen if chosen in sheet.backgrounds else sheet.backgrounds[0]


def margin(choices: Mapping[str, Any]) -> float:
    """Millimetres between the edge of the paper and the ornament, within bounds."""
    try:
        return float(min(max(float(choices.get("margin") or MARGIN), LEAST_MARGIN), MOST_MARGIN))
    except (TypeError, ValueError):
        return float(MARGIN)
