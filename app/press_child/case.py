"""The case of type: fonts as they lie ready, and the few sorts of them that a sheet takes along."""

import string
from typing import Any

from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, gobject
from weasyprint.text.fonts import get_pango_font_key

from cast import Face, Unknown

ffi.cdef("gpointer g_object_ref (gpointer object);")
LETTERS = string.ascii_uppercase
ANOTHER = str.maketrans(LETTERS, LETTERS[13:] + LETTERS[:13])


class Sorts(Font):
    """What one document takes of a font, under a name that no font of its master has."""

    def __init__(self, ready: Font, face: Face | None) -> None:
        self.__dict__.update(vars(ready), widths={}, to_unicode={}, missing={})
        self._face = face
        self.hash = ready.hash.translate(ANOTHER)
        self.name = ready.name.replace(ready.hash.encode(), self.hash.encode(), 1)

    def clean(self, to_unicode: dict[int, str], hinting: bool) -> None:
        if self._face:
            self.file_content = self._face.take(to_unicode)
        else:
            super().clean(to_unicode, hinting)


class Case:
    """Fonts by what Pango calls them, looked up and read once."""

    def __init__(self) -> None:
        self._called: dict[Any, tuple[Any, Any, float]] = {}
        self._ready: dict[Any, tuple[Font, Face | None]] = {}
        self._faces: dict[bytes, Face | None] = {}

    def called(self, pango_font: Any) -> tuple[Any, Any, float]:
        """Key, description and size of a font, which we hold so that no other takes its place."""
        if pango_font not in self._called:
            gobject.g_object_ref(pango_font)
            self._called[pango_font] = get_pango_font_key(pango_font)
        return self._called[pango_font]

    def take(self, pango_font: Any) -> Sorts:
        key, description, size = self.called(pango_font)
        if (key, size) not in self._ready:
            font = Font(pango_font, description, size)
            self._ready[key, size] = font, self._face(font.file_content)
        return Sorts(*self._ready[key, size])

    def _face(self, content: bytes) -> Face | None:
        if content not in self._faces:
            try:
                self._faces[content] = Face(content)
            except Unknown:
                self._faces[content] = None
        return self._faces[content]
