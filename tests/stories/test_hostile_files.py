"""Hostile files at every door that takes one: each is answered, and none is kept where it came.

What a door takes for a file of its kind it may keep; everything else leaves no file and no row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask_wtf.file import FileField

from app.files import digest_of
from app.forms import Form
from tests.hostile_files import NAMES, everything
from tests.measure import WHOLE
from tests.stories.act import Act
from tests.stories.conftest import STRANGER, House
from tests.stories.file import File

ANSWERS = {200, 303, 409, 413, 422}
PART = 101
"""One file out of so many goes to a door in every run, at each door another one first."""


@dataclass(frozen=True)
class Upload:
    """A form that takes a file: what it is called, who sends it where, in which field."""

    form: str
    who: str
    url: str
    place: str = "file"
    fill: dict[str, Any] = field(default_factory=dict)
    keeps: tuple[bytes, ...] = ()
    """How files begin that it keeps as they came."""


PICTURES = b"\x89PNG", b"\xff\xd8\xff"
UPLOADS = [
    Upload("ReportForm", "eva", "/desk/activities/{webinar}/presence/report"),
    Upload("MarkForm", "erik", "/desk/societies/{society}/mark"),
    Upload("RosterForm", "nils", "/desk/societies/{society}/members"),
    Upload("ChainForm", "nils", "/desk/keys/{waiting_seal}/certificates"),
    Upload("ChainForm", "erik", "/desk/keys/new/{society}/elsewhere"),
    Upload("SignaturesForm", "erik", "/desk/seals/{society}/signatures"),
    Upload("SignatureForm", "erik", "/desk/log/{head}/signature", fill={"society": "@society_id"}),
    Upload("IntroductionForm", STRANGER, "/speak/{speaker_letter}/introduction", "photo",
           {"affiliation": "Lund", "biography": "Reads chests."}),
    Upload("HandoutForm", STRANGER, "/speak/{speaker_letter}/material",
           fill={"release": "at once"}, keeps=(b"%PDF", b"PK")),
    Upload("ContestForm", "ana", "/enrolments/{contestable}/contest", "evidence",
           {"cause": "by telephone", "account": "I listened."}, keeps=(*PICTURES, b"%PDF")),
    Upload("FileForm", STRANGER, "/verify/file"),
    Upload("TableForm", "ana", "/verify/many", "table"),
]  # fmt: skip


def test_every_form_that_takes_a_file_is_tried(house: House) -> None:
    def forms(of: type[Form]) -> Iterator[type[Form]]:
        for one in of.__subclasses__():
            yield one
            yield from forms(one)

    with_files = {
        one.__name__
        for one in forms(Form)
        if one.__module__.startswith("app.") and one.__module__ != "app.home.style"
        for unbound in vars(one).values()
        if getattr(unbound, "field_class", None) is FileField
    }
    assert with_files == {one.form for one in UPLOADS}


def some(number: int) -> list[tuple[str, bytes, str]]:
    """The files for one door, each with a name that it has no right to."""
    all_of_them = [
        (name, content, NAMES[n % len(NAMES)])
        for n, (name, content) in enumerate(everything().items())
    ]
    return all_of_them if WHOLE else all_of_them[number * 3 % PART :: PART]


def files_of(house: House) -> set[str]:
    folder = Path(house.app.config["SETTINGS"].files_url)
    return {
        path.parent.name + path.name
        for path in folder.rglob("*")
        if path.is_file() and not path.parent.name.startswith(".")
    }


@pytest.mark.slow(15)
@pytest.mark.measured
def test_every_door_answers_hostile_files_and_keeps_none_that_is_not_of_its_kind(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, answers = [], Counter[int]()
    for number, door in enumerate(UPLOADS):
        before = files_of(house)
        for what, content, name in some(number):
            house.rows.forget_tries()
            answer = _send(house, door, File(content, name))
            answers[answer if isinstance(answer, int) else 500] += 1
            if answer not in ANSWERS:
                wrong.append(f"{door.form}: {what} named {name!r}: {answer}")
            kept = files_of(house) - before
            its_kind = content.lstrip().startswith(door.keeps) if door.keeps else False
            if digest_of(content) in kept and not its_kind:
                wrong.append(f"{door.form}: {what} was kept as it came")
            if house.rows.changed():
                house.rows.put_back()
                if answer in {413, 422}:
                    wrong.append(f"{door.form}: {what} was refused, and moved rows")
    with capsys.disabled():
        print(f"\nhostile files at {len(UPLOADS)} doors: {dict(sorted(answers.items()))}", end=" ")
    assert wrong == []
    assert answers.total() == (len(UPLOADS) * len(everything()) if WHOLE else answers.total())
    assert answers[422] > answers.total() / 3


def _send(house: House, door: Upload, file: File) -> int | str:
    act = Act(door.form, door.who, door.url, {**door.fill, door.place: file})
    try:
        return act.do(house).status_code
    except Exception as broken:
        return f"{type(broken).__name__}: {broken}"[:300]
