"""Pages of our own PDFs as pictures for the screen."""

from __future__ import annotations

import io
from threading import Lock
from typing import NamedTuple

ACROSS = 1240
"""Pixels of the longer side."""
_turn = Lock()  # PDFium serves one caller at a time, whatever the document


class Picture(NamedTuple):
    """One page as a PNG, its size, and how many pages there are."""

    png: bytes
    width: int
    height: int
    pages: int


def picture(pdf: bytes, page: int = 1, *, across: int = ACROSS) -> Picture:
    """A page (from 1; the last one when there are fewer) as a PNG."""
    import pypdfium2

    with _turn:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = len(document)
            sheet = document[min(max(page, 1), pages) - 1]
            image = sheet.render(scale=across / max(sheet.get_size())).to_pil()
        finally:
            document.close()
    written = io.BytesIO()
    image.convert("RGB").save(written, "PNG", compress_level=4)
    return Picture(written.getvalue(), image.width, image.height, pages)
