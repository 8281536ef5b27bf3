"""Everybody at every door with every record: who is let in, who is not, and nothing moves for them.

The table in `doors.py` is the contract; a new address without a line in it fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import abort
from werkzeug.test import TestResponse

from app import access, db
from app.agenda.models import Activity
from app.outbox import views as outbox_views
from app.societies.models import Society
from tests.stories.conftest import STRANGER, House
from tests.stories.door import EVERYONE, PIA, Door
from tests.stories.doors import DOORS, complete_nouns

PASSING = re.compile(
    rb'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"|nonce="[^"]*"'
)
"""What differs from one answer to the next whatever was asked for."""


ONE_OF_EACH = frozenset({"ana", "eva", "sam", "erik", "otto", "pia"})
"""A learner and one of each office."""


@dataclass(frozen=True)
class Cell:
    """One person at one door."""

    who: str
    method: str
    url: str
    target: str
    expected: int | str
    found: int | str
    changed: frozenset[str]
    door: Door

    @property
    def is_wrong(self) -> bool:
        """Reading moves nothing, whoever reads; a form moves something only for whom it is."""
        may_move = self.expected == "in" and self.method == "POST"
        return self.found != self.expected or bool(self.changed and not may_move)

    def __str__(self) -> str:
        moved = f", and changed {', '.join(sorted(self.changed))}" if self.changed else ""
        asked = f"{self.who} {self.method} {self.url} ({self.target})"
        return f"{asked}: {self.found}, not {self.expected}{moved}"


def outcome(answer: TestResponse) -> int | str:
    """What an answer says about whether somebody was let in."""
    status, location = answer.status_code, answer.headers.get("Location", "")
    if status in {302, 303}:
        if location.startswith("/sign-in"):
            return "sign in"
        return "led to enrol" if re.fullmatch(r"/agenda/\d+", location) else "in"
    return "in" if status < 400 or status in {409, 422} else status


def walk(house: House, doors: list[Door], only: str = "") -> Iterator[Cell]:
    """Send everybody to every door; whatever somebody who is let in does is put back."""
    ours, theirs = complete_nouns(house.app, house.ours), complete_nouns(house.app, house.theirs)
    for door in doors:
        for method in door.methods.split():
            if only not in {"", method}:
                continue
            for target, url, reach, form in door.targets(house.app, ours, theirs):
                for n, who in enumerate(house.cookies):
                    if n % 7 == 0:
                        house.rows.forget_tries()
                    expected = door.expected(who, target, reach, method)
                    sent = {k: str(v).replace("{who}", who) for k, v in form.items()}
                    found = _found(house, who, method, url, sent, brief=expected in {403, 404})
                    changed = frozenset(house.rows.changed())
                    if changed:
                        house.rows.put_back()
                    yield Cell(who, method, url, target, expected, found, changed, door)


def _found(house: House, *asked: Any, brief: bool) -> int | str:
    """What somebody finds; a view that breaks is told of like any other answer."""
    try:
        return outcome(house.send(*asked, brief=brief))
    except Exception as broken:
        return f"{type(broken).__name__}: {broken}"[:200]


def test_the_table_names_every_address_of_the_house(house: House) -> None:
    rules = {
        (method, rule.rule)
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules == set().union(*(door.keys for door in DOORS))


@pytest.mark.slow(45)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_finds_at_every_door_what_the_table_says_and_no_denial_moves_a_row(
    house: House, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = list(walk(house, DOORS, method))

    with capsys.disabled():
        told = Counter(str(cell.expected) for cell in cells)
        print(f"\nmatrix of {method}: {len(cells)} cells, {dict(told)}", end=" ")
    assert [str(cell) for cell in cells if cell.is_wrong] == []
    assert {cell.who for cell in cells} == set(house.cookies)


def test_a_stranger_cannot_tell_a_record_of_others_from_one_that_is_not_there(house: House) -> None:
    ours, theirs = complete_nouns(house.app, house.ours), complete_nouns(house.app, house.theirs)
    compared, different = 0, []
    for door in DOORS:
        if STRANGER in door.ours or not door.nouns:
            continue
        for method in door.methods.split():
            answers = {}
            for target, url, _reach, form in door.targets(house.app, ours, theirs):
                answer = house.send(STRANGER, method, url, form)
                answers[target] = (answer.status_code, _without(url, answer))
            different += [f"{method} {door.rule}"] if len(set(answers.values())) > 1 else []
            compared += len(answers)
    assert different == []
    assert compared > 150


@pytest.mark.slow(20)
def test_whoever_is_signed_in_cannot_tell_them_apart_either(house: House) -> None:
    ours, theirs = complete_nouns(house.app, house.ours), complete_nouns(house.app, house.theirs)
    different = []
    for door in DOORS:
        for method in door.methods.split():
            found = {t: (url, form) for t, url, _r, form in door.targets(house.app, ours, theirs)}
            if door.beyond != door.nothing or "none" not in found:
                continue
            for who in sorted(ONE_OF_EACH & door.audience - door.theirs - door.refused[1]):
                answers = {
                    (answer.status_code, _without(url, answer))
                    for url, form in (found["theirs"], found["none"])
                    for answer in [house.send(who, method, url, form)]
                }
                different += [f"{who} {method} {door.rule}"] if len(answers) > 1 else []
    assert different == []


def _without(url: str, answer: TestResponse) -> bytes:
    """The answer, headers and all, without the address that was asked for and without tokens."""
    headers = "\n".join(
        f"{k}: {v}" for k, v in answer.headers if k not in {"Content-Length", "Set-Cookie"}
    )
    whole = headers.encode() + PASSING.sub(b"", answer.data)
    whole = re.sub(rb"'nonce-[^']*'", b"", whole)
    for spelt in (url, url.replace("/", "%2F")):
        whole = whole.replace(spelt.encode(), b"(asked)")
    return whole


def test_an_id_inside_a_form_opens_nothing_that_an_address_would_not(house: House) -> None:
    """The other side's learner, candidate and society, named in a form of one's own."""
    ours, theirs = house.ours, house.theirs
    presence = f"/desk/activities/{ours['webinar']}/presence/{ours['participant']}"
    edition = f"/desk/awards/editions/{ours['edition']}"
    approvals = f"/desk/awards/{ours['frozen list']}/approvals"
    webinar = {
        "title": "A plan",
        "on": "2027-03-01",
        "start": "18:00",
        "minutes": "60",
        "zone": "UTC",
    }
    seen = {"digest": ours["frozen digest"]}
    leads = [{"lead": str(theirs["society_id"])}, {"lead": "999999"}]
    sent: list[tuple[str, str, dict[str, Any], set[int]]] = [
        ("eva", presence, {"decision": "match", "enrolment": str(theirs["place"])}, {404}),
        ("eva", presence, {"decision": "match", "enrolment": str(ours["enrolment"])}, {404}),
        ("erik", edition, {"title": "List", "candidacies": str(theirs["waiting"])}, {422}),
        ("erik", approvals, {**seen, "society": "efrs"}, {404}),
        ("erik", approvals, {**seen, "society": "siim"}, {409}),
        *(("eva", "/desk/activities/new/webinar", webinar | lead, {422}) for lead in leads),
        *(
            ("eva", f"/desk/activities/{ours['draft']}/plan", webinar | lead, {422})
            for lead in leads
        ),
    ]
    wrong = []
    for who, url, form, expected in sent:
        answer = house.send(who, "POST", url, form)
        if answer.status_code not in expected or house.rows.changed():
            wrong.append(f"{who} {url} {form}: {answer.status_code}, not {expected}")
    assert wrong == []


# ------------------------------------------------------------------ controls


def at(*rules: str) -> list[Door]:
    return [door for door in DOORS if door.rule in rules]


def test_control_an_open_gate_is_noticed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    doors = at("/outbox", "/desk/societies")
    assert not any(cell.is_wrong for cell in walk(house, doors))

    monkeypatch.setattr(access, "admits", lambda _audience: True)

    wrong = {(cell.who, cell.door.rule) for cell in walk(house, doors) if cell.is_wrong}
    assert wrong == {(who, door.rule) for door in doors for who in EVERYONE - PIA}


def test_control_a_reach_without_its_condition_is_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors = at(
        "/desk/activities/<int:id>/participants", "/desk/activities/<int:id>/participants.csv"
    )
    assert not any(cell.is_wrong for cell in walk(house, doors))

    monkeypatch.setattr(Activity, "organised_by", lambda _societies: Activity.whole())

    wrong = {(cell.who, cell.target) for cell in walk(house, doors) if cell.is_wrong}
    assert wrong == {("zoe", "ours"), ("eva", "theirs"), ("sam", "theirs")}


def test_control_a_denial_that_leaves_something_behind_is_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_and_write(_select: Any) -> Any:
        db.breathe(db.db.session)
        with db.writing() as session:
            session.add(
                Society(code="left", short="LEFT", name="Left", country="AT", colour="#000000")
            )
        abort(404)

    monkeypatch.setattr(outbox_views, "one_or_404", refuse_and_write)

    wrong = [cell for cell in walk(house, at("/outbox/<int:id>")) if cell.is_wrong]
    assert {cell.who for cell in wrong} == {"pia"}
    assert {"societies"} == set().union(*(cell.changed for cell in wrong))
