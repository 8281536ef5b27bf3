"""Marks of societies: written anew or reduced to plain outlines, hostile files told why not."""

from __future__ import annotations

import gzip
import io
import re
import struct
import time
import zlib
from contextlib import suppress

import pytest
from PIL import Image, ImageFile, PngImagePlugin
from sqlalchemy import select

from app.files import digest_of, files
from app.journal.models import Entry
from app.societies import marks
from app.societies.drawings import MOST_ACROSS, read
from app.societies.marks import Mark
from app.societies.outlines import LARGEST_SVG, NotAMark
from app.societies.wordmark import mark as wordmark
from tests.cast import NOON
from tests.hostile_files import everything

OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 80 40">'
)
RECT = '<rect width="9" height="9"/>'
PLAIN = f'{OPEN}<g fill="#b3541e"><rect x="2" y="2" width="30" height="30"/></g></svg>'


def svg(inside: str, opening: str = OPEN) -> bytes:
    return f"{opening}{inside}</svg>".encode()


def framed(box: str) -> str:
    return OPEN.replace("0 0 80 40", box)


def declaring(entities: str, inside: str) -> bytes:
    return f"<!DOCTYPE svg [{entities}]>".encode() + svg(inside + RECT)


def raster(kind: str, mode: str = "RGB", size=(800, 300), **facts) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, **({"color": "navy"} if mode == "RGB" else {})).save(
        written, kind, **facts
    )
    return written.getvalue()


def flood(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_a_drawing_keeps_its_shapes_and_colours_and_nothing_else():
    taken = read(svg(
        '<title>Ours</title><metadata>who</metadata><defs><linearGradient id="a"/></defs>'
        '<g style="fill:#1c4f8a; font-family:Evil" class="x" data-x="1" id="g">'
        '<path d="M1 1 L9 9z" sodipodi="no"/><circle cx="3" cy="3" r="2.5" fill="RED"/></g>'
        '<rect width="9" height="9" display="none"/>'
    ))  # fmt: skip

    assert taken.svg == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><g fill="#1c4f8a">'
        '<path d="M1 1 L9 9z"/><circle cx="3" cy="3" r="2.5" fill="RED"/></g></svg>'
    )
    assert (taken.width, taken.height, taken.media_type) == (80, 40, "image/svg+xml")


def test_a_reduced_drawing_is_taken_in_as_it_is():
    once = read(wordmark("SIIM", "#b3541e").encode())

    assert read(once.content).content == once.content


def test_the_public_doctype_of_older_programs_is_let_pass():
    doctype = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )

    assert read(doctype.encode() + PLAIN.encode()).svg


HIDDEN = re.compile(rb"script|alert|passwd|127\.0\.0\.1|PK\x03\x04|%PDF|BEGIN CERT", re.I)
REFUSED = {
    "a script": svg("<script>alert(1)</script>"),
    "a handler": svg('<rect width="9" height="9" onload="alert(1)"/>'),
    "a handler of the drawing": svg(RECT, OPEN.replace(">", ' onload="x">')),
    "a style sheet": svg("<style>rect{fill:red}</style><rect width='9' height='9'/>"),
    "a style sheet in defs": svg("<defs><style>@import 'x'</style></defs>" + RECT),
    "text": svg('<text x="1" y="9">SIIM</text>'),
    "a picture": svg('<image href="file:///etc/passwd" width="9" height="9"/>'),
    "a picture inside": svg('<image xlink:href="data:image/png;base64,AAAA"/>'),
    "a use": svg('<use xlink:href="#a"/>'),
    "a foreign object": svg("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"),
    "a link": svg('<a href="https://evil.example"><rect width="9" height="9"/></a>'),
    "a linked shape": svg('<rect width="9" height="9" xlink:href="#x"/>'),
    "an animation": svg('<rect width="9" height="9"><animate/></rect><animate attributeName="x"/>'),
    "a gradient": svg('<rect width="9" height="9" fill="url(#a)"/>'),
    "a picture as paint": svg('<rect width="9" height="9" style="fill:url(https://evil.example)"/>'),
    "a filter": svg('<rect width="9" height="9" filter="url(#f)"/>'),
    "a mask": svg('<g mask="x"><rect width="9" height="9"/></g>'),
    "a nested drawing": svg('<svg><rect width="9" height="9"/></svg>'),
    "an external entity": declaring('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
    "a million laughs": declaring('<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">', "&b;"),
    "an external DTD": b'<!DOCTYPE svg SYSTEM "http://evil.example/x.dtd">' + svg(RECT),
    "a parameter entity": declaring('<!ENTITY % x SYSTEM "http://evil.example/x">%x;', ""),
    "an unknown entity": svg("&nothing;<rect width='9' height='9'/>"),
    "nothing drawn": svg("<g/>"),
    "no frame": b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>',
    "an endless frame": svg(RECT, framed("0 0 inf 40")),
    "no number in the frame": svg(RECT, framed("0 0 nan nan")),
    "a long strip": svg(RECT, framed("0 0 4000 40")),
    "no namespace": b'<svg viewBox="0 0 9 9"><rect width="9" height="9"/></svg>',
    "HTML with a drawing": b"<html><body>" + PLAIN.encode() + b"</body></html>",
    "half a drawing": PLAIN[:90].encode(),
    "too many shapes": svg(RECT * 1300),
    "too deep": svg("<g>" * 40 + RECT + "</g>" * 40),
    "deeper than a parser goes": svg("<g>" * 5000 + "</g>" * 5000),
    "too detailed": svg(f'<path d="M0 0{"L1 1" * LARGEST_SVG}"/>'),
    "a million digits": svg(f'<rect width="{"1" * 900_000}x" height="9"/>'),
    "a slow list of numbers": svg(f'<polyline points="{"1.5-" * 200_000}x"/>'),
    "a slow transform": svg(f'<g transform="{"rotate(1.5 " * 150}">{RECT}</g>'),
    "a script as an outline": svg('<path d="javascript:alert(1)"/>'),
    "an expression as a colour": svg('<rect width="9" height="9" fill="expression(alert(1))"/>'),
    "a compressed drawing": gzip.compress(PLAIN.encode()),
    "a drawing in UTF-16": PLAIN.encode("utf-16"),
    "a pixel flood": flood(60_000, 60_000),
    "a wide flood": flood(2_000_000_000, 1),
    "no pixels": flood(0, 0),
    "half a PNG": raster("PNG")[:200],
    "half a JPEG": raster("JPEG")[:300],
    "a PNG in name": b"\x89PNG\r\n\x1a\n" + b"x" * 4000,
    "a JPEG in name": b"\xff\xd8\xff\xe0" + b"\x00" * 4000,
    "a GIF": raster("GIF"),
    "a TIFF": raster("TIFF"),
    "a WebP": raster("WEBP"),
    "a tiny picture": raster("PNG", size=(60, 40)),
    "a line": raster("PNG", size=(1600, 20)),
    "a PDF": b"%PDF-1.7\n" + b"0" * 500,
    "a zip": b"PK\x03\x04" + b"0" * 500,
    "nothing": b"",
    "too much": b"\x89PNG" + b"0" * (4 * 1024 * 1024),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_mark_is_refused_quickly_with_a_reason(what):
    begun = time.process_time()
    with pytest.raises(NotAMark) as caught:
        read(REFUSED[what])

    assert len(str(caught.value)) > 15
    assert time.process_time() - begun < 10


def test_of_hundreds_of_hostile_files_none_becomes_a_mark_as_it_came():
    """What is taken all the same is drawn anew: nothing of what was hidden in it is left."""
    taken, wrong = {}, []
    for name, content in everything().items():
        begun = time.process_time()
        with suppress(NotAMark):
            taken[name] = read(content).content
        if time.process_time() - begun > 10:
            wrong.append(name)
    assert wrong == []
    assert len(everything()) >= 400
    for name, content in taken.items():
        assert content != everything()[name], name
        assert not HIDDEN.search(content), name
    assert "a PNG that is a HTML too" in taken, "a picture is a picture, whatever follows it"


def test_half_a_picture_is_none_even_where_a_library_has_allowed_it_for_all(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(NotAMark):
        read(REFUSED["half a PNG"])


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA")],
)
def test_a_picture_of_any_colours_becomes_rgb(kind, mode):
    taken = read(raster(kind, mode))

    picture = Image.open(io.BytesIO(taken.content))
    assert picture.format == "PNG" and picture.mode in {"RGB", "RGBA"}


def test_nothing_hidden_in_a_picture_survives():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "secret <script>alert(1)</script>")
    polyglot = raster("PNG", pnginfo=words) + b"PK\x03\x04 secret archive"

    taken = read(polyglot)

    assert b"secret" in polyglot and b"secret" not in taken.content
    assert Image.open(io.BytesIO(taken.content)).info == {}


def test_a_large_picture_is_made_smaller_and_its_empty_margin_goes():
    picture = Image.new("RGBA", (4000, 3000), (0, 0, 0, 0))
    picture.paste((10, 20, 200, 255), (1000, 1000, 3000, 2000))
    written = io.BytesIO()
    picture.save(written, "PNG")

    taken = read(written.getvalue())

    assert (taken.width, taken.height) == (MOST_ACROSS, MOST_ACROSS // 2)


def test_the_latest_mark_is_in_use_and_the_earlier_stay(session, societies, erik):
    first = Mark.take_in(session, societies.eusomii, read(PLAIN.encode()), digest="a" * 64,
                         by=erik, at=NOON)  # fmt: skip
    session.flush()
    second = Mark.take_in(session, societies.eusomii, read(raster("PNG")), digest="b" * 64,
                          by=erik, at=NOON)  # fmt: skip
    session.flush()
    again = Mark.take_in(session, societies.eusomii, read(raster("PNG")), digest="b" * 64,
                         by=erik, at=NOON)  # fmt: skip

    assert again is second
    assert marks.current(session, [societies.eusomii.id, societies.siim.id]) == {
        societies.eusomii.id: second
    }
    assert marks.named(session, {societies.eusomii.id: "a" * 64}) == {societies.eusomii.id: first}
    assert session.scalars(Mark.of(societies.eusomii)).all() == [second, first]
    assert len(session.scalars(select(Entry).where(Entry.act == "mark.taken_in")).all()) == 2


def test_a_snapshot_holds_the_drawing_or_the_digest_of_a_picture(session, societies, erik):
    drawn = Mark.take_in(session, societies.eusomii, read(PLAIN.encode()), digest="a" * 64,
                         by=erik, at=NOON)  # fmt: skip
    painted = Mark.take_in(session, societies.siim, read(raster("JPEG")), digest="b" * 64,
                           by=erik, at=NOON)  # fmt: skip

    assert marks.facts(drawn, societies.eusomii) == {"mark": drawn.drawing}
    assert marks.facts(painted, societies.siim) == {"mark": "", "mark_digest": "b" * 64}
    assert marks.facts(None, societies.efrs)["mark"].startswith("<svg")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PLAIN.encode(), "image/svg+xml"), (raster("JPEG"), "image/png")],
)
def test_an_officer_uploads_a_mark_and_everybody_sees_it(
    browser, session, societies, erik, content, media_type
):
    browser.sign_in(erik).visit("/desk/societies/eusomii/mark")

    browser.submit(file=(content, "../../mark.svg"))

    mark = session.scalars(select(Mark)).one()
    assert mark.media_type == media_type
    answer = browser.sign_out().client.get(f"/marks/{mark.digest}")
    assert answer.mimetype == media_type and digest_of(answer.data) == mark.digest
    assert files.read(mark.digest) == answer.data
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f"/marks/{mark.digest}" in browser.visit("/societies/eusomii").html


def test_a_refused_file_is_told_at_its_field_and_nothing_is_kept(browser, session, societies, erik):
    browser.sign_in(erik).visit("/desk/societies/eusomii/mark")

    page = browser.submit(file=(svg("<script>alert(1)</script>"), "mark.svg"), status=422)

    assert "uses “script”" in page.text
    assert "Please choose the file." in browser.submit(status=422).text
    assert session.scalars(select(Mark)).all() == []


def test_only_officers_of_the_society_change_its_mark(browser, session, societies, susan, eva):
    browser.sign_in(susan).visit("/desk/societies/eusomii/mark", status=404)
    browser.sign_in(eva).visit("/desk/societies/eusomii/mark", status=403)
    browser.sign_out().visit(f"/marks/{'0' * 64}", status=404)
