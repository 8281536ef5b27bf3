"""What differs between the holders of a list stands in slots; everything else is the same."""

import re
from typing import Any

import pytest
import segno

from app.designs import catalogue, code, colours, languages, sheet, wording
from app.designs.fitting import advance, balanced
from app.designs.plans import PLANS
from app.designs.sample import designed, snapshot
from app.pdf import Unprintable

SLOT = re.compile(r'<(span|a) data-slot="[^"]*"[^>]*>[^<]*</\1>')
HEAD = re.compile(r"<title>[^<]*|<meta name=\"(?:description|keywords)\"[^>]*>")
PRINT = re.compile(r'<link rel="print"[^>]*>')
LONG_TITLE = (
    "European Diploma of Advanced Imaging Informatics, Interoperability and Artificial "
    "Intelligence in Radiology, Nuclear Medicine and Pathology"
)


def of(name: str, number: int = 0, *, societies: int = 3, **choices: Any) -> dict[str, Any]:
    serial = f"7F3K-9QXW-2MHD-0000-0000-0000-{number:04d}"
    facts = snapshot("diploma", name, societies=societies, sealed=True) | {"sample": False}
    facts |= {"serial": serial, "verify_url": f"https://confer.example/v/{serial}"}
    return facts | {"design": {"version": 1, "choices": choices}}


def shared(page: str) -> str:
    return SLOT.sub("", HEAD.sub("", PRINT.sub("", page)))


@pytest.mark.parametrize("code", catalogue.SHEETS)
def test_holders_of_one_list_differ_in_their_slots_alone(code):
    ana, eva = of("Ana Lopez", 1, sheet=code), of("Eva Brown", 2, sheet=code)
    eva["supplement"]["modules"][1]["score"] = 91
    one, other = sheet.page(ana), sheet.page(eva)

    assert one != other and shared(one) == shared(other)
    assert "Lopez" not in shared(one) and ana["serial"] not in shared(one)
    ana["supplement"]["modules"][1]["title"] = "Another course"
    assert shared(sheet.page(ana)) != shared(other)  # the control: this is no holder's own


def test_names_come_in_few_sizes():
    names = ("Ana", "Suharto", "Zoë Łukasiewicz-Ångström", "Renée Müller-Sørensen", "Li Wei")
    assert len({shared(sheet.page(of(name))) for name in names}) <= 2


def test_a_name_cannot_reach_out_of_its_slot():
    page = sheet.page(of("<b>&\"'{{7*7}}\\1 %s"))
    assert "&lt;b&gt;&amp;&#34;&#39;{{7*7}}\\1 %s" in page and "<b>&" not in page
    with pytest.raises(Unprintable, match="U\\+0002"):
        sheet.page(of("Ana\x02serial\x03"))


@pytest.mark.parametrize("code", catalogue.SHEETS)
@pytest.mark.parametrize("societies", [1, 2, 3, 6])
def test_nothing_on_a_face_overlaps(code, societies):
    plan = PLANS[code](11.0)
    page = sheet.page(of("Suharto", societies=societies, sheet=code) | {"title": LONG_TITLE})
    boxes = [
        tuple(map(float, found))
        for found in re.findall(
            r'class="(?:set [\w -]+|sign)"[^>]*style="left:([\d.]+)mm;top:([\d.]+)mm;'
            r'width:([\d.]+)mm;height:([\d.]+)mm;font-size:([\d.]+)pt', page
        )
    ]  # fmt: skip
    assert len(boxes) >= societies + 5
    for left, top, width, height, points in boxes:
        assert points >= 6.6
        assert left >= 11 and left + width <= plan.width - 11
        assert top >= 11 and top + height <= plan.height - 11
    for a, b in ((a, b) for a in boxes for b in boxes if a is not b):
        beside = a[0] + a[2] <= b[0] + 0.01 or b[0] + b[2] <= a[0] + 0.01
        slack = 0.1 * max(a[4], b[4])  # room that a box has for the faces of other scripts
        apart = a[1] + a[3] - slack <= b[1] + 0.05 or b[1] + b[3] - slack <= a[1] + 0.05
        assert beside or apart, (a, b)


def test_a_wider_margin_moves_everything_inwards():
    narrow, wide = (sheet.page(of("Ana", margin=margin)) for margin in (8, 18))
    first = r'<img [^>]*style="left:([\d.]+)mm;top:([\d.]+)mm'
    assert float(re.search(first, narrow)[2]) < float(re.search(first, wide)[2])
    assert shared(sheet.page(of("Ana", margin=400))) == shared(wide)  # within bounds


def test_ink_that_cannot_be_read_gives_way():
    pale = colours.of({"colours": {"ink": "#dddddd", "paper": "#ffffff"}})
    assert pale.ink == colours.INK and pale.paper == "#ffffff"
    dark = colours.of({"colours": {"paper": "#101010"}})
    assert dark.paper == colours.PAPER
    chosen = colours.of({"colours": {"ink": "#102a1c", "ornament": "#2d5a6b"}})
    assert chosen.ink == "#102a1c" and chosen.ornament == "#2d5a6b"
    for mixed in (pale, dark, chosen, colours.of({"colours": {"ornament": "#ffee88"}})):
        for text in (mixed.ink, mixed.quiet, mixed.accent, mixed.warning):
            assert colours.contrast(text, mixed.paper) >= colours.LEAST_OF_QUIET


def test_officers_texts_stand_as_written_with_the_places_of_a_closed_list_filled():
    lead = "{societies} confer {serial} {0.__class__} {{edition}} <i>"
    texts = {
        "en": {"lead": lead, "citation": "edition {edition}, {issued_on}", "title": "{title}!"}
    }
    words = wording.Words(of("Ana", societies=1), {"texts": texts}, "en")

    told = words.lead(is_brief=False)
    assert told.startswith("the European Society") and "{serial} {0.__class__} {2026} <i>" in told
    assert words.citation == "edition 2026, 21 November 2026"
    assert words.heading == "Joint Certificate in Imaging Informatics!"


def test_more_than_three_lines_of_societies_leave_the_naming_to_the_signatures():
    plain = sheet.page(of("Ana", societies=6, sheet="portrait"))
    assert "by the societies that sign below" in " ".join(plain.replace("<br>", " ").split())
    few = " ".join(
        sheet.page(of("Ana", societies=2, sheet="portrait")).replace("<br>", " ").split()
    )
    assert "by the societies that sign below" not in few


def test_societies_stand_in_the_order_and_sign_with_the_names_that_were_chosen():
    signing = {"efrs": {"name": "Ida Chosen", "office": "Deputy"}}
    page = sheet.page(of("Ana", order=["efrs", "siim"], signatories=signing))
    marks = re.findall(r'alt="Mark of (\w+)"', page)
    assert marks == ["EFRS", "SIIM", "EuSoMII"]
    assert page.index("Ida Chosen") < page.index("Dana Example") < page.index("Erik Sample")


def test_seals_are_told_by_every_society_or_not_at_all():
    facts = of("Ana")
    sealed, plain = sheet.page(facts), sheet.page(facts | {"sealed": None})
    bare = sheet.page(facts | {"sealed": False})
    assert len(re.findall("sealed electronically", sealed)) == 3
    assert "seal" not in shared(plain).split("<body>")[1].replace('class="seal"', "")
    assert bare.count("without an electronic seal") == 3


def test_a_second_language_stands_beside_ours_or_on_a_copy_of_the_same_number():
    facts = of("Ana")
    beside = sheet.page(designed(facts, second="de"))
    assert beside.count('class="face"') == 1
    for word in ("who has completed", "nach Abschluss", "18 November 2026", "18. November 2026"):
        assert word in beside
    assert "Gemeinsames Zertifikat" in beside and "Joint Certificate" in beside

    copied = sheet.page(designed(facts, second="de", copy=True))
    face, copy = copied.split('class="face"')[1:]
    assert "nach Abschluss" not in face and "who has completed" not in copy.split("supplement")[0]
    assert "Kopie des Diploms auf Deutsch" in copy and facts["serial"] in copy
    assert copied.count('data-page="2"') >= 2  # the copy has its stock and its code


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_every_text_of_the_sheets_is_translated(language):
    from babel.messages.extract import extract_from_dir

    said = {
        message
        for folder, patterns in (
            (sheet.TEMPLATES, [("**.html", "jinja2")]),
            (languages.FOLDER.parent, [(f"{name}.py", "python") for name in
             ("wording", "supplement", "face", "plates")]),
        )
        for _, _, message, _, _ in extract_from_dir(folder, patterns)
    }  # fmt: skip
    assert len(said) > 80
    known = languages.catalogue(language)._catalog  # type: ignore[attr-defined]
    assert sorted(said - set(known)) == []
    places = re.compile(r"%\(\w+\)s")
    for message in said:
        assert sorted(places.findall(message)) == sorted(places.findall(known[message])), message


def test_a_language_without_a_catalogue_keeps_our_words_and_its_own_dates():
    words = wording.Words(of("Ana"), {}, "it")
    assert words.dates[0].label == "decided on" and words.dates[0].value == "18 novembre 2026"


def test_a_supplement_tells_modules_and_elements_and_leaves_out_what_is_missing():
    whole = sheet.page(of("Ana"))
    for text in ("DICOM in practice", "82 %", "1 h 30 min", "25 hours", "1 ECTS", "Austria",
                 "Learning outcomes", "postgraduate", "2022/C 243/02"):  # fmt: skip
        assert text in whole, text
    bare = sheet.page(of("Ana") | {"supplement": {"modules": [{"title": "One"}], "level": "EQF 7"}})
    assert "EQF 7" in bare and "Notional workload" not in bare and "col-" not in bare
    assert 'class="supplement"' not in sheet.page(of("Ana", supplement=False))


def test_every_cell_of_a_table_has_its_heading():
    page = sheet.page(of("Ana"))
    for table in re.findall(r"<table.*?</table>", page, re.S):
        assert len(re.findall(r"<th\b", table)) == table.count("<th scope=")
        widths = {
            len(re.findall(r"<t[hd]\b", row)) for row in re.findall(r"<tr.*?</tr>", table, re.S)
        }
        assert len(widths) == 1
    assert re.findall(r"<(h\d)", page)[0] == "h1" and "<h3" in page.split("<h2")[1]


ADDRESSES = (
    "https://a.example/v/7F3K",
    "https://confer.example/v/7F3K-9QXW-2MHD-0000-0000-0000-0000",
    "https://a-long-host.of-a-society.example/v/" + "Z" * 150,
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_our_codes_are_those_of_the_library(address):
    theirs = segno.make(address.encode(), error="q", mask=code.MASK, micro=False, boost_error=False)
    drawn, modules = code.rectangles(address)
    runs = [tuple(map(int, run.split()[:3])) for run in drawn.splitlines()]
    dark = {(x + n, y) for x, y, length in runs for n in range(length)}
    assert modules == len(theirs.matrix)
    assert dark == {(x, y) for y, row in enumerate(theirs.matrix) for x, m in enumerate(row) if m}


def test_lines_come_out_alike():
    text = "the European Society of Medical Imaging Informatics and the Society for Imaging"
    one, two = balanced(text, 2, "regular")
    assert f"{one} {two}" == text
    assert abs(advance(one, "regular") - advance(two, "regular")) < 6
