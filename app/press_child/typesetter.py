"""WeasyPrint with what does not change between pages kept ready."""

import base64
import logging
import re
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import enclosures
from identification import merge_identification
from lids import MOST_BYTES
from order import Order
from refusals import Complaints, Refused, refuse_excess, refuse_overflow

MOST_PAGES = 60
PRINT = re.compile(
    r'<link rel="print"(?: data-page="(\d+)")? '
    r'href="data:application/pdf;base64,([A-Za-z0-9+/=]*)">'
)
Prints = list[tuple[int, bytes]]
"""Pages, the first is 1, and what lies under them."""


class Typesetter:
    """WeasyPrint with what does not change between pages kept ready."""

    def __init__(self) -> None:
        from weasyprint import CSS, HTML
        from weasyprint.logger import LOGGER
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        class DataOnly(URLFetcher):
            """Knows only what the page carries with it."""

            def __init__(self) -> None:
                super().__init__(allowed_protocols={"data"}, allow_redirects=False)

        remember_paths()
        self._html, self._css, self._log = HTML, CSS, LOGGER
        self._fetcher = DataOnly()
        self._fonts = FontConfiguration()
        self._styles: OrderedDict[str, Any] = OrderedDict()
        self._log.setLevel(logging.WARNING)
        self._log.propagate = False

    def set(self, order: Order) -> bytes:
        complaints = Complaints()
        self._log.handlers[:] = [complaints]
        text, prints = take_prints(order.page)
        html = self._html(string=text, url_fetcher=self._fetcher, base_url=None)
        refuse_excess(html.etree_element)
        document = html.render(
            font_config=self._fonts,
            stylesheets=list(self._take_styles(html.etree_element)),
            pdf_variant="pdf/a-3a",
        )
        if len(document.pages) > MOST_PAGES:
            raise Refused("This text would fill more pages than a document may have.")
        for page in document.pages:
            refuse_overflow(page._page_box)
        merge_identification(document)
        pdf = document.write_pdf(
            pdf_variant="pdf/a-3a",
            uncompressed_pdf=True,
            finisher=lambda document, pdf: finish(document, pdf, order, prints),
        )
        if complaints.first:
            raise Refused(complaints.first)
        if len(pdf) > MOST_BYTES:
            raise Refused("This page would make too large a file.")
        return bytes(pdf)

    def _take_styles(self, root: Any) -> Iterator[Any]:
        """Style sheets are parsed once: the next page with the same style finds it ready."""
        for parent in root.iter("head"):
            for style in list(parent.iter("style")):
                text = style.text or ""
                parent.remove(style)
                if text not in self._styles:
                    self._styles[text] = self._css(
                        string=text, font_config=self._fonts, url_fetcher=self._fetcher
                    )
                self._styles.move_to_end(text)
                while len(self._styles) > 8:
                    self._styles.popitem(last=False)
                yield self._styles[text]


def take_prints(text: str) -> tuple[str, Prints]:
    """The page without its prints, and the prints: deflated operators that lie under the text.

    They are taken out before the HTML is parsed, for they are many times longer than it.
    """
    head, mark, rest = text.partition("</head>")
    prints = [(int(page or 1), base64.b64decode(found)) for page, found in PRINT.findall(head)]
    return PRINT.sub("", head) + mark + rest, prints


def finish(document: Any, pdf: Any, order: Order, prints: Prints) -> None:
    """What is done to a document just before it is written."""
    lay_under(pdf, prints)
    enclosures.attach(pdf, order.attachments, document.metadata.created)
    enclosures.prepare_seals(pdf, order.seal_fields)
    deflate(pdf)


def lay_under(pdf: Any, prints: Prints) -> None:
    """Lays the prints under their pages; they mark themselves as decoration."""
    import pydyf  # type: ignore[import-untyped]

    pages = [
        one
        for one in pdf.objects
        if isinstance(one, pydyf.Dictionary) and one.get("Type") == "/Page"
    ]
    for number, page in enumerate(pages, start=1):
        contents = pydyf.Array()
        for operators in (one for place, one in prints if place == number):
            layer = pydyf.Stream([operators], {"Filter": "/FlateDecode"})
            pdf.add_object(layer)
            contents.append(layer.reference)
        contents.append(page["Contents"])
        page["Contents"] = contents


def deflate(pdf: Any) -> None:
    """Deflates every stream: the library's own level takes thrice as long for a hundredth less."""
    import pydyf

    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and "Filter" not in one.extra:
            content = b"\n".join(map(pydyf._to_bytes, one.stream))
            one.stream = [zlib.compress(content, 6)]
            one.extra = {**one.extra, "Filter": "/FlateDecode"}


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
