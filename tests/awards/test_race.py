"""Two officers who press at the same moment release the list exactly once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import db
from app.accounts.models import Person
from app.awards import release
from app.awards.models import Approval, AwardList, Release
from app.awards.release import approve
from app.errors import Refusal
from app.journal.models import Entry
from app.societies.models import Office, Society
from tests.cast import NOON

pytestmark = pytest.mark.race


def at_once(app: Flask, *acts: Callable[[Session, Barrier], Any]) -> list[Any]:
    """Do these acts at the same moment, each in a transaction and a thread of its own."""
    start, window = Barrier(len(acts), timeout=30), Barrier(len(acts), timeout=30)

    def run(act: Callable[[Session, Barrier], Any]) -> Any:
        with app.app_context():
            start.wait()
            try:
                with db.writing() as session:
                    return act(session, window)
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def key(list_id: int, society: int, person: int, seen: str, *, is_held: bool = False) -> Any:
    def turn(session: Session, window: Barrier) -> bool:
        award_list = session.get_one(AwardList, list_id)
        found = approve(session, award_list, session.get_one(Society, society),
                        seen=seen, by=session.get_one(Person, person), at=NOON)  # fmt: skip
        if is_held:
            window.wait()  # neither commits before both have decided
        return found is not None

    return turn


def count(session: Session, what: Any, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(what).where(*where)) or 0


@pytest.fixture
def keys(session, frozen_list, societies, erik, susan):
    session.commit()
    facts = (frozen_list.id, frozen_list.digest)
    return lambda **how: [
        key(facts[0], societies.eusomii.id, erik.id, facts[1], **how),
        key(facts[0], societies.siim.id, susan.id, facts[1], **how),
    ]


def test_two_keys_at_once_release_exactly_once(stage, session, keys):
    outcomes = at_once(stage, *keys())

    assert sorted(outcomes) == [False, True]
    assert count(session, Release) == 1
    assert count(session, Approval) == 2
    assert count(session, Entry, Entry.act == "award_list.released") == 1


def test_without_the_lock_both_keys_turn_and_nothing_is_released(stage, session, keys, monkeypatch):
    """The control. On SQLite writers queue at their beginning, so there the lock is not needed."""
    monkeypatch.setattr(release, "lock", lambda *_: None)
    queues = db.db.engine.dialect.name == "sqlite"

    outcomes = at_once(stage, *keys(is_held=not queues))

    assert sorted(outcomes) == ([False, True] if queues else [False, False])
    assert count(session, Approval) == 2
    assert count(session, Release) == (1 if queues else 0)


def test_the_same_key_twice_at_once_is_one_approval(
    stage, session, frozen_list, societies, erik, make_person, give_mandate
):
    other = make_person("Emma Berg")
    give_mandate(other, Office.EDUCATION_OFFICER, societies.eusomii)
    session.commit()

    facts = (frozen_list.id, societies.eusomii.id)
    mine = key(*facts, erik.id, frozen_list.digest)
    hers = key(*facts, other.id, frozen_list.digest)
    outcomes = at_once(stage, mine, mine, hers)

    assert count(session, Release) == 0
    assert count(session, Approval) == 1
    refused = [str(o) for o in outcomes if isinstance(o, Refusal)]
    assert set(refused) <= {"EuSoMII has approved this list already."}
    assert 1 <= len(refused) <= 2
