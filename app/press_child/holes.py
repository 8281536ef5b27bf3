"""Where the operators of a page leave room for the texts of its lines with slots."""

from collections.abc import Iterable
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import draw
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import get_pango_font_key

from case import Case
from deflating import Piece, join, piece
from lines import Text

draw_text = draw.draw_text


class TextStream(Stream):
    """Operators of one text, which begin and end in the state of the page."""

    def __init__(self, page: Any, fonts: dict[Any, Any]) -> None:
        super().__init__(
            fonts,
            page.page_rectangle,
            page._resources,
            page._images,
            None,
            page._color_profiles,
            page._output_intent,
        )

    def operators(self) -> bytes:
        return b"q\n" + b"\n".join(map(pydyf._to_bytes, self.stream)) + b"\nQ\n"


class SlotStream(TextStream):
    """Operators of a slot, with fonts from the case."""

    def __init__(self, page: Any, fonts: dict[Any, Any], case: Case) -> None:
        super().__init__(page, fonts)
        self._case = case

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        key, description, size = get_pango_font_key(pango_font)
        if key not in self._fonts:
            self._fonts[key] = self._case.take(pango_font, key, description, size)
        return self._fonts[key], size


class Hole:
    """The room of one text: one that stays is drawn once and only moved."""

    def __init__(self, text: Text, page: Any, case: Case) -> None:
        self._text, self._page, self._case = text, page, case
        box = text.box
        self._baseline = box.position_y + box.baseline
        slot = text.number is not None
        trial = SlotStream(page, {}, case) if slot else TextStream(page, page._fonts)
        draw_text(trial, box, 0, "clip", "none")
        self.original = trial.operators()
        self._before, self._moved, self._after = self.original.partition(self._matrix())

    def _matrix(self) -> bytes:
        stream = pydyf.Stream()
        stream.set_text_matrix(1, 0, 0, -1, self._text.box.position_x, self._baseline)
        return stream.stream[0]

    def fill(self, fonts: dict[Any, Any]) -> bytes:
        if self._text.number is None:
            return self._before + (self._moved and self._matrix()) + self._after
        box, stream = self._text.box, SlotStream(self._page, fonts, self._case)
        stream.set_color(box.style["color"])
        stream.begin_text()
        place = Matrix(d=-1, e=box.position_x, f=self._baseline)
        draw_first_line(stream, box, "clip", "none", place)
        stream.end_text()
        return stream.operators()


def leave_holes(case: Case) -> None:
    """From here on a text that belongs to a line with slots leaves its room open."""

    def drawn(stream: Any, box: Any, *rest: Any) -> None:
        text = getattr(box, "moving", None)
        if text is None:
            draw_text(stream, box, *rest)
        else:
            stream.stream.append(Hole(text, stream, case))

    draw.draw_text = drawn


def cut(operators: Iterable[Any]) -> list[Piece | Hole]:
    """The operators of a page: what stays, deflated, and the holes between."""
    pieces: list[Piece | Hole] = []
    run: list[bytes] = []
    for one in operators:
        if isinstance(one, Hole):
            pieces += [piece(b"\n".join([*run, b""])), one]
            run = []
        else:
            run.append(pydyf._to_bytes(one))
    return [*pieces, piece(b"\n".join(run))]


def filled(pieces: list[Piece | Hole], fonts: dict[Any, Any]) -> bytes:
    """The deflated operators of a page with its holes filled."""
    return join(piece(one.fill(fonts)) if isinstance(one, Hole) else one for one in pieces)
