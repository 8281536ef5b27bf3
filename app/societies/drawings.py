"""Reading a mark: a picture is written anew, a drawing is reduced to plain outlines.

What is kept is of our own making: of a PNG or JPEG only the pixels survive, as an RGB(A) PNG.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from app.societies.outlines import NotAMark, outlines
from app.texts import gettext as _

LARGEST = 4 * 1024 * 1024
"""Bytes of a file that is looked at."""
MOST_PIXELS = {"JPEG": 40_000_000, "PNG": 25_000_000}
MOST_ACROSS = 1600
LEAST_ACROSS = 120
"""Pixels of the longer side: printed 4 cm wide, this is the least that looks like a mark."""
MANGLED = (
    struct.error, AttributeError, TypeError, KeyError, IndexError, ZeroDivisionError, ValueError,
    OSError, SyntaxError, Image.DecompressionBombError, MemoryError,
)  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """A mark as it will be kept."""

    content: bytes
    media_type: str
    width: int
    height: int
    svg: str | None = None


def read(content: bytes) -> Drawing:
    """The mark in a PNG, JPEG or SVG; raises `NotAMark` with the reason."""
    if len(content) > LARGEST:
        raise NotAMark(_("This file is too large for a mark: 4 MB is the most."))
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return _picture(content)
    if content.startswith(b"\x1f\x8b"):
        raise NotAMark(_("This SVG is compressed. Please save it as a plain .svg file."))
    if b"<svg" in content[:4096] or b":svg" in content[:4096]:
        drawn = outlines(content)
        return Drawing(drawn.svg.encode(), "image/svg+xml", drawn.width, drawn.height, drawn.svg)
    raise NotAMark(_("This is neither a PNG, a JPEG nor an SVG."))


def _picture(content: bytes) -> Drawing:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # some library may have said otherwise for everybody
    try:
        with Image.open(io.BytesIO(content), formats=tuple(MOST_PIXELS)) as picture:
            if picture.width * picture.height > MOST_PIXELS[picture.format or ""]:
                raise NotAMark(_("This picture has too many pixels: 25 million is the most."))
            if max(picture.size) < LEAST_ACROSS:
                raise NotAMark(
                    _("This picture is too small to be printed: %(least)d pixels across is the "
                      "least, and %(good)d look good.", least=LEAST_ACROSS, good=800)
                )  # fmt: skip
            picture.draft("RGB", (2 * MOST_ACROSS, 2 * MOST_ACROSS))
            kept = _plain(ImageOps.exif_transpose(picture))
    except NotAMark:
        raise
    except MANGLED as broken:
        raise NotAMark(_("This picture is damaged and cannot be read.")) from broken
    written = io.BytesIO()
    kept.save(written, "PNG", optimize=True)
    return Drawing(written.getvalue(), "image/png", *kept.size)


def _plain(picture: Image.Image) -> Image.Image:
    """RGB, with transparency where there was some, and no margin of nothing around it."""
    shines = picture.has_transparency_data
    kept = picture.convert("RGBA" if shines else "RGB")
    kept.info.clear()
    if shines and (box := kept.getchannel("A").getbbox()):
        kept = kept.crop(box)
    kept.thumbnail((MOST_ACROSS, MOST_ACROSS), Image.Resampling.LANCZOS)
    if not 0.1 <= kept.width / kept.height <= 10:
        raise NotAMark(_("This mark is more than ten times as long as it is wide."))
    return kept
