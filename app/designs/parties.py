"""What a sheet says of a society that awards: its names, its mark and who signs for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.societies import marks
from app.societies.models import Society


def signatory(chosen: Mapping[str, Any], society: Society, on: date) -> dict[str, str] | None:
    """Who signs for a society: as chosen, else its president on that day."""
    if named := chosen["signatories"].get(society.code):
        return dict(named)
    mandate = society.signatory(on=on)
    if mandate is None:
        return None
    return {"name": mandate.person.name, "office": str(mandate.office).capitalize()}


def party(
    society: Society, role: str, on: date, own: marks.Mark | None, chosen: Mapping[str, Any]
) -> dict[str, Any]:
    """What a snapshot says of a society that awards."""
    return {
        "code": society.code,
        "short": society.short,
        "name": society.name,
        "country": society.country,
        "colour": society.colour,
        **marks.facts(own, society),
        "role": role,
        "signatory": signatory(chosen, society, on),
    }
