"""Contexts are what their publishers serve, and pictures carry what was put into them."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from importlib import resources
from io import BytesIO

import pytest
from lxml import etree
from openbadgeslib.baking import extract_png
from PIL import Image

from app.open_badges import baking, picture, pinned
from app.open_badges.picture import Badge
from app.verification.reading import badges
from tests.verifiers import FOLDER


@pytest.mark.parametrize("url", list(pinned.PINNED))
def test_a_context_is_byte_for_byte_what_upstream_publishes(url):
    name, digest = pinned.PINNED[url]
    ours = (pinned.FOLDER / name).read_bytes()
    theirs = (resources.files("openbadgeslib.ob3.contexts") / name).read_bytes()

    assert ours == theirs and hashlib.sha256(ours).hexdigest() == digest


def test_the_context_of_verifiable_credentials_means_what_others_pin():
    copy = FOLDER / "node_modules/@digitalbazaar/credentials-context/contexts/v2.jsonld"
    if not copy.exists():
        pytest.skip("the JavaScript verifiers are not installed: `npm ci` in tests/verifiers")
    assert json.loads(copy.read_text()) == pinned.context(pinned.VC)


def test_a_context_that_was_changed_is_refused(tmp_path, monkeypatch):
    for name, _digest in pinned.PINNED.values():
        content = (pinned.FOLDER / name).read_text()
        (tmp_path / name).write_text(content.replace("https://schema.org/name", "urn:other"))
    monkeypatch.setattr(pinned, "FOLDER", tmp_path)
    pinned.context.cache_clear()
    with pytest.raises(pinned.NotPinned, match="not what was pinned"):
        pinned.context(pinned.VC)
    monkeypatch.undo()
    pinned.context.cache_clear()
    assert pinned.context(pinned.VC)


# ---------------------------------------------------------------- pictures

DOCUMENT = '{"name":"]]> & <b> \\u00e9 é 画", "n": 1}'
BADGES = [
    Badge("cii", "Joint Certificate in Imaging Informatics", "Certificate", "2026", shorts, colours)
    for shorts, colours in (
        (("EuSoMII",), ("#1c4f8a",)),
        (("EuSoMII", "SIIM", "EFRS"), ("#1c4f8a", "#b3541e", "#6a3d8f")),
        (("A", "B", "C", "D", "E", "F"), ("#111111",) * 6),
    )
]


@pytest.mark.parametrize("badge", BADGES, ids=lambda badge: str(len(badge.shorts)))
def test_a_badge_is_drawn_alike_as_png_and_as_svg(badge):
    drawn = Image.open(BytesIO(picture.png(badge)))
    root = etree.fromstring(picture.svg(badge).encode())

    assert drawn.size == (640, 640)
    assert root.get("viewBox") == "0 0 640 640" and badge.title in root[0].text
    colours = {e.get("stroke") for e in root.iter() if e.get("stroke-width") == "15"}
    assert colours == set(badge.colours)
    assert not root.xpath("//*[local-name()='text' or local-name()='image' or @href]")


def test_no_line_of_a_title_runs_out_of_the_disc():
    long = "European Advanced Interdisciplinary Diploma in Imaging Informatics for Everybody " * 2
    for title in (
        "Diploma",
        long,
        "Wolfeschlegelsteinhausenbergerdorffverein",
        "画像情報学" * 6,
        "x",
    ):
        badge = Badge("c", title, "Certificate", "2026", ("A", "B"), ("#111111", "#222222"))
        for line in picture.lines(badge):
            assert picture._width(line.text, line.size, line.spaced) <= picture.WIDEST + 1


def test_two_schemes_have_two_rosettes():
    first, second = (Badge(code, "T", "C", "1", ("A",), ("#111111",)) for code in ("a", "b"))
    assert picture.svg(first) != picture.svg(second)
    assert picture.png(first) != picture.png(second)


def test_what_was_baked_is_taken_out_again_by_us_and_by_others():
    png = baking.bake_png(picture.png(BADGES[0]), DOCUMENT)
    svg = baking.bake_svg(picture.svg(BADGES[0]), DOCUMENT).encode()

    assert badges.from_png(png) == badges.from_svg(svg) == DOCUMENT
    assert extract_png(png, keyword=b"openbadgecredential") == DOCUMENT
    assert Image.open(BytesIO(png)).text["openbadgecredential"] == DOCUMENT
    (inside,) = etree.fromstring(svg).xpath("//*[local-name()='credential']")
    assert inside.text == DOCUMENT and inside.prefix == "openbadges"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (struct.pack(">I", len(content)) + kind + content
            + struct.pack(">I", zlib.crc32(kind + content)))  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        baking.SIGNATURE,
        baking.SIGNATURE + b"\xff\xff\xff\xff" + b"iTXt",
        baking.SIGNATURE + _chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0not packed"),
        baking.SIGNATURE + _chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0\xff\xfe"),
        baking.SIGNATURE + _chunk(b"IEND", b"") * 10_000,
        b"<svg><credential>{}</credential></svg>",
        b"<svg>" + b"<a:credential>" * 100_000,
    ],
)
def test_a_picture_without_a_credential_says_so(content):
    form = "png" if content.startswith(baking.SIGNATURE) else "svg"
    assert badges.read(form, content).credential == ""
