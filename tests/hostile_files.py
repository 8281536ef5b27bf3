"""More than four hundred files that wish their reader ill, whatever door they come to.

They are made anew for every run and kept nowhere: archives that swell or climb out of their folder,
drawings that act, pictures without end, tables, certificates, halves, and two things at once.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image

from tests.verification.hostile import CATALOG, PAGES, corpus, pdf

Named = Iterator[tuple[str, bytes]]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
SVG += 'viewBox="0 0 80 40">'
RECT = '<rect width="9" height="9"/>'
MEGABYTE = 1 << 20

NAMES = (
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/cron.d/x",
    "C:\\autoexec.bat",
    "report\0.pdf",
    "a\r\nSet-Cookie: confer=x.pdf",
    "diploma.pdf.exe",
    "picture.png",
    "sheet.svg",
    "table.csv",
    "\u202efdp.exe",
    "a" * 300 + ".pdf",
    ".htaccess",
    "CON",
    "<img src=x onerror=alert(1)>.pdf",
    "'; DROP TABLE people; --.zip",
    " ",
    "\ud83d\ude08".encode("utf-16", "surrogatepass").decode("utf-16") + ".json",
)
"""Names that such a file comes with; each is as wrong for most of the files."""


@cache
def everything() -> dict[str, bytes]:
    """Every file by what it is."""
    made: dict[str, bytes] = {}
    for family in (corpus, archives, packed, drawings, pictures, tables, certificates, notations,
                   halves, two_in_one):  # fmt: skip
        for name, content in family():
            assert name not in made, name
            made[name] = content
    return made


# ------------------------------------------------------------------ archives


def archive(*entries: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as made:
        for name, content in entries:
            made.writestr(zipfile.ZipInfo(name), content, kind)
    return out.getvalue()


def archives() -> Named:
    zeros = b"\0" * (40 * MEGABYTE)
    bomb = archive(("zeros", zeros))
    yield "an archive that swells", bomb
    yield (
        "an archive of many that swell",
        archive(*((f"{n}.bin", zeros[:MEGABYTE]) for n in range(60))),
    )
    nested = bomb
    for depth in range(1, 7):
        nested = archive(*((f"{n}.zip", nested) for n in range(4)))
        yield f"archives within archives, {depth} deep", nested
    for number, name in enumerate((
        "../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\x", "a\0b", "a\r\nb",
        "a" * 60_000, "", ".", "..", "./../x", "con", "x" * 255 + "/" * 200, "\u202egnp.x",
        "word/../../x",
    )):  # fmt: skip
        yield f"an archive with an entry of the name {number}", archive((name, b"x"))
        yield f"a signature of the name {number}", archive((name + ".sig", b"\0" * 70))
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(link, "/etc/passwd")
    yield "an archive with a link out of it", out.getvalue()
    yield "an archive with the same name a thousand times", _same_name(1_000)
    yield (
        "an archive of sixty thousand entries",
        archive(*((str(n), b"") for n in range(60_000)), kind=zipfile.ZIP_STORED),
    )
    yield "an empty archive", archive()
    good = archive(("a.sig", b"x" * 64), ("b.sig", b"y" * 64))
    head, ends = good.rfind(b"PK\x01\x02"), good.rfind(b"PK\x05\x06")
    yield (
        "an archive whose directory lies about sizes",
        (good[: head + 20] + struct.pack("<II", 2**32 - 2, 2**32 - 2) + good[head + 28 :]),
    )
    yield (
        "an archive whose directory is elsewhere",
        (good[: ends + 16] + struct.pack("<I", 2**31) + good[ends + 20 :]),
    )
    yield (
        "an archive that says it is encrypted",
        good.replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0").replace(
            b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"
        ),
    )
    yield (
        "an archive with a method nobody knows",
        good.replace(b"PK\x01\x02\x14\x03\x14\0\0\0\0\0", b"PK\x01\x02\x14\x03\x14\0\0\0\x63\0"),
    )
    yield "an archive whose entries lie on top of each other", _overlapping(2_000)
    yield "an archive with a comment without end", good[:-2] + b"\xff\xff" + b"c" * 65_535
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    evil = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'.encode()
    outside = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    for kind, main in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"),
                       ("pptx", "ppt/presentation.xml"), ("odt", "content.xml")):  # fmt: skip
        types = "[Content_Types].xml", b"<Types/>"
        yield f"a {kind} that swells", archive(types, (main, b"<x>" + zeros))
        yield f"a {kind} of a billion laughs", archive(types, (main, evil))
        yield f"a {kind} that asks for a file", archive(types, (main, outside))
        yield f"a {kind} that climbs out", archive(types, (main, b"<x/>"), ("../../x", b"x"))
        yield (
            f"a {kind} with macros",
            archive(
                types,
                (main, b"<x/>"),
                (main.split("/")[0] + "/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
            ),
        )
        yield f"a {kind} with a program inside", archive(types, (main, b"<x/>"), ("a.exe", b"MZ"))
        yield f"a {kind} without its list of contents", archive((main, b"<x/>"))


def _same_name(times: int) -> bytes:
    out, entry = io.BytesIO(), zipfile.ZipInfo("a.sig")
    with zipfile.ZipFile(out, "w") as made:
        made._didModify = True  # type: ignore[attr-defined]
        made.writestr(entry, b"x" * 64)
        made.filelist += [entry] * (times - 1)
    return out.getvalue()


def _overlapping(times: int) -> bytes:
    """Every line of the directory names the same swollen content by another name."""
    content = b"\0" * (8 * MEGABYTE)
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = squeezed.compress(content) + squeezed.flush()
    crc = zlib.crc32(content)
    local = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(body), len(content), 1, 0
    )
    local += b"a" + body
    lines = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(body), len(content),
                    8, 0, 0, 0, 0, 0, 0) + b"%04d.sig" % n
        for n in range(times)
    )  # fmt: skip
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, times, times, len(lines), len(local), 0)
    return local + lines + end


def packed() -> Named:
    zeros = b"\0" * (16 * MEGABYTE)
    for name, press in (("gzip", gzip.compress), ("bzip2", bz2.compress), ("xz", lzma.compress)):
        once = press(zeros)
        yield f"{name} that swells", once
        yield f"{name} upon {name}", press(press(once))
        yield f"{name} cut in two", once[: len(once) // 2]
        yield f"a drawing in {name}", press(f"{SVG}{RECT}</svg>".encode())
        yield f"a table in {name}", press(b"address\nana@clinic.example\n")
    for name, kind, target in (
        ("a link", tarfile.SYMTYPE, "/etc/passwd"), ("a hard link", tarfile.LNKTYPE, "/etc/passwd"),
        ("a device", tarfile.CHRTYPE, ""), ("a pipe", tarfile.FIFOTYPE, ""),
        ("a file that climbs out", tarfile.REGTYPE, ""),
    ):  # fmt: skip
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as made:
            entry = tarfile.TarInfo("../../x")
            entry.type, entry.linkname = kind, target
            made.addfile(entry)
        yield f"a tape with {name}", out.getvalue()


# ------------------------------------------------------------------ drawings and pictures


ACTS = {
    "a script": "<script>alert(1)</script>",
    "a script from elsewhere": '<script xlink:href="http://127.0.0.1:1/x.js"/>',
    "a handler": '<rect width="9" height="9" onload="alert(1)"/>',
    "a use of itself": '<g id="a"><use xlink:href="#a"/></g>',
    "a use from elsewhere": '<use xlink:href="http://127.0.0.1:1/x.svg#a"/>',
    "a foreign object": '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="file:///etc/passwd"/></foreignObject>',
    "a picture from the disk": '<image xlink:href="file:///etc/passwd" width="9" height="9"/>',
    "a picture from elsewhere": '<image xlink:href="http://127.0.0.1:1/" width="9" height="9"/>',
    "a style from elsewhere": "<style>@import 'http://127.0.0.1:1/x.css'</style>",
    "a font from elsewhere": "<style>@font-face{font-family:a;src:url(http://127.0.0.1:1/)}</style>",
    "a paint from elsewhere": '<rect width="9" height="9" fill="url(http://127.0.0.1:1/#a)"/>',
    "a filter without end": '<filter id="f"><feTurbulence numOctaves="99999999"/></filter>',
    "an animation": '<rect width="9" height="9"><set attributeName="x" to="javascript:x"/></rect>',
    "a link that acts": '<a xlink:href="javascript:alert(1)"><rect width="9" height="9"/></a>',
    "an element nobody knows": "<handler>alert(1)</handler>",
}  # fmt: skip


def drawings() -> Named:
    for name, act in ACTS.items():
        text = f"{SVG}{act}{RECT}</svg>"
        yield f"a drawing with {name}", text.encode()
        yield f"a drawing in UTF-16 with {name}", text.encode("utf-16")
        yield f"a compressed drawing with {name}", gzip.compress(text.encode())
        yield f"a page with a drawing with {name}", f"<html><body>{text}</body></html>".encode()
    for name, entities in (
        ("from the disk", '<!ENTITY x SYSTEM "file:///etc/passwd">'),
        ("from elsewhere", '<!ENTITY x SYSTEM "http://127.0.0.1:1/">'),
        ("of parameters", '<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;<!ENTITY x "x">'),
        ("of itself", '<!ENTITY x "&y;"><!ENTITY y "&x;">'),
        ("that is long", f'<!ENTITY x "{"x" * 100_000}">'),
    ):
        head = f"<!DOCTYPE svg [{entities}]>"
        yield f"a drawing with an entity {name}", f"{head}{SVG}{'&x;' * 50}{RECT}</svg>".encode()


def pictures() -> Named:
    most = 2**31 - 1
    sizes = ((most, most), (most, 1), (1, most), (65_535, 65_535), (30_000, 30_000), (0, 0), (0, 9))
    for width, height in sizes:
        for colours, bits in ((2, 16), (3, 8), (6, 16)):
            head = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
            yield f"a PNG of {width} by {height} in {colours}", (
                b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head)
                + _chunk(b"IDAT", zlib.compress(b"\0" * MEGABYTE)) + _chunk(b"IEND", b"")
            )  # fmt: skip
    for width, height in ((65_535, 65_535), (65_535, 1), (1, 65_535), (0, 0)):
        frame = struct.pack(">BHHB", 8, height, width, 3) + b"\1\x22\0\2\x11\1\3\x11\1"
        yield (
            f"a JPEG of {width} by {height}",
            (
                b"\xff\xd8\xff\xc0"
                + struct.pack(">H", len(frame) + 2)
                + frame
                + b"\xff\xda\0\2\xff\xd9"
            ),
        )
    png = picture("PNG")
    yield "a PNG whose sums are wrong", png[:29] + bytes(4) + png[33:]
    swollen = zlib.compress(b"\0" * (60 * MEGABYTE), 9)
    for kind, before in ((b"iCCP", b"a\0\0"), (b"zTXt", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")):
        chunk = _chunk(kind, before + swollen)
        yield f"a PNG whose {kind.decode()} swells", png[:33] + chunk + png[33:]
    yield (
        "a PNG with a thousand notes",
        png[:33] + _chunk(b"tEXt", b"a\0<script>") * 1_000 + png[33:],
    )
    yield (
        "a PNG of a hundred thousand frames",
        (png[:33] + _chunk(b"acTL", struct.pack(">II", 100_000, 0)) + png[33:]),
    )
    for other in ("GIF", "BMP", "TIFF", "WEBP", "ICO", "PPM", "PCX", "TGA"):
        yield f"a {other} in a name", picture(other)
    for name, head in (
        ("PSD", b"8BPS\0\1" + b"\0" * 6 + b"\0\3" + b"\x7f\xff\xff\xff" * 2 + b"\0\x08\0\3"),
        ("FITS", b"SIMPLE  = T".ljust(80) + b"NAXIS   = 999".ljust(2_800)),
        ("EPS", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n{} loop"),
        ("WMF", b"\xd7\xcd\xc6\x9a" + b"\xff" * 200),
        ("JP2", b"\0\0\0\x0cjP  \r\n\x87\n"),
        ("AVIF", b"\0\0\0\x1cftypavif" + b"\0" * 200),
    ):
        yield f"a {name} in a name", head


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@cache
def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 300), "navy").save(out, kind)
    return out.getvalue()


# ------------------------------------------------------------------ tables, certificates, notations


def tables() -> Named:
    rows = {
        "with a NUL": b"address,name\na\0na@clinic.example,Ana\n",
        "of formulas": b'address,name\n=cmd|x!A0,"=HYPERLINK(""http://x"")"\n',
        "of one endless line": b"address,name\n" + b"x" * (2 * MEGABYTE),
        "with a quote without end": b'address,name\n"' + b"x,\n" * 100_000,
        "of a hundred thousand columns": b",".join(b"c%d" % n for n in range(100_000)) + b"\n",
        "of the same column a thousand times": b"address," * 1_000 + b"\nx\n",
        "in UTF-16": "address,name\nana@clinic.example,Ana\n".encode("utf-16"),
        "in UTF-32": "address,name\nana@clinic.example,Ana\n".encode("utf-32"),
        "that is no text": bytes(range(256)) * 200,
        "of line ends": b"\r\n" * 500_000,
        "of lone returns": b"address\r" * 1_000,
        "of commas": b"," * 500_000,
        "with a letter injected": b"address\nana@clinic.example%0d%0aBcc: x@y.example\n",
        "of moments beyond time": b"name,address,joined,left\nA,a@b.example,9999999-99-99,-1\n",
        "of moments without order": b"name,address,joined,left\n"
        b"A,a@b.example,2026-10-14T18:00:00Z,1970-01-01T00:00:00Z\n" * 500,
        "of numbers that are none": b"name,address,joined,left\nA,a@b.example,NaN,Infinity\n",
        "of combining marks": b"address,name\na@b.example," + "\u0301".encode() * 100_000,
        "that goes from right to left": "address,name\na@b.example,\u202e\u2066Ana".encode(),
    }
    for name, content in rows.items():
        yield f"a table {name}", content


def certificates() -> Named:
    def pem(body: bytes, label: bytes = b"CERTIFICATE") -> bytes:
        return b"-----BEGIN %s-----\n%s\n-----END %s-----\n" % (label, body, label)

    bodies = {
        "nothing in it": b"",
        "noise in it": b"!!!!" * 1_000,
        "a sequence without end": b"MIAwgDCAMIAwgDCAMIAwgDCAMIA=",
        "a length that lies": b"MIT/////AA==",
        "a megabyte of zeros": b"AAAA" * 250_000,
    }
    for name, body in bodies.items():
        yield f"a certificate with {name}", pem(body)
        yield f"a private key with {name}", pem(body, b"PRIVATE KEY")
        yield f"a PKCS#7 with {name}", pem(body, b"PKCS7")
    yield "five thousand certificates", pem(b"MAA=") * 5_000
    yield "a certificate that never ends", b"-----BEGIN CERTIFICATE-----\n" + b"A" * MEGABYTE
    for depth in (1_000, 50_000):
        yield f"ASN.1 {depth} deep", b"\x30\x80" * depth
    yield "ASN.1 that lies", b"\x30\x84\xff\xff\xff\xff\x00"
    yield "a signature of zeros", b"\0" * 64
    yield "a signature of nothing but length", b"\x30\x46" + b"\x02\x21" * 35
    yield (
        "a signature of numbers without end",
        b"\x30\x82\xff\xff\x02\x82\xff\xf0" + b"\x7f" * 3_000,
    )


def notations() -> Named:
    yield "arrays a hundred thousand deep", b"[" * 100_000 + b"]" * 100_000
    yield "numbers that are none", b'{"proof": NaN, "a": Infinity}'
    yield "a prototype", b'{"__proto__": {"x": 1}, "constructor": {}, "proof": {}}'
    yield "contexts from elsewhere", json.dumps(
        {"@context": ["http://127.0.0.1:1/", "file:///etc/passwd"], "type": "VerifiableCredential",
         "proof": {"type": "DataIntegrityProof"}}
    ).encode()  # fmt: skip
    yield "a hundred thousand keys", json.dumps({str(n): n for n in range(100_000)}).encode()
    yield "YAML that acts", b"!!python/object/apply:os.system ['true']"
    yield (
        "a pickle that acts",
        b"\x80\x04\x95\x1d\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x93.",
    )
    yield "a program", b"MZ" + b"\0" * 500
    yield "another program", b"\x7fELF" + b"\0" * 500
    yield "a script of the shell", b"#!/bin/sh\ntouch /tmp/x\n"
    yield "a page that acts", b"<!doctype html><script>alert(1)</script>"


# ------------------------------------------------------------------ halves, and two things at once


@cache
def good() -> dict[str, bytes]:
    """One honest file of every kind."""
    return {
        "PNG": picture("PNG"),
        "JPEG": picture("JPEG"),
        "GIF": picture("GIF"),
        "PDF": pdf(CATALOG, PAGES),
        "SVG": f"{SVG}{RECT}</svg>".encode(),
        "ZIP": archive(("a.sig", b"x" * 64)),
        "HTML": b"<!doctype html><title>x</title><script>alert(1)</script>",
        "JSON": b'{"id": "urn:x", "proof": []}',
        "table": b"address,name\nana@clinic.example,Ana\n",
    }


def halves() -> Named:
    for kind, content in good().items():
        for tenth in range(1, 10):
            yield f"{tenth} tenths of a {kind}", content[: len(content) * tenth // 10]


def two_in_one() -> Named:
    for first, content in good().items():
        for second, other in good().items():
            if first != second:
                yield f"a {first} that is a {second} too", content + other
