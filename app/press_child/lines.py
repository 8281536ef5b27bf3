"""Lines that hold slots: their texts are measured and placed anew for each holder.

A line is filled only where nothing else hangs on it: it stands between forced breaks in a block
whose width is known without its text, and every text in it keeps its height and its baseline.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.inline import text_align
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import create_layout, line_size

from manuscript import Slot
from refusals import keep_box_inside

STYLES = {
    "white_space": ("normal", "nowrap"),
    "text_transform": ("none",),
    "text_decoration_line": ("none",),
    "word_spacing": (0,),
}
ALIGNED = ("start", "end", "left", "right", "center")
SIDES = ("top", "right", "bottom", "left")
CLOSE = 4  # decimals of a pixel to which a gap is the same for every holder


class Unfillable(Exception):
    """These slots cannot be set apart from the rest of their page."""


class Misfit(Unfillable):
    """These texts do not fit this master."""


class Text:
    """A text within a line, which moves; a slot when it has a number, and then it changes too."""

    def __init__(self, box: Any, number: int | None) -> None:
        self.box, self.number = box, number
        if number is not None:
            self._metrics = self._measure(box.text)[1:]

    def set(self, slot: Slot) -> None:
        style = self.box.style
        if slot.language:
            style["lang"] = style.parent_style["lang"] = slot.language
        self.box.text = slot.text
        self.box.width, *metrics = self._measure(slot.text)
        if tuple(metrics) != self._metrics:
            raise Misfit

    def _measure(self, text: str) -> tuple[float, float, float]:
        self.box.pango_layout = layout = create_layout(text, self.box.style, None, None, 0)
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)  # as it will be drawn
        line, _ = layout.get_first_line()
        width, height = line_size(line, self.box.style)
        return width, height, pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS


class Line:
    """A line of a block, its texts in the order in which they stand."""

    def __init__(self, block: Any, line: Any, numbers: dict[Any, int]) -> None:
        self._box, self._frame = line, line.frame
        self._left, self._room = block.content_box_x(), block.width
        self._from_right = block.style["direction"] == "rtl"
        found = [part for part in parts(line) if isinstance(part, boxes.TextBox)]
        self.texts = [
            Text(box, numbers.get(box.element) if is_own_text(box) else None)
            for box in sorted(found, key=lambda box: box.position_x)
        ]
        self._wraps = any(part.style["white_space"] != "nowrap" for part in (line, *found))
        ends = [line.position_x, *(box.position_x + box.width for box in self._boxes)]
        self._gaps = [
            round(box.position_x - end, CLOSE) for box, end in zip(self._boxes, ends, strict=False)
        ]
        self._rest = round(line.width - sum(box.width for box in self._boxes), CLOSE)

    @property
    def _boxes(self) -> list[Any]:
        return [text.box for text in self.texts]

    def set(self, slots: list[Slot]) -> None:
        """Measures the slots and places all the texts."""
        for text in self.texts:
            if text.number is not None:
                text.set(slots[text.number])
        self._box.width = self._rest + sum(box.width for box in self._boxes)
        if self._box.width > self._room and self._wraps:
            raise Misfit
        place = self._left + self._offset()
        for box, gap in zip(self._boxes, self._gaps, strict=True):
            box.position_x = place + gap
            place = box.position_x + box.width
            keep_box_inside(box, self._frame)

    def _offset(self) -> float:
        offset: float = text_align(None, self._box, self._room, last=True)
        return self._room - self._box.width - offset if self._from_right else offset


class Reach:
    """How far a box of a line reaches beyond the texts it holds."""

    def __init__(self, box: Any) -> None:
        self._texts = [part for part in parts(box) if isinstance(part, boxes.TextBox)]
        left, top, width, height = box.hit_area()
        self._before = round(self._first - left, CLOSE)
        self._after = round(left + width - self._last, CLOSE)
        self._top, self._bottom = top, top + height

    @property
    def _first(self) -> float:
        return min(text.position_x for text in self._texts)

    @property
    def _last(self) -> float:
        return max(text.position_x + text.width for text in self._texts)

    def corners(self) -> tuple[tuple[float, float], tuple[float, float]]:
        left, right = self._first - self._before, self._last + self._after
        return (left, self._top), (right, self._bottom)


def parts(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from parts(child)


def is_own_text(box: Any) -> bool:
    """Whether a text is its element's own and not a style's, before or after it."""
    own = box.element is not None and box.element_tag == box.element.tag
    return own and isinstance(box, boxes.TextBox)


def find(pages: list[Any], elements: list[Any]) -> list[Line]:
    """The lines of these pages that hold these elements, all of them."""
    numbers = {element: number for number, element in enumerate(elements)}
    lines = [line for page in pages for line in _within(page, numbers, [])]
    found = {text.number for line in lines for text in line.texts} - {None}
    if found != set(numbers.values()):
        raise Unfillable
    return lines


def _within(box: Any, numbers: dict[Any, int], around: list[Any]) -> Iterator[Line]:
    # What is positioned stands in the flow as a placeholder.
    around = [*around, getattr(box, "_box", box)]
    children = list(getattr(box, "children", ()))
    for number, child in enumerate(children):
        if not isinstance(child, boxes.LineBox):
            yield from _within(child, numbers, around)
        elif any(is_own_text(part) and part.element in numbers for part in parts(child)):
            alone = _breaks(children[number - 1 : number]) and _breaks(children[number:-1][:1])
            if not (alone and _is_bare(child) and all(map(_stays, around))):
                raise Unfillable
            yield Line(around[-1], child, numbers)


def _breaks(line: list[Any]) -> bool:
    """Whether this line, if there is one, ends where the page says so."""
    return not line or [part.element_tag for part in parts(line[0])][-1] == "br::before"


def _is_bare(line: Any) -> bool:
    """Whether a line is nothing but texts that may be measured and moved."""
    return line.style["text_align_all"] in ALIGNED and all(
        isinstance(box, boxes.LineBox | boxes.InlineBox | boxes.TextBox)
        and (not isinstance(box, boxes.TextBox) or _is_ordinary(box.style))
        and box.style["bookmark_level"] == "none"
        and box.style["position"] == "static"
        and getattr(box, "background", None) is None
        and not any(box.style[f"border_{side}_width"] for side in SIDES)
        for box in parts(line)
    )


def _is_ordinary(style: Any) -> bool:
    return all(style[name] in allowed for name, allowed in STYLES.items())


def _stays(box: Any) -> bool:
    """Whether a box around a line keeps its width and its outline whatever the line says."""
    style = box.style
    if isinstance(box, boxes.PageBox):
        return True
    if style["transform"] or style["bookmark_level"] != "none":
        return False
    if isinstance(box, boxes.TableBox):
        return style["width"] != "auto" and style["table_layout"] == "fixed"
    if isinstance(box, boxes.TableRowGroupBox | boxes.TableRowBox | boxes.TableCellBox):
        return True
    if isinstance(box, boxes.MarginBox):
        return style["width"] != "auto"
    if not isinstance(box, boxes.BlockBox):
        return False
    if style["position"] in ("absolute", "fixed") or style["float"] != "none":
        return style["width"] != "auto" or "auto" not in (style["left"], style["right"])
    return True
