"""The press prints the same text the same way, and no text can break it."""

import io
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from app.designs import sheet
from app.designs.sample import snapshot
from app.pdf import Press, Unprintable

PAGE = '<!doctype html><html lang="en"><head><title>Page</title>{}</head><body>{}</body></html>'
SOUND = PAGE.format("", "<h1>Sound</h1>")


@pytest.fixture
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    scratch = tmp_path_factory.getbasetemp() / "press"
    with Press(scratch, seconds=30, cpu_seconds=2) as press:
        yield press


def use_bomb() -> str:
    layers = '<g id="a0"><rect width="1" height="1"/></g>' + "".join(
        f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9)
    )
    svg = "http://www.w3.org/2000/svg"
    return f'<svg xmlns="{svg}" viewBox="0 0 9 9"><defs>{layers}</defs><use href="#a8"/></svg>'


def entity_bomb() -> str:
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&a9;</text></svg>'
    return f"<!DOCTYPE svg [{entities}]>{svg}"


def test_the_same_text_gives_the_same_bytes_in_any_process(press, tmp_path):
    page = sheet.page(snapshot("diploma", "Zoë Łukasiewicz", societies=3))
    with Press(tmp_path) as other:
        assert press.typeset(page) == press.typeset(page) == other.typeset(page)
        assert press.typeset(SOUND) != press.typeset(page)


def test_a_sheet_is_archivable_and_accessible(press):
    pdf = pikepdf.open(
        io.BytesIO(press.typeset(sheet.page(snapshot("diploma", "Ana", societies=2))))
    )
    xmp = pdf.Root.Metadata.read_bytes().decode()

    assert xmp.count("<rdf:RDF") == 1
    assert 'pdfaid:part="3"' in xmp and 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en"
    assert pdf.Root.OutputIntents and not pdf.attachments
    assert all("/Interpolate" not in image for image in pdf.pages[0].get_images().values())


@pytest.mark.parametrize(
    "page",
    [
        PAGE.format("<style>@page{size:10px;margin:0}</style>", "<p>x</p>" * 3000),
        PAGE.format("", "<div>" * 2000),
        PAGE.format("<style>@page{size:1e9px 1e9px}p{font-size:1e8px}</style>", "<p>x</p>"),
        PAGE.format("", f"<h1>{'W' * 200_000}</h1>"),
        "x" * (3 << 20),
    ],
    ids=["pages", "nesting", "lengths", "name", "bytes"],
)
def test_a_bomb_is_refused_in_words_and_the_next_sheet_is_set(press, page):
    with pytest.raises(Unprintable) as refusal:
        press.typeset(page)

    assert len(str(refusal.value)) > 20
    assert press.typeset(SOUND).startswith(b"%PDF")


@pytest.mark.parametrize("mark", [use_bomb(), entity_bomb()], ids=["use", "entity"])
def test_a_mark_that_never_ends_is_refused_and_the_next_sheet_is_set(press, mark):
    facts = snapshot("diploma", "Ana Lopez", societies=2)
    facts["awarding"][1]["mark"] = mark

    with pytest.raises(Unprintable):
        press.typeset(sheet.page(facts))
    assert press.typeset(SOUND).startswith(b"%PDF")


def test_a_name_of_a_hundred_thousand_letters_is_refused_before_the_press():
    with pytest.raises(Unprintable, match="too long"):
        sheet.page(snapshot("diploma", "Ab " * 33_000, societies=1))


def test_a_child_lives_under_its_lids(press):
    press.warm_up()
    (child,) = press.pids()
    limits = Path(f"/proc/{child}/limits").read_text()
    lids = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}

    assert lids["Max address space"] == str(1 << 30)
    assert lids["Max file size"] == str(32 << 20)
    assert lids["Max open files"] == "64" and lids["Max core file size"] == "0"
    environment = Path(f"/proc/{child}/environ").read_bytes()
    assert b"SECRET" not in environment and b"CONFER" not in environment


def test_a_press_without_room_to_start_says_so(tmp_path_factory):
    scratch = tmp_path_factory.getbasetemp() / "press"
    with Press(scratch, memory=48 << 20) as press, pytest.raises(Unprintable, match="start"):
        press.typeset(SOUND)


def test_a_killed_child_does_not_harm_the_next_sheet(press):
    press.typeset(SOUND)
    (child,) = press.pids()
    os.kill(child, signal.SIGKILL)

    assert press.typeset(SOUND).startswith(b"%PDF")
    assert press.pids() != [child]


def test_a_child_is_renewed_after_its_sheets(tmp_path_factory):
    scratch = tmp_path_factory.getbasetemp() / "press"
    with Press(scratch, sheets_per_child=2) as press:
        press.typeset(SOUND)
        before = press.pids()
        press.typeset(SOUND)
        press.typeset(SOUND)
        assert press.pids() and press.pids() != before


def test_many_threads_share_a_press(tmp_path_factory):
    scratch = tmp_path_factory.getbasetemp() / "press"
    answers: dict[int, bytes] = {}
    with Press(scratch, workers=2) as press:

        def work(number: int) -> None:
            answers[number] = press.typeset(PAGE.format("", f"<h1>{number}</h1>"))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(answers.values())) == 6
        assert answers[3] == press.typeset(PAGE.format("", "<h1>3</h1>"))


def test_what_the_typesetter_only_mutters_about_is_a_refusal(press):
    picture = "<img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\">"
    with pytest.raises(Unprintable, match="alt"):
        press.typeset(PAGE.format("", picture))
    with pytest.raises(Unprintable, match="typefaces"):
        press.typeset(PAGE.format("", "<p>𐍈</p>"))


def test_a_text_that_overflows_its_place_is_refused(press):
    frame = '<div data-fits style="width:20mm;height:10mm">{}</div>'
    assert press.typeset(PAGE.format("", frame.format("short")))
    with pytest.raises(Unprintable, match="too long"):
        press.typeset(PAGE.format("", frame.format("long " * 80)))


@pytest.mark.parametrize("kind", ["attendance", "completion", "diploma"])
def test_a_serial_of_wide_letters_has_its_place(press, kind):
    serial = "MSBD-J5B5-9RE0-70SV-JDB5-35FP-P3RF"
    address = f"https://confer.example/v/{serial}"
    facts = snapshot(kind, "Zoë Łukasiewicz-Ångström", societies=3)

    assert press.typeset(sheet.page(facts | {"serial": serial, "verify_url": address}))
