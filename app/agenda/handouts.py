"""What a file is that a speaker hands in, told by what it holds and not by its name."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

LARGEST = 20 * 1024 * 1024
TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}
LONGEST_NAME = 100


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
    return Handout(_named(name, kind), TYPES[kind])


def _kind(content: bytes) -> str | None:
    if b"%PDF-" in content[:1024]:
        return "pdf"
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


def _named(name: str, kind: str) -> str:
    """The name without a path and without what no file system takes, ending as the kind does."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last.strip(".") else last
    clean = "".join(c for c in stem if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    clean = re.sub(r"\s+", " ", clean).strip(" .")[:LONGEST_NAME]
    return f"{clean or 'material'}.{kind}"
