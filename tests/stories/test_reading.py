"""Reading changes nothing; every act leaves its entry, and without the entry there is no act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from app import db
from app.journal.models import Entry
from app.web import csrf
from tests.stories.act import Act
from tests.stories.acts import ACTS
from tests.stories.conftest import House
from tests.stories.doors import DOORS, complete_nouns

NO_ENTRIES = {
    "sqlite": ["CREATE TRIGGER no_entries BEFORE INSERT ON journal_entries "
               "BEGIN SELECT RAISE(ABORT, 'no entries today'); END"],
    "postgresql": ["CREATE FUNCTION no_entries() RETURNS trigger LANGUAGE plpgsql AS "
                   "$$ BEGIN RAISE EXCEPTION 'no entries today'; END $$",
                   "CREATE TRIGGER no_entries BEFORE INSERT ON journal_entries "
                   "FOR EACH ROW EXECUTE FUNCTION no_entries()"],
}  # fmt: skip
ENTRIES_AGAIN = {
    "sqlite": ["DROP TRIGGER no_entries"],
    "postgresql": ["DROP TRIGGER no_entries ON journal_entries", "DROP FUNCTION no_entries()"],
}


@contextmanager
def a_journal_that_refuses(house: House) -> Iterator[None]:
    """Every entry fails, in the database itself."""
    engine = house.rows.engine

    def run(statements: list[str]) -> None:
        with engine.execution_options(writes=True).begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    run(NO_ENTRIES[engine.dialect.name])
    try:
        yield
    finally:
        run(ENTRIES_AGAIN[engine.dialect.name])


def entries(house: House) -> int:
    with house.rows.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Entry.__table__)) or 0


@pytest.mark.slow(10)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_for_heads_and_options_moves_no_row_whoever_asks(house: House, method: str) -> None:
    """By one of each kind that a door knows; GET is asked for by everybody, in the matrix."""
    ours, theirs = complete_nouns(house.app, house.ours), complete_nouns(house.app, house.theirs)
    asked, moved = 0, []
    for door in DOORS:
        if "GET" not in door.methods.split():
            continue
        house.rows.forget_tries()
        name, url, reach, _form = next(door.targets(house.app, ours, theirs))
        kinds = {door.expected(who, name, reach, "GET"): who for who in house.cookies}
        for who in kinds.values():
            answer = house.send(who, method, url, brief=True)
            asked += 1
            if answer.status_code >= 500 or house.rows.changed():
                moved.append(f"{who} {method} {url}: {answer.status_code}")
    assert moved == []
    assert asked > 350


@pytest.mark.slow(10)
def test_no_form_is_taken_without_its_token_whoever_sends_it(house: House) -> None:
    ours, theirs = complete_nouns(house.app, house.ours), complete_nouns(house.app, house.theirs)
    taken, sent = [], 0
    for door in DOORS:
        if "POST" not in door.methods.split() or not door.bears_token:
            continue
        _name, url, _reach, form = next(door.targets(house.app, ours, theirs))
        for who in house.cookies:
            answer = house.send(who, "POST", url, form, token=False, brief=True)
            sent += 1
            if answer.status_code != 400 or house.rows.changed():
                taken.append(f"{who} POST {url}: {answer.status_code}")
    assert taken == []
    assert sent > 600


def test_what_bears_no_token_of_ours_is_said_to(house: House) -> None:
    """Platforms prove themselves by a signature, and mail programs by the link they were given."""
    views, blueprints = csrf._exempt_views, csrf._exempt_blueprints
    app = house.app
    exempt = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if (view := app.view_functions[rule.endpoint])
        and (
            f"{view.__module__}.{view.__name__}" in views
            or app.blueprints.get(rule.endpoint.rpartition(".")[0]) in blueprints
        )
        and "POST" in (rule.methods or set())
    }
    assert exempt == {door.rule for door in DOORS if not door.bears_token}
    assert exempt


@pytest.mark.slow(10)
def test_every_act_leaves_an_entry_and_is_undone_when_the_entry_fails(house: House) -> None:
    before, wrong = entries(house), []
    for act in ACTS:
        house.rows.forget_tries()
        with a_journal_that_refuses(house):
            if not _fails(act, house):
                wrong.append(f"{act.name}: done although its entry failed")
            if changed := house.rows.changed():
                wrong.append(f"{act.name}: its entry failed, but it changed {sorted(changed)}")
                house.rows.put_back()
        house.rows.forget_tries()
        answer = act.do(house)
        if answer.status_code != act.answer:
            wrong.append(f"{act.name}: {answer.status_code}")
        elif entries(house) <= before:
            wrong.append(f"{act.name}: no entry; changed {sorted(house.rows.changed())}")
        house.rows.put_back()
    assert wrong == []
    assert len(ACTS) >= 25


def _fails(act: Act, house: House) -> bool:
    try:
        answer: TestResponse = act.do(house)
    except DBAPIError as refused:
        return "no entries today" in str(refused)
    return answer.status_code >= 500


def test_control_a_page_that_writes_when_it_is_read_is_noticed(house: House) -> None:
    """A view that committed on GET would be seen by the rows."""
    with house.app.app_context(), db.writing() as session:
        session.execute(text("UPDATE people SET country = 'XX' WHERE name = 'Ana Lopez'"))

    assert house.rows.changed() == {"people"}
    house.rows.put_back()
    assert house.rows.changed() == set()


def test_control_an_act_without_its_entry_is_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.accounts import models

    monkeypatch.setattr(models, "record", lambda *_args, **_facts: None)
    before, act = entries(house), next(a for a in ACTS if a.name == "changing a profile")

    assert act.do(house).status_code == 303
    assert house.rows.changed() == {"people"}
    assert entries(house) == before
    house.rows.put_back()
