"""The case of type: fonts as they lie ready, and the few sorts of them that a sheet takes along."""

import string
from typing import Any

ANOTHER = bytes.maketrans(
    string.ascii_uppercase.encode(),
    (string.ascii_uppercase[13:] + string.ascii_uppercase[:13]).encode(),
)


class Case:
    """Fonts by what Pango calls them, looked up and read once."""

    def __init__(self) -> None:
        self._fonts: dict[Any, Any] = {}

    def take(self, pango_font: Any, key: Any, description: Any, size: float) -> Any:
        """A font with nothing taken from it yet, under a name that no font of the master has."""
        from weasyprint.pdf.fonts import Font

        if (key, size) not in self._fonts:
            self._fonts[key, size] = Font(pango_font, description, size)
        ready = self._fonts[key, size]
        font = object.__new__(Font)
        font.__dict__.update(ready.__dict__, widths={}, to_unicode={}, missing={})
        font.hash = ready.hash.translate(ANOTHER.decode("latin-1"))
        font.name = ready.name.replace(ready.hash.encode(), font.hash.encode(), 1)
        return font
