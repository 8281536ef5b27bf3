"""Names of files that come from outside."""

import pytest

from app.file_names import clean_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("a\nb.csv", "ab.csv"),
        ("..\\..\\etc/report 1.xlsx", "report 1.xlsx"),
        ('<b>"x".csv', "bx.csv"),
        ("...", "report"),
        ("", "report"),
        ("Bericht\u202e vsc.csv", "Bericht vsc.csv"),
        ("a.c\r\nsv", "a.csv"),
        ("Üben.tsv", "Üben.tsv"),
    ],
)
def test_what_no_header_and_no_file_system_takes_is_left_out(name: str, clean: str) -> None:
    assert clean_name(name, otherwise="report") == clean


def test_a_known_kind_decides_how_the_name_ends() -> None:
    assert clean_name("slides.exe", otherwise="material", ending="pdf") == "slides.pdf"
    assert clean_name("x" * 300, otherwise="material", ending="pdf") == "x" * 100 + ".pdf"
