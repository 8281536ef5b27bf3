"""A sheet: from the snapshot of a credential to the HTML that the press prints.

The snapshot is the only input. What the societies and the holder wrote is text and stays text:
the templates are ours, everything is escaped, marks are pictures without a way out.

A snapshot may carry, beside what a face needs:

    "design": {"version": 3, "choices": {…}}      as `app.designs.choices` reads them
    "sealed": True, False or None                 what is printed about electronic seals
    "supplement": {
        "modules": [{"title", "domain", "on", "result", "credits", "minutes", "kind"}, …],
        "workload_hours": 30, "credits": 1, "credit_system": "ECTS", "level": "EQF level 7",
        "outcomes": ["…", …], "assessment": "…", "participation": "…", "quality_assurance": "…",
        "prerequisites": "…", "identity_check": "…", "grade": "…", "stacking": "…", "further": "…",
    }

Every key of a supplement may be missing or None. Dates are ISO 8601, results and texts are printed
as they are written, minutes are the length of a module in whole minutes.

What differs between the holders of a list stands in `<span data-slot="…">`; all else is the same
for holders whose names take the same size and lines, so it is laid out once and kept as a plate.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app import typefaces
from app.designs import plates, shared
from app.pdf import Unprintable

TEMPLATES = plates.TEMPLATES
Snapshot = Mapping[str, Any]
Gettext = Callable[[str], str]
NO_PICTURES: Mapping[str, bytes] = {}
SILENT = ("design", "mark", "colour", "mark_digest")
"""Parts of a snapshot that are not printed as they are."""


@dataclass(frozen=True)
class Missing:
    """A character that none of our typefaces holds."""

    character: str

    @property
    def name(self) -> str:
        return unicodedata.name(self.character, f"U+{ord(self.character):04X}")


def page(snapshot: Snapshot, *, pictures: Mapping[str, bytes] = NO_PICTURES) -> str:
    """The HTML of a sheet, complete in itself: style, marks, QR code and the stock beneath it.

    `pictures` holds the PNG of every mark that the snapshot names by its digest.
    """
    key = shared.key_of(snapshot)
    # What a list shares was looked at when its plate was made.
    new = not plates.is_at_hand(key)
    asked = snapshot if new else {part: snapshot.get(part) for part in shared.OF_HOLDER}
    if missing := unprintable(asked):
        raise Unprintable(" ".join(explain(missing)))
    return plates.fill(key, snapshot, pictures)


def unprintable(snapshot: Snapshot) -> list[str]:
    """The characters of a snapshot that no shipped face can print, in order of appearance."""
    found: dict[str, None] = {}
    for text in _texts(snapshot):
        found |= dict.fromkeys(typefaces.lacking(text))
    return list(found)


def explain(characters: list[str], gettext: Gettext = str) -> list[str]:
    """One sentence for each character that cannot be printed."""
    sentence = gettext(
        "The character “%(character)s” (%(name)s) is in none of our typefaces; "
        "please write it in another way."
    )
    return [
        sentence % {"character": missing.character, "name": missing.name}
        for missing in map(Missing, characters)
    ]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if key not in SILENT:
                yield from _texts(value)
        if choices := (part.get("design") or {}).get("choices"):
            yield from _texts([choices.get("texts"), choices.get("signatories")])
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _texts(value)
