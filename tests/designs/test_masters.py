"""A filled master reads and looks like the same page set in full, for everyone."""

import csv
import io
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops

from app.designs import sheet
from app.designs.sample import snapshot
from app.pdf import Attachment, Press, SealField, Unprintable
from tests.measure import measure

pytestmark = pytest.mark.xdist_group("masters")  # one process starts one press

SAMPLES = Path(__file__).parents[1] / "samples"
PRINTS = re.compile(r'<link rel="print"[^>]*>')
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta name="dcterms.created" content="2026-11-21T10:00:00Z"><style>
body {{ font: 20px/1.4 "EB Garamond", "Noto Naskh Arabic"; width: 400px }} .frame {{ width: 300px }}
p {{ text-align: {align} }} table {{ table-layout: fixed; width: 300px }} {style}</style></head>
<body>{body}</body></html>"""
NAME = '<p>awarded to <b data-slot="name" lang="en">{}</b>, with honours</p>'


@pytest.fixture(scope="module")
def presses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Press, Press]]:
    """One that keeps its masters from sheet to sheet, and one that sets everything in full."""
    folder = tmp_path_factory.mktemp("press")
    with Press(folder, cpu_seconds=60) as filling, Press(folder, cpu_seconds=60) as setting:
        yield filling, setting


def in_full(html: str) -> str:
    """The same page without a slot: nothing in it can be filled."""
    return re.sub(r' data-slot="[^"]*"', "", html)


def same(presses: tuple[Press, Press], html: str, folder: Path, *, looked_at: bool = True) -> bytes:
    """Both presses' sheets read the same, in order and place, and show the same."""
    filling, setting = presses
    filled, full = filling.typeset(html), setting.typeset(in_full(html))
    assert words(filled, folder) == words(full, folder)
    if looked_at:
        ours, theirs = dots(filled, folder), dots(full, folder)
        assert ours.size == theirs.size
        assert sum(ImageChops.difference(ours, theirs).histogram()[24:]) <= 2
    return filled


def words(pdf: bytes, folder: Path) -> list[tuple[str, ...]]:
    """Every word and where it stands, to a hundredth of a point, in the order of the file."""
    read = _poppler(folder, pdf, "pdftotext", "-raw", "-bbox", "-", last=True).decode()
    found = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<', read)
    assert found
    return [(*(f"{float(place):.2f}" for place in word[:4]), word[4]) for word in found]


def dots(pdf: bytes, folder: Path) -> Image.Image:
    drawn = _poppler(folder, pdf, "pdftoppm", "-r", "72", "-gray")
    pages = [Image.open(io.BytesIO(page)) for page in _pages(drawn)]
    long = Image.new("L", (max(p.width for p in pages), sum(p.height for p in pages)))
    place = 0
    for page in pages:
        long.paste(page, (0, place))
        place += page.height
    return long


def _pages(drawn: bytes) -> Iterator[bytes]:
    starts = [found.start() for found in re.finditer(rb"P5\n\d+ \d+\n255\n", drawn)]
    for start, end in pairwise([*starts, len(drawn)]):
        yield drawn[start:end]


def _poppler(folder: Path, pdf: bytes, *command: str, last: bool = False) -> bytes:
    asked = folder / "asked.pdf"
    asked.write_bytes(pdf)
    order = [*command[:-1], str(asked), command[-1]] if last else [*command, str(asked)]
    return subprocess.run(order, check=True, capture_output=True, timeout=60).stdout


def people() -> list[dict[str, str]]:
    with (SAMPLES / "people.csv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def of(person: dict[str, str], number: int, kind: str) -> str:
    """This person's sheet, without the prints beneath, which are laid there as they come."""
    facts = snapshot(kind, person["name"], societies=2) | {"sample": False}
    facts["holder"] = {"name": person["name"], "language": person["language"]}
    facts["serial"] = serial = f"{number:04}-9QXW-2MHD-TCY8-DTJ3-35AQ-{number * 7:04}"
    facts["verify_url"] = f"https://confer.example/v/{serial}"
    return PRINTS.sub("", sheet.page(facts))


@pytest.mark.measured
def test_everyones_diploma_reads_the_same_filled_or_set_in_full(presses, tmp_path):
    for number, person in enumerate(people()[:: measure(1, 15)]):
        same(presses, of(person, number, "diploma"), tmp_path, looked_at=False)


@pytest.mark.parametrize("kind", ["diploma", "attendance", "completion"])
def test_in_every_language_a_filled_sheet_looks_as_it_does_set_in_full(presses, tmp_path, kind):
    for number, person in enumerate({one["language"]: one for one in people()}.values()):
        same(presses, of(person, number, kind), tmp_path)


@pytest.mark.parametrize("align", ["left", "right", "center", "end"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_slot_moves_the_rest_of_its_line(presses, tmp_path, align, direction):
    for name in ("Ana Lopez", "Wu", "محمد بن عبد الله", "Åsa Šimkūnaitė-fficial"):
        body = f'<div dir="{direction}" style="direction:{direction}">{NAME.format(name)}</div>'
        same(presses, PAGE.format(title=name, align=align, style="", body=body), tmp_path)


def test_slots_stand_in_tables_frames_and_links(presses, tmp_path):
    cells = "<table><tr><th>Result</th><td data-slot='x'>{}</td></tr></table>".replace("'", '"')
    link = '<p><a data-slot="at" href="https://confer.example/{0}">confer.example/{0}</a></p>'
    for text in ("80", "100-points", "7"):
        body = cells.format(text) + link.format(text) + '<p class="frame">all else</p>'
        pdf = same(presses, PAGE.format(title="x", align="left", style="", body=body), tmp_path)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            (annotation,) = document.pages[0].Annots
            assert str(annotation.A.URI) == f"https://confer.example/{text}"


@pytest.mark.parametrize(
    ("style", "body"),
    [
        (".wide { display: inline-block; border: 1px solid }", '<div class="wide">{}</div>'),
        (".row { display: flex }", '<div class="row"><div>{}</div><div>next</div></div>'),
        ("table { table-layout: auto; width: auto }", "<table><tr><td>{}<td>y</table>"),
        ("p { text-transform: uppercase }", "<p>{}</p>"),
        ("b { text-decoration: underline }", "<p><b>{}</b></p>"),
        ("p { string-set: x content() } @page { @top-left { content: string(x) } }", "<p>{}</p>"),
        ("", "<h1>{}</h1>"),
        (".spread { text-align: justify }", '<p class="spread">' + "many words " * 20 + "{}</p>"),
        ("p { width: 90px }", "<p>{} and then some more words about it</p>"),
    ],
    ids=range(9),
)  # fmt: skip
def test_where_more_hangs_on_a_slot_the_page_is_set_in_full(presses, tmp_path, style, body):
    for name in ("Ana Lopez", "Maximiliane Wu", "Jo"):
        held = body.format(f'<span data-slot="name">{name}</span>')
        same(presses, PAGE.format(title="x", align="left", style=style, body=held), tmp_path)


def test_a_text_too_long_for_its_frame_is_refused_as_in_full(presses):
    filling, setting = presses
    frame = '<div class="frame" data-fits style="white-space: nowrap">{}</div>'
    for name in ("Ana", "Ana " * 30):
        body = frame.format(f'<p><span data-slot="name">{name.strip()}</span></p>')
        html = PAGE.format(title="x", align="left", style="", body=body)
        refusals = []
        for press, page in ((filling, html), (setting, in_full(html))):
            try:
                press.typeset(page)
            except Unprintable as refusal:
                refusals.append(str(refusal))
        assert len(refusals) == (2 if len(name) > 9 else 0) and len(set(refusals)) < 2


def test_a_letter_without_a_typeface_is_refused_in_a_slot_too(presses):
    def page(name: str) -> str:
        return PAGE.format(title="x", align="left", style="", body=NAME.format(name))

    presses[0].typeset(page("Ana"))
    with pytest.raises(Unprintable, match="typefaces"):
        presses[0].typeset(page("Ana 𐍈"))


def test_the_bytes_do_not_tell_whose_sheet_made_the_master(tmp_path):
    names = ("Zoë Łukasiewicz", "Ana", "Šimkūnaitė Ėglė", "Suharto")
    pages = [sheet.page(snapshot("diploma", name, societies=1)) for name in names]
    attached = (Attachment("b.json", b"{}", "second"), Attachment("a.json", b"{}", "first"))
    held = {"attachments": attached, "seal_fields": (SealField("seal-1", "Seal of Ä"),)}
    printed: list[Any] = []
    for order in (pages, pages[::-1]):
        with Press(tmp_path) as press:
            printed.append({page: press.typeset(page, **held) for page in order})
    assert printed[0] == printed[1]


def test_what_travels_with_a_sheet_is_listed_once_in_order_and_dated_like_it(presses):
    attached = (
        Attachment("did.json", b'{"id": "did:web:x"}', "Keys"),
        Attachment("credential.json", b'{"a": 1}', "Credential"),
    )
    seals = (SealField("seal-1", "Seal of EuSoMII"), SealField("seal-2", "Seal of SIIM"))
    page = PAGE.format(title="x", align="left", style="", body=NAME.format("Ana"))
    pdf = presses[0].typeset(page, attachments=attached, seal_fields=seals)

    assert b"/ObjStm" not in pdf and b"\nxref\n" in pdf and pdf.endswith(b"%%EOF\n")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert list(document.attachments) == ["credential.json", "did.json"]
        assert len(document.Root.AF) == 2
        for file in document.Root.AF:
            assert file.AFRelationship == "/Data" and file.EF.F.Subtype == "/application/json"
            assert str(file.EF.F.Params.ModDate) == "D:20261121100000Z"
            assert file.EF.F.Filter == "/FlateDecode"
        form = document.Root.AcroForm
        assert form.SigFlags == 3
        for field, asked in zip(form.Fields, seals, strict=True):
            assert (field.FT, str(field.T), str(field.TU)) == ("/Sig", asked.name, asked.label)
            assert list(map(int, field.Rect)) == [0, 0, 0, 0] and field.F == 4
            assert "/V" not in field and field.objgen in [
                one.objgen for one in document.pages[0].Annots
            ]
