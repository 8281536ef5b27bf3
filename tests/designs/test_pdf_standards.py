"""Every sheet is PDF/A-3a and PDF/UA-1 before it is sealed; what breaks them is refused."""

import base64
import csv
import io
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from weasyprint import HTML

from app.designs import catalogue, choices, sheet
from app.designs.sample import snapshot
from app.pdf import Attachment, Press, SealField, Unprintable
from app.press_child.identification import merge_identification
from app.societies.drawings import read
from tests.verapdf import VeraPdf

pytestmark = pytest.mark.xdist_group("verapdf")  # one process starts one Java

SAMPLES = Path(__file__).parents[1] / "samples"
PRINTS = re.compile(r'<link rel="print"[^>]*>')
ATTACHED = (
    Attachment("did.json", b'{"id": "did:web:confer.example"}' * 60, "The keys of the issuers"),
    Attachment("credential.json", b'{"type": "OpenBadgeCredential"}' * 200, "The credential"),
)
SEALS = tuple(SealField(f"seal-{n}", f"Seal of the society no. {n}") for n in (1, 2, 3))
PAGE = """<!doctype html><html {root}><head>{title}<style>{style}</style></head><body><main>
<h1>Joint Certificate</h1><{level}>Ana Lopez</{level}><p>has completed it {more}</p></main>
</body></html>"""


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    with Press(tmp_path_factory.mktemp("press")) as press:
        yield press


def people() -> list[dict[str, str]]:
    with (SAMPLES / "people.csv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def page(**parts: str) -> str:
    kept = {
        "root": 'lang="en"',
        "title": "<title>Joint Certificate</title>",
        "style": "body { font-family: 'EB Garamond' }",
        "level": "h2",
        "more": "",
    }
    return PAGE.format(**kept | parts)


def picture(mode: str, kind: str, attributes: str) -> str:
    drawn = io.BytesIO()
    Image.new(mode, (60, 20), 0).save(drawn, kind)
    data = base64.b64encode(drawn.getvalue()).decode()
    return f'<img {attributes} src="data:image/{kind.lower()};base64,{data}">'


def drawing(title: str) -> str:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9">'
    return f'{svg}{title}<rect width="9" height="9"/></svg>'


@pytest.mark.parametrize("kind", ["diploma", "attendance", "completion"])
def test_a_sheet_keeps_both_standards(press: Press, verapdf: VeraPdf, kind: str) -> None:
    facts = snapshot(kind, "Zoë Łukasiewicz", societies=3)
    assert verapdf.failures(press.typeset(sheet.page(facts))) == set()


def test_a_diploma_with_all_it_carries_keeps_both_standards(press: Press, verapdf: VeraPdf) -> None:
    facts = snapshot("diploma", "Ana Lopez", societies=3) | {"sample": False}
    pdf = press.typeset(sheet.page(facts), attachments=ATTACHED, seal_fields=SEALS)
    assert verapdf.failures(pdf) == set()


TITLES = {"de": "Gemeinsames Zertifikat", "ar": "شهادة مشتركة"}
DRAWN = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><title>Ours</title>
<defs><linearGradient id="a"/></defs><g style="fill:#1c4f8a" class="x"><path d="M1 1 L9 9 L1 9z"/>
<circle cx="30" cy="20" r="12" fill="red" opacity=".5"/></g></svg>"""


def uploaded(kind: str, mode: str) -> bytes:
    """A picture as societies send them: in printing inks, shining through, with a profile."""
    drawn = io.BytesIO()
    colour = (10, 90, 120, 90)[: len(mode)]
    Image.new(mode, (400, 200), colour).save(drawn, kind, icc_profile=b"none that is one")
    return read(drawn.getvalue()).content


UPLOADED = (uploaded("PNG", "RGBA"), uploaded("JPEG", "CMYK"))
PICTURES = {sha256(one).hexdigest(): one for one in UPLOADED}


def chosen(code: str, background: str, margin: int, second: str, language: str) -> dict[str, Any]:
    """A diploma with everything about it that officers may choose."""
    facts = snapshot("diploma", "Zoë Łukasiewicz", societies=3, sealed=True)
    first, another, third = facts["awarding"]
    first["mark_digest"], another["mark_digest"] = PICTURES
    third["mark"] = read(DRAWN).svg
    texts = {"lead": "Together {societies} award", "note": "Noted by the officers."}
    made = choices.whole({
        "sheet": code, "background": background, "margin": margin, "second": second,
        "languages": ["en", language],
        "texts": {"en": texts, language: {"title": TITLES[language]}},
        "colours": {"ornament": "#2f6f4f", "ink": "#101010", "paper": "#f4efe2"},
        "order": ["efrs", "siim"],
        "signatories": {"siim": {"name": "Ŝi Ĝojo", "office": "Secretary"}},
    })  # fmt: skip
    return facts | {"design": {"version": 1, "choices": made}}


@pytest.mark.slow
@pytest.mark.parametrize("code", catalogue.SHEETS)
def test_whatever_officers_choose_a_sheet_keeps_both_standards(
    press: Press, verapdf: VeraPdf, code: str
) -> None:
    """Other grounds, both ends of the margins, marks of every kind, a second language."""
    *_, last = unusual = catalogue.SHEETS[code].backgrounds[1:]
    for look in (
        (unusual[0], catalogue.LEAST_MARGIN, "same sheet", "de"),
        (last, catalogue.MOST_MARGIN, "copy", "ar"),
    ):
        page = sheet.page(chosen(code, *look), pictures=PICTURES)
        pdf = press.typeset(page, attachments=ATTACHED, seal_fields=SEALS)
        assert verapdf.failures(pdf) == set(), look


def bare(kind: str, person: dict[str, str]) -> str:
    """A sheet without what is the same for all and has been looked at above."""
    holder = {"name": person["name"], "language": person["language"]}
    facts = snapshot(kind, person["name"], societies=1) | {"holder": holder, "supplement": None}
    return PRINTS.sub("", sheet.page(facts))


def test_certificates_in_every_language_keep_both_standards(press: Press, verapdf: VeraPdf) -> None:
    for person in {one["language"]: one for one in people()}.values():
        assert verapdf.failures(press.typeset(bare("attendance", person))) == set(), person["name"]


def test_a_plain_page_of_ours_keeps_both_standards(press: Press, verapdf: VeraPdf) -> None:
    """The control of the controls below: without their fault nothing is wrong."""
    assert verapdf.failures(press.typeset(page())) == set()
    sound = picture("RGBA", "PNG", 'alt="Mark" style="image-rendering:crisp-edges"')
    assert verapdf.failures(press.typeset(page(more=sound))) == set()


FAULTS: dict[str, tuple[dict[str, str], str]] = {
    "a picture that is smoothed": (
        {"more": picture("RGB", "PNG", 'alt="Mark" style="image-rendering:auto"')},
        "3a 6.2.8-3",
    ),
    "a picture in printing inks": ({"more": picture("CMYK", "JPEG", 'alt="Mark"')}, "3a 6.2.4.3-3"),
    "a picture without words": ({"more": picture("RGB", "PNG", "")}, "ua1 7.3-1"),
    "a picture with empty words": ({"more": picture("RGB", "PNG", 'alt=""')}, "ua1 7.3-1"),
    "a drawing without a title": ({"more": drawing("")}, "ua1 7.3-1"),
    "a letter without a typeface": ({"more": "𐍈"}, "3a 6.2.11.8-1"),
    "a page without a title": ({"title": ""}, "ua1 7.1-9"),
    "a page without a language": ({"root": ""}, "ua1 7.2-29"),
    "a heading that skips a level": ({"level": "h4"}, "ua1 7.4.2-1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_breaks_a_standard_is_refused_by_the_press(
    press: Press, verapdf: VeraPdf, fault: str
) -> None:
    parts, clause = FAULTS[fault]
    assert clause in verapdf.failures(as_the_library_sets_it(page(**parts)))
    with pytest.raises(Unprintable):
        press.typeset(page(**parts))


def as_the_library_sets_it(html: str) -> bytes:
    """WeasyPrint with our identification and nothing of our care."""
    document = HTML(string=html).render(pdf_variant="pdf/a-3a")
    merge_identification(document)
    pdf = document.write_pdf(pdf_variant="pdf/a-3a")
    assert isinstance(pdf, bytes)
    return pdf
