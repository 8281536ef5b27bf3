"""What cannot be set, and why, in words for a reader."""

import logging
import re
from collections.abc import Iterable
from typing import Any

MOST_BYTES = 32 << 20
MOST_DEPTH = 120
LONGEST_TEXT = 50_000
SVG = "{http://www.w3.org/2000/svg}"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Refused(Exception):
    """The page cannot be set; the text is for people."""


class Complaints(logging.Handler):
    """What the typesetter merely logs (no alt text, a missing image or glyph) is a failure."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef"):
            character, point = record.args or ("", 0)
            self.first = f"The character “{character}” (U+{point:04X}) is in none of our typefaces."
        if record.levelno < logging.ERROR:
            return
        words = re.sub(r"data:\S{40,}", "data:…", record.getMessage())
        self.first = self.first or words[:200]


def refuse_excess(root: Any) -> None:
    """Layout recurses and counts in fixed numbers: too deep or too long ends in mid-work."""
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise Refused("The parts of this page are nested too deeply.")
        if any(len(text or "") > LONGEST_TEXT for one in level for text in (one.text, one.tail)):
            raise Refused("This page holds a text that is too long to be set.")
        level = [child for element in level for child in element]


def refuse_silence(root: Any, title: str | None) -> None:
    """Who hears a page needs its name, headings without a gap and words for each drawing."""
    if not (title or "").strip():
        raise Refused("This page has no title.")
    if not all(drawing.findtext(f"{SVG}title") for drawing in root.iter(f"{SVG}svg")):
        raise Refused("A drawing on this page has no title to stand for it.")
    above = 0
    for element in (one for one in root.iter() if one.tag in HEADINGS):
        level = HEADINGS.index(element.tag) + 1
        if level > above + 1:
            raise Refused("A heading of this page skips a level.")
        above = level


def refuse_pictures(objects: Iterable[Any]) -> None:
    """An archive takes no picture that is smoothed on the way or mixed from printing inks."""
    for one in objects:
        kind = getattr(one, "extra", {})
        if kind.get("Subtype") != "/Image":
            continue
        if str(kind.get("Interpolate", "false")) == "true":
            raise Refused("A picture of this page would be smoothed: it needs crisp edges.")
        if "CMYK" in str(kind.get("ColorSpace", "")):
            raise Refused("A picture of this page is mixed from printing inks, not from light.")


Frame = tuple[float, float, float, float]


def refuse_overflow(page: Any) -> None:
    """Every line stays on the page and inside the nearest part marked `data-fits`."""

    def check(box: Any, frame: Frame, owner: Any) -> None:
        element = getattr(box, "element", None)
        # Lines and anonymous boxes carry the element they belong to: the first box is the frame.
        if element is not None and element is not owner and element.get("data-fits") is not None:
            x, y = box.content_box_x(), box.content_box_y()
            frame, owner = (x, y, x + box.width, y + box.height), element
        if type(box).__name__ == "LineBox":
            box.frame = frame
        keep_box_inside(box, frame)
        for child in getattr(box, "children", ()):
            check(child, frame, owner)

    check(page, (0, 0, page.margin_width(), page.margin_height()), None)


def keep_inside(box: Any, frame: Frame) -> None:
    keep_box_inside(box, frame)
    for child in getattr(box, "children", ()):
        keep_inside(child, frame)


def keep_box_inside(box: Any, frame: Frame) -> None:
    left, top, right, bottom = frame
    kind, inside = type(box).__name__, True
    if kind == "LineBox":
        inside = top - 1 <= box.position_y and box.position_y + box.height <= bottom + 1
    elif kind == "TextBox":
        # A line of miles comes out with a negative width.
        inside = left - 1 <= box.position_x and 0 <= box.width <= right + 1 - box.position_x
    if not inside:
        raise Refused("A text is too long for the place it has on the page.")


def reason_for(failure: BaseException) -> str:
    if isinstance(failure, Refused):
        return str(failure)
    if isinstance(failure, MemoryError):
        return "Setting this page took more memory than a page may take."
    if isinstance(failure, RecursionError):
        return "The parts of this page are nested too deeply."
    return f"This page cannot be set ({type(failure).__name__})."
