"""Photographs of speakers: read as what they are, cut to a square, written anew.

What is kept is a picture of our own making: nothing of the file that came survives in it, neither
where it was taken nor anything hidden behind the picture.
"""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageFile, ImageOps

SIDE = 480
"""Pixels: twice what the widest page shows."""
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000}
"""What is read of each kind. A JPEG is made small while it is read, a PNG is laid out whole."""
UPPER_THIRD = (0.5, 0.35)
"""Where a face is, when a picture is higher than wide."""
QUALITY = 85
MANGLED = (
    struct.error, AttributeError, TypeError, KeyError, IndexError, ZeroDivisionError, ValueError,
    OSError,
)  # fmt: skip
"""What reading broken metadata ends in."""


class NotAPortrait(ValueError):
    """The file is no picture that can be read, or one of unreasonable size."""


def portrait(content: bytes) -> bytes:
    """A square JPEG of a PNG or JPEG, upright, without its metadata."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # some library may have said otherwise for everybody
    try:
        with Image.open(io.BytesIO(content), formats=tuple(MOST_PIXELS)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS[picture.format or ""] or min(width, height) < 1:
                raise NotAPortrait
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(picture)
            face = ImageOps.fit(_on_white(upright), (SIDE, SIDE), centering=UPPER_THIRD)
    except NotAPortrait:
        raise
    except (*MANGLED, SyntaxError, Image.DecompressionBombError) as broken:
        raise NotAPortrait from broken
    written = io.BytesIO()
    face.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency: what shines through is paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    ground.alpha_composite(layer)
    return ground.convert("RGB")
