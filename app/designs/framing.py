"""The marks of societies as pictures that cannot reach into the page, and their shapes."""

import base64
import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.pdf import Unprintable
from app.societies import wordmark


def digests(snapshot: Mapping[str, Any]) -> list[str]:
    """The digests of the pictures that a sheet of this snapshot needs."""
    named = (society.get("mark_digest") for society in snapshot["awarding"])
    return list(dict.fromkeys(digest for digest in named if digest))


def framed(society: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """What a face shows of a society."""
    digest = society.get("mark_digest")
    if digest and digest not in pictures:
        raise Unprintable(f"The mark of {society['short']} is not at hand.")
    if digest:
        mark, shape = _raster(pictures[digest]), _raster_shape(pictures[digest])
    else:
        svg = society.get("mark") or wordmark.mark(society["short"], society["colour"])
        mark, shape = _drawing(svg), _shape(svg)
    return {
        "short": society["short"],
        "name": society["name"],
        "signatory": society.get("signatory"),
        "mark": mark,
        "shape": shape,
    }


def _raster(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _raster_shape(png: bytes) -> float:
    """Width by height, as the header of a PNG says."""
    width, height = struct.unpack(">II", png[16:24])
    return _within(width / max(height, 1))


@lru_cache(maxsize=64)
def _drawing(svg: str) -> str:
    """A mark as a picture: an image cannot reach into the page, whatever it was drawn with."""
    if "xmlns=" not in svg[:2000]:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@lru_cache(maxsize=64)
def _shape(svg: str) -> float:
    """Width by height of a drawing."""
    head = svg[: svg.find(">") + 1]
    number = r"([\d.]+)"
    box = re.search(rf'viewBox\s*=\s*["\'][-\d.]+[\s,]+[-\d.]+[\s,]+{number}[\s,]+{number}', head)
    size = box or re.search(rf'width\s*=\s*["\']{number}.*?height\s*=\s*["\']{number}', head, re.S)
    try:
        width, height = (float(size[1]), float(size[2])) if size else (1.0, 1.0)
        return _within(width / height)
    except (ValueError, ZeroDivisionError):
        return 1.0


def _within(shape: float) -> float:
    return min(max(shape, 0.2), 8.0)
