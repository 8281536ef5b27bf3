"""Marks of the demonstration's societies, drawn for it: two of outlines, one of pixels."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw, ImageFont

from app import typefaces
from app.societies.wordmark import lettering

SERIF = typefaces.FOLDER / "EBGaramond-SemiBold.ttf"
LARGER = 3
"""Drawn so many times as large and then made smaller, for smooth edges."""


def slices(text: str, colour: str) -> bytes:
    """A body in slices, its letters below."""
    bars = ""
    for number, share in enumerate((-0.72, -0.36, 0.0, 0.36, 0.72)):
        half = 560 * math.sqrt(1 - share * share)
        x, width = 700 - half, 2 * half
        shade = "" if number % 2 == 0 else ' fill-opacity="0.55"'
        bars += f'<rect x="{x:.0f}" y="{600 + share * 560 - 70:.0f}" width="{width:.0f}" '
        bars += f'height="140" rx="70"{shade}/>'
    return _drawing(text, colour, bars)


def wave(text: str, colour: str) -> bytes:
    """A signal that becomes a grid, its letters below."""
    points = " ".join(f"{140 + 1120 * t / 48:.0f},{600 - _signal(t):.0f}" for t in range(49))
    squares = "".join(
        f'<rect x="{1400 + 150 * column}" y="{330 + 190 * row}" width="110" height="150" '
        f'fill-opacity="{0.35 + 0.2 * ((row + column) % 3):.2f}"/>'
        for row in range(3)
        for column in range(3)
    )
    line = f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="80" '
    line += 'stroke-linecap="round" stroke-linejoin="round"/>'
    return _drawing(text, colour, line + squares, width=1960)


def _signal(t: int) -> float:
    """A packet of waves, largest in its middle."""
    return 380 * math.exp(-(((t - 24) / 11) ** 2)) * math.sin(t * 0.82)


def rays(text: str, colour: str) -> bytes:
    """Rays through an opening, as a picture with a transparent ground."""
    side = 420 * LARGER
    font = ImageFont.truetype(str(SERIF), 170 * LARGER)
    length = int(font.getlength(text))
    picture = Image.new("RGBA", (side + 60 * LARGER + length, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    middle = side / 2
    for number in range(9):
        angle = math.radians(-40 + 10 * number)
        end = (middle + side * 0.48 * math.cos(angle), middle + side * 0.48 * math.sin(angle))
        pen.line([(side * 0.04, middle), end], fill=colour, width=(5 + number % 2 * 4) * LARGER)
    box = [side * 0.04, side * 0.04, side * 0.96, side * 0.96]
    pen.arc(box, 45, 315, fill=colour, width=26 * LARGER)
    pen.text((side + 60 * LARGER, middle), text, fill=colour, font=font, anchor="lm")
    picture = picture.resize((picture.width // LARGER, side // LARGER), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _drawing(text: str, colour: str, device: str, *, width: float = 1400) -> bytes:
    outline, length = lettering(text)
    size = min(0.72, 1.0 * width / length)
    left = (width - length * size) / 2
    height = 1200 + 90 + 650 * size + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<g fill="{colour}">{device}'
        f'<path transform="translate({left:.0f} {height - 30:.0f}) scale({size:.3f})" '
        f'd="{outline}"/></g></svg>'
    ).encode()
