"""Lines that hold slots are broken and placed anew for each holder, by the typesetter's own rules.

Nothing around them moves: a paragraph whose lines would come out taller or in another number is
not this master's, and one whose width hangs on its text has no master at all.
"""

from collections.abc import Iterator
from typing import Any

from manuscript import Slot
from refusals import keep_inside

STYLES = {"white_space": ("normal", "nowrap"), "text_transform": ("none",), "float": ("none",)}


class Unfillable(Exception):
    """These slots cannot be set apart from the rest of their page."""


class Misfit(Exception):
    """These texts do not fit this master."""


class Paragraph:
    """A block whose lines hold slots."""

    def __init__(self, block: Any, slots: list[tuple[int, Any]]) -> None:
        self.block = block
        self.lines = list(block.children)
        self.slots = slots
        self._origin = self.lines[0].origin
        self._shape = shape(self.lines)
        self._frames = [line.frame for line in self.lines]

    def set(self, texts: list[Slot]) -> list[Any]:
        """The lines of this paragraph with these texts in its slots."""
        from weasyprint.layout.inline import iter_line_boxes

        for number, box in self.slots:
            box.text = texts[number].text
            if language := texts[number].language:
                box.style["lang"] = box.style.parent_style["lang"] = language
        context, source = self._origin
        context.create_block_formatting_context(self.block)
        height = self.lines[0].position_y
        lines = [
            line
            for line, _ in iter_line_boxes(
                context, source, height, 0, None, self.block, [], [], None, None
            )
        ]
        context.finish_block_formatting_context()
        if shape(lines) != self._shape:
            raise Misfit
        for line, frame in zip(lines, self._frames, strict=True):
            keep_inside(line, frame)
            for box in parts(line):
                box.background = None
        return lines


def trace_lines() -> None:
    """From here on every line knows the text it was broken from."""
    from weasyprint.layout import block

    break_lines = block.iter_line_boxes

    def traced(context: Any, box: Any, *rest: Any) -> Iterator[Any]:
        for line, resume_at in break_lines(context, box, *rest):
            line.origin = context, box
            yield line, resume_at

    block.iter_line_boxes = traced


def parts(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from parts(child)


def shape(lines: list[Any]) -> list[Any]:
    """What the rest of the document knows of these lines."""
    return [
        (line.height, [(type(box), box.element, box.element_tag) for box in parts(line)])
        for line in lines
    ]


def find(pages: list[Any], elements: list[Any]) -> list[Paragraph]:
    """The paragraphs of these pages that hold these elements: all, a running head on each page."""
    numbers = {element: number for number, element in enumerate(elements)}
    paragraphs = [found for page in pages for found in _within(page, numbers, [])]
    found = {number for paragraph in paragraphs for number, _ in paragraph.slots}
    if found != set(range(len(elements))):
        raise Unfillable
    return paragraphs


def _within(box: Any, numbers: dict[Any, int], parents: list[Any]) -> Iterator[Paragraph]:
    children = list(getattr(box, "children", ()))
    if children and all(hasattr(child, "origin") for child in children):
        source = children[0].origin[1]
        slots = [
            (numbers[part.element], part)
            for part in parts(source)
            if hasattr(part, "text")
            and part.element in numbers
            and part.element_tag == part.element.tag
        ]
        if slots:
            _check(box, [part for _, part in slots], parents)
            yield Paragraph(box, slots)
        return
    for child in children:
        yield from _within(child, numbers, [*parents, box])


def _check(block: Any, slots: list[Any], parents: list[Any]) -> None:
    """Its place and width must not hang on its text, nor may its text stand elsewhere too."""
    # What is positioned stands in the flow as a placeholder.
    around = [getattr(box, "_box", box) for box in (*parents, block)]
    within = [box for line in block.children for box in parts(line)]
    source = block.children[0].origin[1]
    fillable = (
        all(box.style[name] in ok for box in (block, *slots) for name, ok in STYLES.items())
        and all(line.origin[1] is source for line in block.children)
        and all(getattr(box, "background", None) is None for box in within)
        and all(_has_its_own_width(box) for box in around)
        and all(box.style["bookmark_level"] == "none" for box in (*around, *within))
    )
    if not fillable:
        raise Unfillable


def _has_its_own_width(box: Any) -> bool:
    """Whether the width of a box is known without its content."""
    from weasyprint.formatting_structure import boxes

    style = box.style
    fixed = style["width"] != "auto"
    if isinstance(box, boxes.PageBox) or getattr(box, "is_table_wrapper", False):
        return True  # a wrapper is as wide as the table in it, which is looked at itself
    if isinstance(box, boxes.MarginBox):
        return fixed
    if style["transform"] or style["display"][0] == "inline":
        return False
    if isinstance(box, boxes.TableBox):
        return fixed and style["table_layout"] == "fixed"
    if isinstance(box, boxes.TableRowGroupBox | boxes.TableRowBox | boxes.TableCellBox):
        return True
    if style["position"] in ("absolute", "fixed") or style["float"] != "none":
        return fixed or (style["left"] != "auto" and style["right"] != "auto")
    return isinstance(box, boxes.BlockBox)
