"""No text that reaches a sheet opens a file or asks another host for anything."""

import io
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, PngImagePlugin
from weasyprint import HTML

from app.designs import choices, sheet
from app.designs.sample import snapshot
from app.pdf import Press, Unprintable
from app.societies.drawings import read

pytestmark = pytest.mark.xdist_group("canaries")  # one process starts one press

SECRET = b"the canary sings at midnight"
OURS = {
    "kind",
    "nature",
    "colour",
    "role",
    "decided_on",
    "on",
    "issued_on",
    "valid_until",
    "language",
    "mark",
}


class Aviary(ThreadingHTTPServer):
    """A server on this machine that remembers who came, and a file that nobody may read."""

    def __init__(self, folder: Path) -> None:
        self.visits: list[str] = []
        self.file = folder / "canary.svg"
        drawing = (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>%s</title></svg>'
        )
        self.file.write_bytes(drawing % SECRET)
        aviary = self

        class Perch(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                aviary.visits.append(self.path)
                if self.path == "/elsewhere":
                    self.send_response(302)
                    self.send_header("Location", "/inside")
                else:
                    self.send_response(200)
                    self.send_header("Content-Type", "image/svg+xml")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Perch)
        self.address = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def aviary(tmp_path: Path) -> Iterator[Aviary]:
    with Aviary(tmp_path) as aviary:
        threading.Thread(target=aviary.serve_forever, daemon=True).start()
        yield aviary
        aviary.shutdown()


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    with Press(tmp_path_factory.mktemp("press")) as press:
        yield press


def lures(address: str) -> list[str]:
    """Ways by which a text, an attribute or a style could make a typesetter fetch something."""
    return [
        f'<img src="{address}" alt="x">',
        f'"><img alt=x src={address}>',
        f"<style>@import url({address});</style>",
        f'<link rel=attachment href="{address}">',
        f"'><object data='{address}'></object>",
        f"url({address})",
        f"{{% include '{address}' %}}",
        f"</title><link rel=stylesheet href={address}>",
        f"x);background:url({address}",
    ]


def baited_marks(address: str) -> list[str]:
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    head += ' viewBox="0 0 9 9">'
    return [
        f'{head}<image href="{address}" width="9" height="9"/></svg>',
        f'{head}<image xlink:href="{address}" width="9" height="9"/></svg>',
        f'{head}<use href="{address}#a"/></svg>',
        f'{head}<style>@import url("{address}"); rect {{ fill: url({address}#p) }}</style>'
        '<rect width="9" height="9"/></svg>',
        f"{head}<style>@font-face {{ font-family: x; src: url({address}) }}"
        " text { font-family: x }</style><text>x</text></svg>",
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{address}">]>{head}<text>&x;</text></svg>',
        f'<?xml-stylesheet href="{address}"?>{head}</svg>',
        f'{head}<foreignObject><img src="{address}"/></foreignObject></svg>',
        f'<img src="{address}">',
        f'"><img alt=x src="{address}">',
    ]


def baited(part: Any, lure: str) -> Any:
    """The same facts with the lure in every text that someone could have written."""
    if isinstance(part, dict):
        return {
            key: value if key in OURS or key == "mark" else baited(value, lure)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [baited(value, lure) for value in part]
    return lure if isinstance(part, str) else part


def baited_choices(lure: str) -> list[dict[str, Any]]:
    """What officers choose, as nobody has checked it: a lure for each of their texts and looks."""
    own = dict.fromkeys(choices.TEXTS, lure)
    second = {"languages": ["en", "de"], "texts": {"de": own}}
    signs = {"name": lure, "office": lure}
    return [
        {"texts": {"en": own}},
        {**second, "second": "same sheet"},
        {**second, "second": "copy"},
        {"signatories": {"eusomii": signs}},
        {"signatories": {"eusomii": signs}, "texts": {"en": {"note": lure}}, "order": [lure]},
        {"background": lure, "margin": lure, "sheet": lure, "second": lure, "supplement": lure,
         "colours": dict.fromkeys(choices.COLOURS, lure)},
    ]  # fmt: skip


def baited_pictures(address: str) -> list[bytes]:
    """Pictures that name an address beside their pixels, as files of societies may."""
    told = PngImagePlugin.PngInfo()
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a href="{address}"/></x:xmpmeta>'
    told.add_itxt("XML:com.adobe.xmp", packet)
    told.add_text("Comment", f"url({address})")
    profile, picture = address.encode() * 9, Image.new("RGB", (300, 150), "navy")
    exif = picture.getexif()
    exif[0x010E] = address
    found = []
    for kind, facts in (("PNG", {"pnginfo": told}), ("JPEG", {"comment": address.encode()})):
        written = io.BytesIO()
        picture.save(written, kind, icc_profile=profile, exif=exif, **facts)
        found.append(written.getvalue())
    return found


def contents(pdf: bytes) -> bytes:
    """Everything a PDF holds, unpacked; a JPEG in it stands there as it is."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        packed = [one for one in streams if one.get("/Filter") != "/DCTDecode"]
        return pdf + b"".join(stream.read_bytes() for stream in packed)


def attempt(press: Press, what: dict[str, Any] | str, **more: Any) -> bytes:
    """What came out: the whole of the PDF, or the words of the refusal."""
    try:
        page = what if isinstance(what, str) else sheet.page(what, **more)
        return contents(press.typeset(page))
    except Unprintable as refusal:
        return str(refusal).encode()


@pytest.mark.parametrize("kind", ["diploma", "attendance"])
def test_no_text_of_a_snapshot_reads_a_file_or_calls_a_host(press, aviary, kind):
    facts = snapshot(kind, "Ana Lopez", societies=1)
    facts["endorsing"] = facts["recognising"] = [{"short": "N", "name": "Nordic Forum"}]
    parts = [part for part in ("holder", "title", "awarding", "activity") if facts[part]]
    printed = 0
    for address in (f"{aviary.address}/a", aviary.file.as_uri()):
        for lure, part in zip(lures(address), cycle(parts), strict=False):
            alone = attempt(press, facts | {part: baited(facts[part], lure)})
            assert SECRET not in alone + attempt(press, baited(facts, lure))
            printed += alone.startswith(b"%PDF")
    assert aviary.visits == []
    assert printed > 6  # many lures are harmless words, and are printed as such


@pytest.mark.parametrize("kind", ["diploma", "completion"])
def test_no_mark_reads_a_file_or_calls_a_host(press, aviary, kind):
    facts = snapshot(kind, "Ana Lopez", societies=2)
    for address in (f"{aviary.address}/elsewhere", aviary.file.as_uri()):
        for mark in baited_marks(address):
            facts["awarding"][0]["mark"] = mark
            assert SECRET not in attempt(press, facts)
    assert aviary.visits == []


def test_nothing_that_officers_choose_reads_a_file_or_calls_a_host(press, aviary):
    """Even what no form would have let through: a snapshot is all that a sheet is made of."""
    facts = snapshot("attendance", "Ana Lopez", societies=1)
    addresses = (f"{aviary.address}/b", aviary.file.as_uri())
    baits = [lure for address in addresses for lure in lures(address)]
    printed = 0
    for number, lure in enumerate(baits):
        offered = baited_choices(lure)
        chosen = offered[number % len(offered)]
        out = attempt(press, facts | {"design": {"version": 1, "choices": chosen}})
        assert SECRET not in out
        printed += out.startswith(b"%PDF")
    assert aviary.visits == []
    assert printed > 8


def test_no_picture_reads_a_file_or_calls_a_host(press, aviary):
    """Of an upload its pixels are left; and what is no picture is none under a picture's name."""
    facts = snapshot("attendance", "Ana Lopez", societies=1)

    def shown(picture: bytes) -> bytes:
        digest = sha256(picture).hexdigest()
        facts["awarding"][0] |= {"mark": "", "mark_digest": digest}
        return attempt(press, facts, pictures={digest: picture})

    for address in (f"{aviary.address}/elsewhere", aviary.file.as_uri()):
        named = address.encode()
        for upload in baited_pictures(address):
            out = shown(kept := read(upload).content)
            assert named in upload and named not in kept
            assert out.startswith(b"%PDF") and named not in out
            assert SECRET not in shown(upload)
        for drawing in baited_marks(address):
            assert SECRET not in shown(drawing.encode())
    assert aviary.visits == []


def test_even_raw_html_stays_in_its_cage(press, aviary):
    for page in cages(aviary):
        assert SECRET not in attempt(press, page)
    assert aviary.visits == []


def test_without_the_cage_the_canaries_are_heard(aviary):
    """The control: the typesetter as it comes reads the file and calls the host."""
    heard = [contents(HTML(string=page).write_pdf()) for page in cages(aviary)]
    assert any(SECRET in pdf for pdf in heard)
    assert {"/image", "/style", "/elsewhere", "/inside"} <= set(aviary.visits)


def cages(aviary: Aviary) -> list[str]:
    page = '<!doctype html><html lang="en"><head><title>x</title>{}</head><body>{}</body></html>'
    host, file = aviary.address, aviary.file.as_uri()
    return [
        page.format("", f'<img alt="x" src="{host}/image">'),
        page.format("", f'<img alt="x" src="{host}/elsewhere">'),
        page.format(f"<style>@import url({host}/style);</style>", "x"),
        page.format(f'<link rel="stylesheet" href="{host}/sheet">', "x"),
        page.format(f'<link rel="attachment" href="{file}">', "x"),
        page.format(f'<base href="{host}">', '<img alt="x" src="relative">'),
        page.format("", f'<object data="{file}">x</object><embed src="{file}">'),
    ]
