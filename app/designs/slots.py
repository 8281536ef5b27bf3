"""A plate and its slots: HTML with gaps, into which the texts of one holder are put."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from app.designs.setter import Slot

TOKEN = re.compile("\x02([^\x03]*)\x03")


@dataclass(frozen=True)
class Plate:
    """HTML with gaps, and the names of what goes into them."""

    pieces: tuple[str, ...]
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, html: str) -> "Plate":
        pieces = TOKEN.split(html)
        return cls(tuple(pieces[::2]), tuple(pieces[1::2]))

    def filled(self, slots: Mapping[str, str]) -> str:
        parts = [self.pieces[0]]
        for gap, piece in zip(self.gaps, self.pieces[1:], strict=True):
            parts += (slots[gap], piece)
        return "".join(parts)


class Slots:
    """Gaps for a holder's texts; each occurrence has a name of its own."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, language: str) -> Slot:
        def slot(name: str) -> Markup:
            key = f"{name}.{language}" if name in ("present", "score") else name
            self._seen[name] = self._seen.get(name, 0) + 1
            spoken = Markup(' lang="\x02language\x03"') if name.startswith("name") else ""
            unique = name if self._seen[name] == 1 else f"{name}~{self._seen[name]}"
            if name.startswith("address"):
                link = '<a data-slot="{}" href="\x02url\x03">\x02{}\x03</a>'
                return Markup(link).format(unique, key)
            return Markup('<span data-slot="{}"{}>\x02{}\x03</span>').format(unique, spoken, key)

        return slot


def gap(name: str) -> Markup:
    """A holder's text where no element may stand."""
    return Markup(f"\x02{name}\x03")
