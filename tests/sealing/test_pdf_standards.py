"""Sealed files are PDF/A-3a and PDF/UA-1, whoever holds them and however many societies seal."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import create_app
from app.designs import catalogue
from app.designs.sample import designed, snapshot
from app.pdf import Press
from app.sealing.sample import sealed
from tests.conftest import make_settings
from tests.measure import measure
from tests.verapdf import VeraPdf

pytestmark = pytest.mark.xdist_group("verapdf")  # one process starts one Java

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEOPLE = Path(__file__).parents[1] / "samples" / "people.csv"
with PEOPLE.open(encoding="utf-8") as rows:
    HOLDERS = [(row["name"], row["language"]) for row in csv.DictReader(rows)]


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    app = create_app(make_settings(tmp_path_factory.mktemp("var")))
    with app.app_context(), Press(tmp_path_factory.mktemp("press")) as press:
        yield press


def diploma(press: Press, design: str, *, societies: int, name: str, language: str) -> bytes:
    facts = snapshot("diploma", name, societies=societies, language=language)
    return sealed(designed(facts, design=design), press, at=AT)


@pytest.mark.slow
@pytest.mark.parametrize("design", catalogue.SHEETS)
@pytest.mark.parametrize("societies", [1, 2, 3, 6])
def test_a_sealed_diploma_keeps_both_standards(
    press: Press, verapdf: VeraPdf, design: str, societies: int
) -> None:
    made = diploma(press, design, societies=societies, name="Zoë Łukasiewicz", language="pl")
    assert made.count(b"/ByteRange") == societies + 1  # and the time stamp
    assert verapdf.failures(made) == set()


@pytest.mark.slow(60)
@pytest.mark.measured
@pytest.mark.parametrize("design", catalogue.SHEETS)
def test_whoever_holds_a_sealed_diploma_it_keeps_both_standards(
    press: Press, verapdf: VeraPdf, design: str
) -> None:
    for name, language in HOLDERS[:: measure(1, 40)]:
        made = diploma(press, design, societies=2, name=name, language=language)
        assert verapdf.failures(made) == set(), name
