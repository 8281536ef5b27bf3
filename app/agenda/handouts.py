"""What a file is that a speaker hands in, told by what it holds and not by its name."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from app.file_names import clean_name

LARGEST = 20 * 1024 * 1024
BEFORE_A_PDF = b"\xef\xbb\xbf\0\t\n\f\r "
"""What some programs write before it: a mark of the encoding, and blanks."""
TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}


class NotAHandout(ValueError):
    """The file is none of the kinds that are taken."""


@dataclass(frozen=True)
class Handout:
    """A file under the name and the type that fit what it holds."""

    name: str
    type: str


def handout(content: bytes, name: str) -> Handout:
    """What a file is. A presentation with macros is none: it could do anything to its reader."""
    kind = _kind(content)
    if kind is None:
        raise NotAHandout
    return Handout(clean_name(name, otherwise="material", ending=kind), TYPES[kind])


def _kind(content: bytes) -> str | None:
    if content[:1024].lstrip(BEFORE_A_PDF).startswith(b"%PDF-"):
        return "pdf"
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {entry.filename for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "[Content_Types].xml" not in names:
        return "zip"
    is_presentation = "ppt/presentation.xml" in names
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return "pptx" if is_presentation and not has_macros else None
