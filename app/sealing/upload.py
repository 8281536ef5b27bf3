"""Signatures that a society hands in: one file, or many in a ZIP, told apart by their names."""

from __future__ import annotations

import base64
import binascii
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.credentials import serial as serials
from app.errors import Refusal
from app.texts import gettext as _

MOST_FILES = 2000
LARGEST = 4 * 1024
"""Bytes of one signature, in letters or not; RSA of 4096 bits makes 512."""
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError,
          NotImplementedError, RuntimeError, OSError)  # fmt: skip
"""What a ZIP that is damaged or of an unknown kind makes a reader raise."""
LETTERS = re.compile(rb"[A-Za-z0-9+/=\s]+")


@dataclass(frozen=True)
class HandedIn:
    """One file: what it is called, for which diploma it is, and the signature."""

    name: str
    serial: str | None
    signature: bytes


def read(name: str, content: bytes) -> list[HandedIn]:
    """The signatures in what was chosen; a file in it that is too large is no signature."""
    if not content:
        raise Refusal(_("Please choose the signature, or a ZIP of signatures."))
    if zipfile.is_zipfile(io.BytesIO(content)):
        return list(_unpacked(content))
    if len(content) > LARGEST:
        raise Refusal(_("This is neither a signature nor a ZIP of signatures."))
    return [_one(name, content)]


def _unpacked(content: bytes) -> Iterator[HandedIn]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.filename.endswith("/")]
            if len(entries) > MOST_FILES:
                raise Refusal(_("A ZIP may hold up to %(most)d signatures.", most=MOST_FILES))
            for entry in entries:
                with archive.open(entry) as file:
                    found = file.read(LARGEST + 1)  # what it says of its own size is not believed
                yield _one(entry.filename, b"" if len(found) > LARGEST else found)
    except BROKEN:
        raise Refusal(_("This ZIP cannot be read. Please pack it anew.")) from None


def _one(name: str, content: bytes) -> HandedIn:
    short = PurePosixPath(name.replace("\\", "/")).name[:80]
    return HandedIn(short, serials.read(short.split(".", 1)[0]), _plain(content))


def _plain(content: bytes) -> bytes:
    """The bytes of a signature, also when it was written in letters (base64)."""
    if LETTERS.fullmatch(content) and len(content) >= 64:
        try:
            return base64.b64decode(b"".join(content.split()), validate=True)
        except binascii.Error:
            return content
    return content
