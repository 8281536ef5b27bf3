"""Where the operators of a page leave room for the lines of a paragraph with slots."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import draw
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import get_pango_font_key

from case import Case
from deflating import Piece, join, piece
from paragraphs import Misfit, Paragraph

draw_line = draw.draw_inline_level


@dataclass(eq=False)
class Hole:
    """The room of one line."""

    paragraph: Paragraph
    line: int
    stream: Any
    page: Any
    marks_before: int
    original: bytes = b""

    def fill(self, line: Any, fonts: dict[Any, Any], case: Case) -> bytes:
        """The operators of a new line for this room; the state around it stays as it was."""
        stream = SlotStream(self.stream, self.marks_before, fonts, case)
        states = len(stream._resources["ExtGState"])
        draw_line(stream, self.page, line)
        if len(stream._resources["ExtGState"]) > states:
            raise Misfit
        return stream.operators()


class SlotStream(Stream):
    """Operators in the style of another stream, with fonts from the case."""

    def __init__(self, like: Any, marks: int, fonts: dict[Any, Any], case: Case) -> None:
        super().__init__(
            fonts,
            like.page_rectangle,
            like._resources,
            like._images,
            dict.fromkeys(range(marks)),
            like._color_profiles,
            like._output_intent,
        )
        self._case = case

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        key, description, size = get_pango_font_key(pango_font)
        if key not in self._fonts:
            self._fonts[key] = self._case.take(pango_font, key, description, size)
        return self._fonts[key], size

    def operators(self) -> bytes:
        return b"q\n" + b"\n".join(map(pydyf._to_bytes, self.stream)) + b"\nQ\n"


def leave_holes(case: Case) -> None:
    """From here on a line that belongs to a hole leaves it open."""

    def drawn(stream: Any, page: Any, box: Any, *rest: Any) -> None:
        place = getattr(box, "place", None)
        if place is None:
            draw_line(stream, page, box, *rest)
            return
        marks = len(stream._tags)
        trial = SlotStream(stream, marks, {}, case)
        trial._tags = stream._tags  # the document's own lines stay in its structure
        draw_line(trial, page, box)
        stream.stream.append(Hole(*place, stream, page, marks, trial.operators()))

    draw.draw_inline_level = drawn


def cut(operators: Iterable[Any]) -> list[Piece | Hole]:
    """The operators of a page: what stays, deflated, and the holes between."""
    pieces: list[Piece | Hole] = []
    run: list[bytes] = []
    for one in operators:
        if isinstance(one, Hole):
            if run:
                pieces.append(piece(b"\n".join([*run, b""])))
            run = []
            pieces.append(one)
        else:
            run.append(pydyf._to_bytes(one))
    if run:
        pieces.append(piece(b"\n".join(run)))
    return pieces


def filled(
    pieces: list[Piece | Hole],
    lines: dict[Paragraph, list[Any]],
    fonts: dict[Any, Any],
    case: Case,
) -> bytes:
    """The deflated operators of a page with its holes filled."""

    def closed() -> Iterator[Piece]:
        run = b""
        for one in pieces:
            if isinstance(one, Hole):
                run += one.fill(lines[one.paragraph][one.line], fonts, case)
                continue
            if run:
                yield piece(run)
            run = b""
            yield one
        if run:
            yield piece(run)

    return join(closed())
