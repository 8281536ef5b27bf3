"""A hundred documents and badges that wish their reader ill, made anew for every run."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def corpus() -> Iterator[tuple[str, bytes]]:
    """Names and contents."""
    yield from _documents()
    yield from _broken()
    yield from _with_signatures()
    yield from _pictures()
    yield from _credentials()
    yield from _polyglots()


def pdf(*objects: bytes, trailer: bytes = b"", start: int | None = None) -> bytes:
    """A PDF of these objects with a good table; what is wrong is in the objects."""
    content, places = bytearray(HEAD), []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
    content += b"startxref\n%d\n%%%%EOF\n" % (table if start is None else start)
    return bytes(content)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[]/Count 0>>"


def _documents() -> Iterator[tuple[str, bytes]]:
    good = pdf(CATALOG, PAGES)
    yield "plain", good
    yield "a table that points to itself", pdf(CATALOG, PAGES, trailer=b"/Prev 120")
    for offset in (0, 1, 9, len(HEAD), 10**6, 10**12, -5):
        yield f"table said to be at {offset}", pdf(CATALOG, PAGES, start=offset)
    loop = good[: good.rfind(b"startxref")]
    here = loop.rfind(b"xref\n0")
    looped = loop.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % here)
    yield "a table before which it stands itself", looped + b"startxref\n%d\n%%%%EOF\n" % here
    ring = HEAD
    for turn in range(40):
        at = len(ring)
        ring += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev %d>>\n" % (
            len(HEAD) if turn else at + 70
        )
    yield "forty tables in a ring", ring + b"startxref\n%d\n%%%%EOF\n" % at
    for size in (10**6, 2**31, 2**63, -1):
        yield (
            f"a table of {size} entries",
            HEAD + b"xref\n0 %d\n" % size + b"0000000000 65535 f \n" * 50
            + b"trailer\n<</Size 1/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(HEAD),
        )  # fmt: skip
    yield "a million objects", HEAD + b"1 0 obj\nnull\nendobj\n" * 300_000 + b"%%EOF"
    yield (
        "a table of two hundred thousand entries",
        HEAD + b"xref\n0 200000\n" + b"0000000015 00000 n \n" * 200_000
        + b"trailer\n<</Size 200000/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(HEAD),
    )  # fmt: skip
    for depth in (1_000, 100_000):
        yield f"arrays {depth} deep", pdf(CATALOG, PAGES, b"[" * depth + b"]" * depth)
        yield f"a root {depth} deep", pdf(b"<</A" * depth + b" 1" + b">>" * depth, PAGES)
    yield "a root that is itself", pdf(b"1 0 R", PAGES)
    yield "a root in a ring", pdf(b"2 0 R", b"1 0 R")
    yield "pages in a ring", pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    names = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>"
    yield "attachments in a ring", pdf(names, PAGES, b"<</Kids[3 0 R 3 0 R 3 0 R]>>")
    yield "attachments that are a number", pdf(names, PAGES, b"17")
    bomb = zlib.compress(b"\0" * 300_000_000, 9)
    filed = b"<</Names[(credential.json)<</EF<</F 4 0 R>>>>]>>"
    stream = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream"
    yield "an attachment that swells", pdf(names, PAGES, filed, stream % (len(bomb), bomb))
    yield "streams that swell", pdf(CATALOG, PAGES, *[stream % (len(bomb), bomb)] * 20)
    packed = (
        b"<</Length %d/Type/ObjStm/N 1000000/First 8/Filter/FlateDecode>>\nstream\n%s\nendstream"
    )
    yield "an object stream that swells", pdf(CATALOG, PAGES, packed % (len(bomb), bomb))
    cross = b"<</Type/XRef/Size 100000000/W[1 8 8]/Root 1 0 R/Length %d/Filter/FlateDecode>>"
    cross += b"\nstream\n%s"
    start = len(HEAD)
    yield (
        "a cross-reference stream that swells",
        HEAD + b"1 0 obj\n" + cross % (len(bomb), bomb)
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start,
    )  # fmt: skip
    predictor = b"<</Type/XRef/Size 9/W[1 1 1]/Root 1 0 R/Length 3/Filter/FlateDecode"
    predictor += b"/DecodeParms<</Predictor 12/Columns 2000000000>>>>\nstream\nabc"
    yield (
        "columns without end",
        HEAD + b"1 0 obj\n" + predictor + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start,
    )
    yield "filters upon filters", pdf(
        CATALOG, PAGES,
        b"<</Length 3/Filter[" + b"/FlateDecode" * 10_000 + b"]>>\nstream\nabc\nendstream",
    )  # fmt: skip
    for act in (b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", b"/OpenAction<</S/Launch/F(sh)>>",
                b"/OpenAction<</S/URI/URI(http://127.0.0.1:1/)>>",
                b"/AcroForm<</XFA(x)/Fields[]>>"):  # fmt: skip
        yield (
            f"a document that acts: {act[:30]!r}",
            pdf(b"<</Type/Catalog/Pages 2 0 R" + act + b">>", PAGES),
        )
    yield "a name of a megabyte", pdf(CATALOG, PAGES, b"/" + b"A" * 10**6)
    yield "a text of a megabyte", pdf(CATALOG, PAGES, b"(" + b"(" * 10**6)
    yield "a number of a megabyte", pdf(CATALOG, PAGES, b"9" * 10**6)
    yield "hexadecimal without end", pdf(CATALOG, PAGES, b"<" + b"A" * 10**6)


def _broken() -> Iterator[tuple[str, bytes]]:
    good = pdf(CATALOG, PAGES)
    for part in range(0, 10):
        yield f"cut at {part} tenths", good[: max(8, len(good) * part // 10)]
    for owner in ("", "secret"):
        out = io.BytesIO()
        with pikepdf.new() as document:
            document.save(out, encryption=pikepdf.Encryption(owner=owner or "x", user=owner))
        yield f"encrypted with {owner!r}", out.getvalue()
    yield "only its head", HEAD
    yield "its head far inside", b"\n" * 1000 + good
    yield "nothing but zeros", b"%PDF-1.7" + b"\0" * 100_000
    yield "nothing but ends", HEAD + b"%%EOF\n" * 200_000
    yield "nothing but startxref", HEAD + b"startxref\n" * 100_000
    yield "nothing but xref", HEAD + b"xref\n0 1\n" * 100_000
    yield "noise", HEAD + bytes((n * 7919 >> 3) & 255 for n in range(200_000))


def _with_signatures() -> Iterator[tuple[str, bytes]]:
    def signed(field: bytes, value: bytes, *more: bytes) -> bytes:
        form = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[3 0 R]>>>>"
        return pdf(form, PAGES, field, value, *more)

    field = b"<</FT/Sig/T(a)/V 4 0 R>>"
    for name, value in (
        ("nothing in it", b"<</Type/Sig>>"),
        ("no contents", b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]>>"),
        ("no range", b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/Contents<00>>>"),
        ("noise", b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 9 9]/Contents<3080>>>"),
        ("a huge range", b"<</Type/Sig/ByteRange[0 99999999999 1 99999999999]/Contents<3000>>>"),
        ("a negative range", b"<</Type/Sig/ByteRange[0 -9 -9 -9]/Contents<3000>>>"),
        ("ten thousand ranges", b"<</Type/Sig/ByteRange[" + b"0 1 " * 10_000 + b"]/Contents<30>>>"),
        ("ASN.1 without end", b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<" + b"3080" * 20_000
         + b">>>"),
        ("a length that lies", b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<3084FFFFFFFF00>>>"),
        ("itself", b"4 0 R"),
    ):  # fmt: skip
        yield f"a signature with {name}", signed(field, value)
    yield (
        "a field that is its own parent",
        signed(b"<</FT/Sig/T(a)/Parent 3 0 R/Kids[3 0 R]>>", b"1"),
    )
    many = b"".join(b"<</FT/Sig/T(%d)>>" % n for n in range(5_000))
    yield (
        "five thousand fields",
        pdf(b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[" + many + b"]>>>>", PAGES),
    )
    deep = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields["
    deep += b"<</T(a)/Kids[" * 3_000 + b"]>>" * 3_000 + b"]>>>>"
    yield "fields three thousand deep", pdf(deep, PAGES)


def _pictures() -> Iterator[tuple[str, bytes]]:
    png = b"\x89PNG\r\n\x1a\n"
    flood = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 16, 6, 0, 0, 0)
    yield "a flood of pixels", png + struct.pack(">I", 13) + b"IHDR" + flood + b"\0\0\0\0"
    yield "a chunk longer than the file", png + b"\xff\xff\xff\xffiTXt"
    yield "a hundred thousand chunks", png + b"\0\0\0\0tEXt\0\0\0\0" * 100_000
    text = b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{" * 200_000_000, 9)
    yield "a text that swells", png + struct.pack(">I", len(text)) + b"iTXt" + text + b"\0\0\0\0"
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    for name, body in (
        ("a billion laughs", b'<!DOCTYPE svg [<!ENTITY l0 "ha">' + laughs + b"]><svg>&l9;</svg>"),
        ("an entity from outside", b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'),
        ("elements without end", b"<svg>" + b"<g>" * 500_000),
        ("an attribute of a megabyte", b'<svg a="' + b"x" * 10**6 + b'"/>'),
        ("a script", b"<svg><script>fetch('http://127.0.0.1:1/')</script></svg>"),
        ("a use of itself", b'<svg><g id="a"><use href="#a"/><use href="#a"/></g></svg>'),
        ("a foreign object", b"<svg><foreignObject><iframe/></foreignObject></svg>"),
        ("fifty thousand attributes", b"<svg " + b" ".join(b'a%d=""' % n for n in range(50_000))
         + b"/>"),
    ):  # fmt: skip
        yield f"an SVG with {name}", body


def _credentials() -> Iterator[tuple[str, bytes]]:
    yield "objects a hundred thousand deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "a credential of eight megabytes", b'{"a":"' + b"x" * 8_000_000 + b'"}'
    yield "a key twice", b'{"proof": 1, "proof": 2}'
    yield "a number without end", b'{"a": ' + b"9" * 100_000 + b"}"
    yield (
        "a million proofs",
        json.dumps({"proof": [{"cryptosuite": "eddsa-jcs-2022"}] * 9_000}).encode(),
    )
    yield "a lone surrogate", b'{"id": "\\ud800", "proof": []}'
    yield "a token without an algorithm", b"eyJhbGciOiJub25lIn0.eyJpZCI6InVybjp4In0.AAAAAAAAAAAA"
    yield "a token of points", b"." * 100_000
    yield "nothing", b""
    yield "one brace", b"{"
    yield (
        "a token that is a bomb",
        b"eyJ" + b"A" * 200_000 + b"." + b"A" * 90_000 + b"." + b"A" * 10,
    )
    yield "half an encoding", b'{"\xff\xfe'


def _polyglots() -> Iterator[tuple[str, bytes]]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd", b"\0" * 1_000_000)
    yield "a PDF that is an archive too", pdf(CATALOG, PAGES) + out.getvalue()
    yield "an archive that is a PDF too", out.getvalue()[:200] + pdf(CATALOG, PAGES)
    yield "a picture that is a PDF too", b"\x89PNG\r\n\x1a\n%PDF-1.7\n" + b"\0" * 1_000
    yield "a page that is a PDF too", b"<svg>%PDF-1.7</svg>"
    yield "a credential that is a PDF too", b'{"a": "%PDF-1.7"}'
