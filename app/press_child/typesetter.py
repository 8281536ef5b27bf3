"""WeasyPrint with what does not change between pages kept ready."""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from case import Case
from holes import leave_holes
from identification import merge_identification
from lines import Misfit, Unfillable, find
from manuscript import Manuscript, link_elements, read, slot_elements
from master import VARIANT, Master
from order import Order
from refusals import MOST_BYTES, Complaints, Refused, refuse_excess, refuse_overflow, refuse_silence

MOST_PAGES = 60
MOST_MASTERS = 32


class DataOnly(URLFetcher):
    """Knows only what the page carries with it."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)


class Typesetter:
    """Lays a page out once for all its holders, and fills in the texts of each."""

    def __init__(self) -> None:
        self._fetcher = DataOnly()
        self._type = FontConfiguration()
        self._case = Case()
        self._styles: OrderedDict[str, Any] = OrderedDict()
        self._masters: OrderedDict[str, list[Master]] = OrderedDict()
        LOGGER.setLevel(logging.WARNING)
        LOGGER.propagate = False
        remember_paths()
        leave_holes(self._case)

    def set(self, order: Order) -> bytes:
        complaints = Complaints()
        LOGGER.handlers[:] = [complaints]
        manuscript = read(order.page)
        pdf = self._fill(manuscript, order)
        if pdf is None:
            pdf = self._lay_out(manuscript).fill(manuscript, order)
        if complaints.first:
            raise Refused(complaints.first)
        if len(pdf) > MOST_BYTES:
            raise Refused("This page would make too large a file.")
        return pdf

    def _fill(self, manuscript: Manuscript, order: Order) -> bytes | None:
        for master in self._masters.get(manuscript.key, ()) if manuscript.plain else ():
            self._masters.move_to_end(manuscript.key)
            try:
                return master.fill(manuscript, order)
            except Misfit:
                continue
        return None

    def _lay_out(self, manuscript: Manuscript) -> Master:
        """A master for this page, and for those that differ from it in their slots alone."""
        try:
            master = self._master_of(manuscript)
        except Unfillable:
            manuscript.take_as_it_is()
            return Master(self._render(manuscript.html)[1], [], [], self._case)
        self._masters.setdefault(manuscript.key, []).append(master)
        while sum(map(len, self._masters.values())) > MOST_MASTERS:
            self._masters.popitem(last=False)
        return master

    def _master_of(self, manuscript: Manuscript) -> Master:
        if not manuscript.plain:
            raise Unfillable
        root, document = self._render(manuscript.html)
        if not manuscript.agrees_with(root, document.metadata):
            raise Unfillable
        lines = find([page._page_box for page in document.pages], slot_elements(root))
        master = Master(document, lines, link_elements(root), self._case)
        if not master.proves_itself(manuscript):
            raise Unfillable
        return master

    def _render(self, text: str) -> tuple[Any, Any]:
        html = HTML(string=text, url_fetcher=self._fetcher, base_url=None)
        refuse_excess(html.etree_element)
        document = html.render(
            font_config=self._type,
            stylesheets=list(self._take_styles(html.etree_element)),
            pdf_variant=VARIANT,
        )
        if len(document.pages) > MOST_PAGES:
            raise Refused("This text would fill more pages than a document may have.")
        refuse_silence(html.etree_element, document.metadata.title)
        for page in document.pages:
            refuse_overflow(page._page_box)
        merge_identification(document)
        return html.etree_element, document

    def _take_styles(self, root: Any) -> Iterator[Any]:
        """Style sheets are parsed once: the next page with the same style finds it ready."""
        for parent in root.iter("head"):
            for style in list(parent.iter("style")):
                text = style.text or ""
                parent.remove(style)
                if text not in self._styles:
                    self._styles[text] = CSS(
                        string=text, font_config=self._type, url_fetcher=self._fetcher
                    )
                self._styles.move_to_end(text)
                while len(self._styles) > 8:
                    self._styles.popitem(last=False)
                yield self._styles[text]


def remember_paths() -> None:
    """The same mark stands on many sheets: its outlines are translated to PDF once."""
    import pydyf
    from weasyprint import svg

    draw = svg.TAGS["path"]
    memory: OrderedDict[Any, tuple[bytes, list[Any]]] = OrderedDict()

    def path(drawing: Any, node: Any, font_size: float) -> None:
        sizes = drawing.inner_width, drawing.inner_height, drawing.inner_diagonal
        key = node.get("d", ""), font_size, sizes
        operators, vertices = drawing.stream.stream, node.vertices
        if key not in memory:
            so_far, before = len(operators), len(vertices)
            draw(drawing, node, font_size)
            written = b"\n".join(map(pydyf._to_bytes, operators[so_far:]))
            operators[so_far:] = [written]
            memory[key] = written, list(vertices)[before:]
            while len(memory) > 64:
                memory.popitem(last=False)
        else:
            operators.append(memory[key][0])
            vertices.extend(memory[key][1])

    svg.TAGS["path"] = path
