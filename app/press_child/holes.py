"""Where the operators of a page leave room for the texts of its lines with slots."""

from collections.abc import Iterable
from typing import Any

import pydyf
from weasyprint import draw
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.pdf.stream import Stream

from case import Case
from deflating import QUICK, Piece, join, piece
from lines import Text

draw_text = draw.draw_text


class TextStream(Stream):
    """Operators of one text after another, each of which leaves the state of the page as it was."""

    stream: list[Any]

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

    def take(self) -> bytes:
        """What was drawn since this was last asked."""
        drawn, self.stream = self.stream, []
        return b"\n".join(map(pydyf._to_bytes, [*drawn, b""]))


class SlotStream(TextStream):
    """Operators of slots, with fonts from the case."""

    def __init__(self, page: Any, case: Case) -> None:
        super().__init__(page, {})
        self._case = case

    @property
    def fonts(self) -> dict[Any, Any]:
        return self._fonts

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        key, _description, size = self._case.called(pango_font)
        if key not in self._fonts:
            self._fonts[key] = self._case.take(pango_font)
        return self._fonts[key], size


class Hole:
    """The room of one text: one that stays is drawn once and only moved."""

    def __init__(self, text: Text, page: Any, case: Case) -> None:
        self._text, box = text, text.box
        self._baseline = box.position_y + box.baseline
        stays = text.number is None
        trial = TextStream(page, page._fonts) if stays else SlotStream(page, case)
        with trial.stacked():
            draw_text(trial, box, 0, "clip", "none")
        self.original = trial.take()
        self._before, self._moved, self._after = self.original.partition(self._matrix())

    def _matrix(self) -> bytes:
        stream = pydyf.Stream()
        stream.set_text_matrix(1, 0, 0, -1, self._text.box.position_x, self._baseline)
        return bytes(stream.stream[0])

    def fill(self, stream: SlotStream) -> bytes:
        if self._text.number is None:
            return self._before + (self._moved and self._matrix()) + self._after
        box = self._text.box
        place = Matrix(d=-1, e=box.position_x, f=self._baseline)
        with stream.stacked():
            stream.set_color(box.style["color"])
            stream.begin_text()
            draw_first_line(stream, box, "clip", "none", place)
            stream.end_text()
        return stream.take()


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


def filled(pieces: list[Piece | Hole], stream: SlotStream) -> bytes:
    """The deflated operators of a page with its holes filled."""
    return join(piece(one.fill(stream), QUICK) if isinstance(one, Hole) else one for one in pieces)
