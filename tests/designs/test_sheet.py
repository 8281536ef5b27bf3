"""What stands on a diploma and a certificate, and for whom it can be printed."""

import csv
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.designs import sheet
from app.designs.fitting import advance
from app.designs.sample import sample, snapshot
from app.pdf import Press, Unprintable
from app.societies.wordmark import mark

pytestmark = pytest.mark.xdist_group("sheet")  # one process starts one press

SAMPLES = Path(__file__).parents[1] / "samples"
LONGEST = "María de los Ángeles Fernández-Villaverde y Gutiérrez de la Concha"


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    with Press(tmp_path_factory.mktemp("press")) as press:
        yield press


@pytest.fixture
def printed(press: Press, tmp_path: Path) -> Any:
    def printed(facts: dict[str, Any]) -> Path:
        pdf = tmp_path / f"{len(list(tmp_path.iterdir()))}.pdf"
        pdf.write_bytes(press.typeset(sheet.page(facts)))
        return pdf

    return printed


def people() -> list[dict[str, str]]:
    with (SAMPLES / "people.csv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def one_for_each_language() -> list[dict[str, str]]:
    return list({person["language"]: person for person in reversed(people())}.values())


def diploma(name: str = "Ana Lopez", societies: int = 2, **changes: Any) -> dict[str, Any]:
    face = {"sample": False, "supplement": None}
    return snapshot("diploma", name, societies=societies) | face | changes


def tool(*command: str | Path) -> str:
    return subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True, timeout=60
    ).stdout


def text(pdf: Path) -> str:
    return " ".join(tool("pdftotext", pdf, "-").split())


def test_every_name_of_the_samples_can_be_printed():
    for person in people():
        holder = {"name": person["name"], "language": person["language"]}
        for kind in ("diploma", "attendance"):
            facts = snapshot(kind, person["name"], societies=2) | {"holder": holder}
            assert sheet.unprintable(facts) == [], person["name"]
            assert person["name"].split()[0] in sheet.page(facts)


def test_names_in_every_language_of_the_samples_reach_the_paper(printed):
    for person in one_for_each_language():
        pdf = printed(
            diploma() | {"holder": {"name": person["name"], "language": person["language"]}}
        )
        fonts = tool("pdffonts", pdf).splitlines()[2:]
        assert all(re.search(r" yes yes yes +\d+ +\d+$", font) for font in fonts), fonts
        if person["language"] not in ("ar", "he", "hi"):  # their extraction order is the reader's
            assert person["name"].replace("-", "") in text(pdf).replace("-", "")


@pytest.mark.parametrize("societies", range(1, 7))
def test_one_to_six_societies_stand_on_one_page(printed, societies):
    facts = diploma(LONGEST, societies, endorsing=[{"short": "N", "name": "Nordic Forum"}])
    pdf = printed(facts)

    assert "Pages:           1" in tool("pdfinfo", pdf)
    words = text(pdf)
    for society in facts["awarding"]:
        assert society["signatory"]["name"] in words
    assert words.count("President") + words.count("Chair") == societies


@pytest.mark.parametrize("kind", ["diploma", "attendance", "completion"])
@pytest.mark.parametrize(
    "name", ["Suharto", LONGEST, "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff"]
)
def test_no_word_leaves_the_page(printed, kind, name):
    facts = snapshot(kind, name, societies=6, nature="certification")
    pdf = printed(facts | {"sample": False, "supplement": None})

    boxes = tool("pdftotext", "-bbox", pdf, "-")
    width, height = map(float, re.search(r'<page width="(\S+)" height="(\S+)"', boxes).groups())
    found = re.findall(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)"', boxes)
    margin = 16 / 25.4 * 72  # the inner frame of the ornament
    assert len(found) > 40
    for box in found:
        left, top, right, bottom = map(float, box)
        assert margin < left < right < width - margin
        assert margin < top < bottom < height - margin


def test_the_name_is_the_largest_thing_after_the_title():
    page = sheet.page(diploma())
    title, name = size_of("title", page), size_of("name", page)
    others = [float(size) for size in re.findall(r"font-size:([\d.]+)pt", page)]
    rest = max(size for size in others if size not in (title, name))
    assert title >= name > 2 * rest


def size_of(part: str, page: str) -> float:
    found = re.search(rf'class="set {part}[^>]*font-size:([\d.]+)pt', page)
    assert found, part
    return float(found[1])


def lines_of_the_name(page: str) -> list[str]:
    found = re.search(r'class="set name[^>]*><p>(.*?)</p>', page)
    assert found
    return re.findall(r"<span data-slot[^>]*>([^<]*)</span>", found[1])


def test_a_name_without_a_break_shrinks_and_a_composed_one_takes_two_lines():
    short, long = (
        sheet.page(diploma(name))
        for name in ("Suharto", "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff")
    )
    assert lines_of_the_name(long)[-1].endswith("Wolfeschlegelsteinhausenbergerdorff")
    assert size_of("name", long) < size_of("name", short)
    assert lines_of_the_name(sheet.page(diploma(LONGEST))) == [
        "María de los Ángeles Fernández-Villaverde",
        "y Gutiérrez de la Concha",
    ]


def test_a_name_from_right_to_left_is_set_from_right_to_left(printed):
    page = sheet.page(diploma() | {"holder": {"name": "محمد بن عبد الله", "language": "ar"}})
    assert re.search(r'class="set name rtl"[^>]*><p><span data-slot="name-1" lang="ar">', page)
    assert "name rtl" not in sheet.page(diploma("Ana Lopez"))

    pdf = printed(diploma("שרה כהן־לוי"))
    boxes = tool("pdftotext", "-bbox", pdf, "-")
    place = {
        word: float(x) for x, word in re.findall(r'xMin="(\S+)" [^>]*>([^<]*[א-ת][^<]*)<', boxes)
    }
    first = next(x for word, x in place.items() if "ש" in word)
    last = next(x for word, x in place.items() if "כ" in word)
    assert first > last


def test_the_code_leads_to_the_page_that_verifies(printed, tmp_path):
    for kind in ("diploma", "attendance"):
        facts = snapshot(kind, "Ana Lopez", societies=3)
        tool("pdftoppm", "-r", "150", "-png", "-singlefile", printed(facts), tmp_path / kind)
        assert facts["verify_url"] in tool("zbarimg", "-q", "--raw", tmp_path / f"{kind}.png")


def test_a_character_without_a_typeface_is_refused_with_its_name():
    facts = diploma("Ana 𐍈 Lopez")

    assert sheet.unprintable(facts) == ["𐍈"]
    assert "“𐍈” (GOTHIC LETTER HWAIR)" in sheet.explain(["𐍈"])[0]
    with pytest.raises(Unprintable, match="GOTHIC LETTER HWAIR"):
        sheet.page(facts)


def test_joiners_marks_and_decomposed_letters_are_no_obstacle():
    assert sheet.unprintable(diploma("Zoë Ła\u0308ng क\u094d\u200dष \u200fשרה 葛\U000e0100")) == []


def test_what_a_tenant_writes_is_printed_as_it_was_written(printed):
    written = "{{7*7}} {% raw %} %(x)s {0.__class__} <b>&amp;"
    facts = diploma(written, certification_body=written, requirements=[written])
    facts["awarding"][0]["signatory"] = {"name": written, "office": written}

    assert text(printed(facts)).count(written) >= 4


def test_a_programme_is_completed_and_a_certification_certifies(printed):
    programme = text(printed(snapshot("diploma", "Ana", societies=2)))
    assert "who has completed the certificate programme, edition 2026" in programme
    assert "does not expire" in programme.lower()

    certified = text(printed(snapshot("diploma", "Ana", societies=2, nature="certification")))
    assert "is certified under this scheme, edition 2026" in certified
    assert "21 November 2031" in certified


def test_every_diploma_says_what_it_is_not(printed):
    assert "does not replace a national qualification and is not a licence to practise" in text(
        printed(diploma())
    )


def test_a_certificate_states_what_was_attended(printed):
    words = text(printed(snapshot("attendance", "Ana Lopez", societies=2)))
    assert "Certificate of attendance" in words
    assert "77 of 90 minutes" in words and "CEST (Europe/Vienna)" in words
    words = text(printed(snapshot("completion", "Ana Lopez", societies=2)))
    assert "80 %; the pass mark is 75 %" in words


def test_a_sample_says_so_on_its_face_and_a_credential_does_not(printed):
    sample, diploma_proper = printed(snapshot("diploma", "Ana", societies=1)), printed(diploma())
    assert "SAMPLE" in "".join(tool("pdftotext", "-raw", sample, "-").split())
    assert "This is a sample: it certifies nothing." in text(sample)
    assert "SAMPLE" not in "".join(tool("pdftotext", "-raw", diploma_proper, "-").split())
    assert "sample" not in text(diploma_proper)


def test_marks_take_equal_areas_whatever_their_shapes():
    facts = diploma(societies=3)
    for society, shape in zip(facts["awarding"], ("400 100", "100 100", "90 120"), strict=True):
        society["mark"] = f'<svg viewBox="0 0 {shape}"><title>m</title></svg>'
    sizes = re.findall(r"width:([\d.]+)mm;height:([\d.]+)mm\"", sheet.page(facts))
    areas = [float(width) * float(height) for width, height in sizes[:3]]
    assert max(areas) / min(areas) < 1.01


def test_a_wordmark_is_drawn_from_outlines_in_the_colour_of_its_society():
    svg = mark("EuSoMII", "#1c4f8a")
    assert "<text" not in svg and "font" not in svg and "#1c4f8a" in svg
    assert mark("SIIM", "#1c4f8a") != svg
    assert "&lt;b&gt;" in mark("<b>", "#000000")
    with pytest.raises(ValueError, match="#rrggbb"):
        mark("EFRS", 'red"/><script>')


def test_a_wider_text_measures_wider():
    assert advance("Ana Lopez") < advance("Ana María Lopez") < advance("W" * 20)


def test_the_command_typesets_a_preview(tmp_path):
    out = tmp_path / "preview.pdf"
    answer = CliRunner().invoke(
        sample, ["--societies", "3", "--name", "王小明", "--language", "zh", "--out", str(out)]
    )
    assert answer.exit_code == 0, answer.output
    assert "王小明" in text(out)

    refused = CliRunner().invoke(sample, ["--name", "𐍈", "--out", str(out)])
    assert refused.exit_code == 1 and "GOTHIC LETTER HWAIR" in refused.output
