"""A page that was laid out once, with holes where the next holder's own texts come in."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from itertools import chain, count
from typing import Any

import pydyf
from weasyprint import DEFAULT_OPTIONS
from weasyprint.matrix import Matrix
from weasyprint.pdf import _w3c_date_to_pdf, generate_pdf
from weasyprint.pdf.fonts import build_fonts_dictionary
from weasyprint.pdf.pdfa import VARIANTS
from weasyprint.urls import iri_to_uri

import enclosures
from case import Case
from deflating import LEVEL, QUICK
from holes import Hole, SlotStream, cut, filled
from lines import Line, Reach, Text, parts
from manuscript import Manuscript
from order import Order
from refusals import refuse_pictures

VARIANT = "pdf/a-3a"
OPTIONS = (
    DEFAULT_OPTIONS | VARIANTS[VARIANT][1] | {"pdf_variant": VARIANT, "uncompressed_pdf": True}
)
HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
POINTS = 0.75  # of a pixel


class Sequel:
    """The objects of one holder; new ones are numbered after those that stay."""

    def __init__(self, numbers: Iterator[int], catalog: Any, pages: list[Any]) -> None:
        self._numbers = numbers
        self.objects: list[Any] = []
        self.catalog = self.instead_of(catalog)
        self.pages = [self.instead_of(page) for page in pages]
        self.page = self.pages[0]

    def add_object(self, one: Any) -> None:
        one.number = next(self._numbers)
        self.objects.append(one)

    def add_stream(self, deflated: bytes) -> Any:
        stream = pydyf.Stream([deflated], {"Filter": "/FlateDecode"})
        self.add_object(stream)
        return stream

    def instead_of(self, original: Any, one: Any = None) -> Any:
        """The holder's own version of an object, a copy when none is given."""
        own = pydyf.Dictionary(original) if one is None else one
        own.number = original.number
        self.objects.append(own)
        return own


@dataclass(frozen=True)
class Link:
    """A link on a page: which address it takes, and how far it reaches if its text may move."""

    annotation: Any
    address: int | None
    reach: Reach | None
    matrix: Any


class Master:
    """A document laid out, drawn and written but for what is each holder's own."""

    def __init__(self, document: Any, lines: list[Line], addressed: list[Any], case: Case) -> None:
        self._document, self._lines, self._case = document, lines, case
        for text in self._texts:
            text.box.moving = text
        self._pdf = pdf = generate_pdf(document, None, 1, **OPTIONS)
        refuse_pictures(pdf.objects)
        self._pages = pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
        self._contents = [self._referred(page["Contents"]) for page in pages]
        self._operators = [cut(stream.stream) for stream in self._contents]
        self._fonts = self._referred(self._referred(pages[0]["Resources"])["Font"])
        self._links = list(self._find_links(addressed))
        self._vacant = self._referred(pdf.catalog["Metadata"]).number
        self._write_what_stays()

    def _referred(self, reference: bytes) -> Any:
        return self._pdf.objects[int(reference.split()[0])]

    @property
    def _texts(self) -> Iterator[Text]:
        return (text for line in self._lines for text in line.texts)

    def _find_links(self, addressed: list[Any]) -> Iterator[Link]:
        moving = {text.box for text in self._texts}
        for page in self._document.pages:
            matrix = Matrix(POINTS, 0, 0, -POINTS, 0, page.height * POINTS)
            for *_, box in page.links:
                if box.link_annotation is not None:
                    address = addressed.index(box.element) if box.element in addressed else None
                    reach = Reach(box) if moving.intersection(parts(box)) else None
                    yield Link(box.link_annotation, address, reach, matrix)

    def _write_what_stays(self) -> None:
        own = [self._pdf.catalog, *self._pages, self._fonts, *self._contents]
        own += [link.annotation for link in self._links]
        numbers = {one.number for one in own} | {0, self._vacant}
        self._entries = [b"0000000000 65535 f \n"] * len(self._pdf.objects)
        written, position = [HEADER], len(HEADER)
        for one in self._pdf.objects:
            if one.number not in numbers:
                deflate(one)
                written.append(one.indirect + b"\n")
                self._entries[one.number] = entry(position)
                position += len(written[-1])
        self._stays = b"".join(written)
        self._digest = md5(self._stays, usedforsecurity=False)

    def proves_itself(self, manuscript: Manuscript) -> bool:
        """Whether the holes, filled with the texts that were in them, come out as they were."""
        self._set(manuscript)
        holes = [one for pieces in self._operators for one in pieces if isinstance(one, Hole)]
        stream = SlotStream(self._contents[0], self._case)
        return len(holes) == len(list(self._texts)) and all(
            hole.fill(stream) == hole.original for hole in holes
        )

    def fill(self, manuscript: Manuscript, order: Order) -> bytes:
        """The document of one holder."""
        self._set(manuscript)
        slots = SlotStream(self._contents[0], self._case)
        numbers = chain([self._vacant], count(len(self._pdf.objects)))
        sequel = Sequel(numbers, self._pdf.catalog, self._pages)
        information = self._describe(sequel, manuscript)
        for stream, pieces in zip(self._contents, self._operators, strict=True):
            content = filled(pieces, slots)
            sequel.instead_of(stream, pydyf.Stream([content], {"Filter": "/FlateDecode"}))
        self._lay_under(sequel, manuscript.prints)
        used = build_fonts_dictionary(sequel, slots.fonts, False, True, OPTIONS)
        sequel.instead_of(self._fonts).update(used)
        for link in self._links:
            self._address(sequel.instead_of(link.annotation), link, manuscript)
        enclosures.attach(sequel, order.attachments, self._document.metadata.created)
        enclosures.prepare_seals(sequel, order.seal_fields)
        return self._write(sequel, information)

    def _set(self, manuscript: Manuscript) -> None:
        for line in self._lines:
            line.set(manuscript.slots)

    def _describe(self, sequel: Sequel, manuscript: Manuscript) -> Any:
        metadata = self._document.metadata
        vars(metadata).update(manuscript.description)
        metadata.include_in_pdf(sequel, "a", 3, "A", False)
        information = pydyf.Dictionary(
            {key: self._pdf.info[key] for key in ("Producer", "Creator") if key in self._pdf.info}
        )
        texts = {
            "Title": metadata.title,
            "Author": ", ".join(metadata.authors),
            "Subject": metadata.description,
            "Keywords": ", ".join(metadata.keywords),
            "CreationDate": _w3c_date_to_pdf(metadata.created, "created"),
            "ModDate": _w3c_date_to_pdf(metadata.modified, "modified"),
        }
        information |= {key: pydyf.String(text) for key, text in texts.items() if text}
        sequel.add_object(information)
        return information

    def _lay_under(self, sequel: Sequel, prints: list[tuple[int, bytes]]) -> None:
        """Lays the prints under their pages; they mark themselves as decoration."""
        for number, page in enumerate(sequel.pages, start=1):
            layers = [
                sequel.add_stream(operators).reference
                for place, operators in prints
                if place == number
            ]
            if layers:
                page["Contents"] = pydyf.Array([*layers, page["Contents"]])

    def _address(self, annotation: Any, link: Link, manuscript: Manuscript) -> None:
        if link.address is not None:
            address = pydyf.String(iri_to_uri(manuscript.links[link.address]))
            annotation["Contents"] = address
            annotation["A"] = pydyf.Dictionary(annotation["A"] | {"URI": address})
        if link.reach:
            start, end = link.reach.corners()
            annotation["Rect"] = pydyf.Array(
                (*link.matrix.transform_point(*start), *link.matrix.transform_point(*end))
            )

    def _write(self, sequel: Sequel, information: Any) -> bytes:
        """The whole file: what stays, the holder's own objects, and where each one lies."""
        written, position = [self._stays], len(self._stays)
        entries = [*self._entries, *[b""] * len(sequel.objects)]
        digest = self._digest.copy()
        for one in sequel.objects:
            deflate(one, QUICK)
            written.append(one.indirect + b"\n")
            digest.update(written[-1])
            entries[one.number] = entry(position)
            position += len(written[-1])
        table = [one for one in entries if one]
        name = digest.hexdigest().encode()
        written += (b"xref\n0 %d\n" % len(table), *table)
        written.append(
            b"trailer\n<</Size %d/Root %b/Info %b/ID [<%b> <%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (
                len(table),
                sequel.catalog.reference,
                information.reference,
                name,
                name,
                position,
            )
        )
        return b"".join(written)


def entry(position: int) -> bytes:
    return b"%010d 00000 n \n" % position


def deflate(one: Any, level: int = LEVEL) -> None:
    if isinstance(one, pydyf.Stream) and "Filter" not in one.extra:
        content = b"\n".join(map(pydyf._to_bytes, one.stream))
        one.stream = [zlib.compress(content, level)]
        one.extra = {**one.extra, "Filter": "/FlateDecode"}
