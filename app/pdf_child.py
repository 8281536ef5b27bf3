"""The child of the press: sets pages for its parent until the pipe closes.

Started by path, alone and in isolated mode, so it knows nothing of the app. It may read its
typefaces and its own libraries; it may not open a socket, start a program or read anything else.
"""

import base64
import logging
import os
import re
import resource
import struct
import sys
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, BinaryIO

MOST_PAGES = 60
MOST_DEPTH = 120
LONGEST_TEXT = 50_000
MOST_BYTES = 32 << 20
PDF_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""  # noqa: E501


PRINT = re.compile(r'<link rel="print" href="data:application/pdf;base64,([A-Za-z0-9+/=]*)">')


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


def limit_the_process(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_the_page(cpu_seconds: int) -> None:
    """The limit counts from the start of the process, so each page moves it on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, hard))


def shut_the_doors(typefaces: str) -> None:
    """From here on Python opens no socket, no program and no file but libraries and typefaces."""
    homes = tuple(
        os.path.realpath(home) + os.sep
        for home in (*sys.path, sys.prefix, sys.base_prefix, typefaces)
        if home
    )
    barred = (
        *("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system"),
        *("os.remove", "os.rename", "os.truncate", "ctypes.", "urllib.", "http.", "ftplib."),
    )

    def door(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            reading = not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if isinstance(path, bytes):
                path = os.fsdecode(path)
            if isinstance(path, str) and not (reading and os.path.realpath(path).startswith(homes)):
                raise PermissionError("The press opens no files.")
        elif event.startswith(barred) and event != "urllib.Request":
            raise PermissionError("The press has no network.")

    sys.addaudithook(door)


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

    def set(self, text: str) -> bytes:
        complaints = Complaints()
        self._log.handlers[:] = [complaints]
        text, prints = take_prints(text)
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
            pdf_variant="pdf/a-3a", finisher=lambda _, pdf: finish(pdf, prints)
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


def take_prints(text: str) -> tuple[str, list[bytes]]:
    """The page without its prints, and the prints: deflated operators that lie under the text.

    They are taken out before the HTML is parsed, for they are many times longer than it.
    """
    head, mark, rest = text.partition("</head>")
    prints = [base64.b64decode(found) for found in PRINT.findall(head)]
    return PRINT.sub("", head) + mark + rest, prints


def finish(pdf: Any, prints: list[bytes]) -> None:
    """What is done to a document just before it is written."""
    lay_under(pdf, prints)
    deflate(pdf)


def lay_under(pdf: Any, prints: list[bytes]) -> None:
    """Lays the prints under the first page; they mark themselves as decoration."""
    import pydyf  # type: ignore[import-untyped]

    page = next(
        one
        for one in pdf.objects
        if isinstance(one, pydyf.Dictionary) and one.get("Type") == "/Page"
    )
    contents = pydyf.Array()
    for operators in prints:
        layer = pydyf.Stream([operators], {"Filter": "/FlateDecode"})
        pdf.add_object(layer)
        contents.append(layer.reference)
    contents.append(page["Contents"])
    page["Contents"] = contents


def deflate(pdf: Any) -> None:
    """Deflates every stream: the library's own level takes thrice as long for a hundredth less."""
    import pydyf

    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.compress:
            content = b"\n".join(map(pydyf._to_bytes, one.stream))
            one.stream = [zlib.compress(content, 6)]
            one.extra = {**one.extra, "Filter": "/FlateDecode"}
            one.compress = False


def refuse_overflow(page: Any) -> None:
    """Every line stays on the page and inside the nearest part marked `data-fits`."""

    def check(box: Any, frame: tuple[float, float, float, float], owner: Any) -> None:
        element = getattr(box, "element", None)
        # Lines and anonymous boxes carry the element they belong to: the first box is the frame.
        if element is not None and element is not owner and element.get("data-fits") is not None:
            x, y = box.content_box_x(), box.content_box_y()
            frame, owner = (x, y, x + box.width, y + box.height), element
        left, top, right, bottom = frame
        kind, inside = type(box).__name__, True
        if kind == "LineBox":
            inside = top - 1 <= box.position_y and box.position_y + box.height <= bottom + 1
        elif kind == "TextBox":
            # A line of miles comes out with a negative width.
            inside = left - 1 <= box.position_x and 0 <= box.width <= right + 1 - box.position_x
        if not inside:
            raise Refused("A text is too long for the place it has on the page.")
        for child in getattr(box, "children", ()):
            check(child, frame, owner)

    check(page, (0, 0, page.margin_width(), page.margin_height()), None)


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


def merge_identification(document: Any) -> None:
    """PDF/A allows one rdf:RDF, so the PDF/UA identification goes inside the one that is there."""
    generate = document.metadata.generate_rdf_metadata

    def merged(*arguments: Any) -> bytes:
        head, mark, tail = generate(*arguments).rpartition(b"</")
        return bytes(head + PDF_UA + mark + tail)

    document.metadata.generate_rdf_metadata = merged


def answer(out: BinaryIO, verdict: bytes, body: bytes) -> None:
    out.write(verdict + struct.pack(">I", len(body)) + body)
    out.flush()


def reason_for(failure: BaseException) -> str:
    if isinstance(failure, Refused):
        return str(failure)
    if isinstance(failure, MemoryError):
        return "Setting this page took more memory than a page may take."
    if isinstance(failure, RecursionError):
        return "The parts of this page are nested too deeply."
    return f"This page cannot be set ({type(failure).__name__})."


def main() -> None:
    cpu_seconds, memory, typefaces = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)  # a library that prints must not garble the answer
    limit_the_process(memory)
    try:
        typesetter = Typesetter()
    except (ImportError, OSError) as failure:
        answer(outbox, b"-", f"The typesetting program cannot start: {failure}".encode())
        return
    typesetter.set("<!doctype html><html lang=en><title>.</title><p>.</p>")
    shut_the_doors(typefaces)
    answer(outbox, b"+", b"")
    while len(head := inbox.read(4)) == 4:
        text = inbox.read(struct.unpack(">I", head)[0]).decode("utf-8", "replace")
        limit_the_page(cpu_seconds)
        try:
            body, verdict = typesetter.set(text), b"+"
        except Exception as failure:
            body, verdict = reason_for(failure).encode(), b"-"
        answer(outbox, verdict, body)
        if verdict == b"-" and b"memory" in body:
            return


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to say; the libraries' own farewell is slow and may stumble
