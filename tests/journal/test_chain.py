"""The chain holds, and whatever is done to an entry behind its back is found."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import rfc8785
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app import db
from app.accounts.models import Person
from app.errors import Refusal
from app.journal import jobs
from app.journal.chain import START, digest, first_break
from app.journal.models import Concern, Entry, Link, record
from app.journal.queries import chain, link_new, verify
from tests.cast import NOON


@pytest.fixture
def check(stage, session):
    """`flask journal verify`: its exit code and what it says."""

    def run():
        session.commit()
        result = stage.test_cli_runner().invoke(args=["journal", "verify"])
        return result.exit_code, result.output.strip()

    return run


def test_an_untouched_journal_holds(make_entries, check):
    make_entries(7)
    make_entries(2, linked=False)

    assert check() == (0, "The chain holds: 7 links, 2 entries waiting to be linked.")


def test_an_empty_journal_holds(check):
    assert check() == (0, "The chain holds: 0 links, 0 entries waiting to be linked.")


def test_the_societies_of_an_entry_are_part_of_what_is_linked(session, ana, societies, check):
    both = [societies.eusomii, societies.siim]
    joint = record(session, "scheme.published", by=ana, at=NOON, on=ana, societies=both)
    alone = record(session, "society.changed", by=ana, at=NOON, on=ana,
                   society_id=societies.efrs.id)  # fmt: skip
    session.commit()
    jobs.link()
    assert check() == (0, "The chain holds: 2 links, 0 entries waiting to be linked.")

    for entry, act in (
        (joint, delete(Concern).where(Concern.society_id == societies.siim.id)),
        (joint, insert(Concern).values(entry_id=joint.id, society_id=societies.efrs.id)),
        (alone, insert(Concern).values(entry_id=alone.id, society_id=societies.siim.id)),
        (alone, delete(Concern).where(Concern.entry_id == alone.id)),
    ):
        session.execute(act)
        links, _waiting, broken = verify(session)
        assert (links, broken and broken.entry_id) == (2, entry.id)
        session.rollback()
    assert check()[0] == 0, "control: nothing is left of what was tried"


def test_entries_linked_before_they_could_concern_several_hold(session, ana, societies):
    """What was hashed of an entry of one society, or of none, has not changed."""
    of_one = record(session, "society.changed", by=ana, at=NOON, on=ana,
                    society_id=societies.efrs.id)  # fmt: skip
    session.commit()
    jobs.link()
    session.expire_all()
    facts = {
        name: getattr(of_one, name)
        for name in (
            "id", "act", "actor_id", "actor_name", "subject_kind", "subject_id", "subject_name",
            "society_id", "details", "origin", "route",
        )
    }  # fmt: skip
    body = rfc8785.dumps({**facts, "at": NOON.isoformat(timespec="microseconds")})

    assert of_one.link.digest == hashlib.sha256(START + body).digest()


def test_a_worker_links_what_is_new(make_entries, session, check):
    make_entries(3, linked=False)
    session.commit()
    jobs.link()

    assert check() == (0, "The chain holds: 3 links, 0 entries waiting to be linked.")


@pytest.mark.parametrize(
    "change",
    [
        {"act": "person.erased"},
        {"actor_name": "Ben Okoro"},
        {"actor_id": None},
        {"at": NOON - timedelta(seconds=1)},
        {"at": NOON + timedelta(minutes=3, microseconds=1)},
        {"subject_kind": "Mandate"},
        {"subject_id": 99},
        {"subject_name": "Ana Lopes"},
        {"details": {"number": 3}},
        {"details": {"number": 3.5, "note": "naïve 日本"}},
        {"origin": "10.0.0.1"},
        {"route": "elsewhere"},
    ],
)
def test_a_changed_entry_is_named(make_entries, session, check, change):
    entries = make_entries(6)
    session.execute(update(Entry).where(Entry.id == entries[3].id).values(**change))

    code, said = check()
    assert code == 1
    assert said == (
        f"The chain breaks at link 4 (entry {entries[3].id}): the entry is not what was linked."
    )


def test_writing_the_same_again_breaks_nothing(make_entries, session, check):
    """The control: it is the change that is found, not the touch."""
    entries = make_entries(3)
    session.execute(
        update(Entry)
        .where(Entry.id == entries[1].id)
        .values(act="person.changed", at=entries[1].at)
    )

    assert check()[0] == 0


def test_a_deleted_entry_is_named(make_entries, session, check):
    entries = make_entries(5)
    gone = entries[2].id
    session.execute(delete(Link).where(Link.entry_id == gone))
    session.execute(delete(Entry).where(Entry.id == gone))

    assert check() == (1, "The chain breaks at link 3 (no entry): link 3 is missing.")


def test_closing_the_gap_is_found(make_entries, session, check):
    entries = make_entries(5)
    session.execute(delete(Link).where(Link.position == 3))
    for position in (4, 5):
        session.execute(update(Link).where(Link.position == position).values(position=position - 1))

    code, said = check()
    assert code == 1
    assert f"link 3 (entry {entries[3].id})" in said


def test_an_inserted_entry_is_named(make_entries, session, ana, check):
    entries = make_entries(4)
    forged = record(session, "person.praised", by=ana, at=NOON, on=ana)
    session.flush()
    for position in (4, 3):
        session.execute(update(Link).where(Link.position == position).values(position=position + 1))
    before = session.get_one(Link, 2).digest
    session.add(Link(position=3, entry_id=forged.id, digest=b"x" * 32))
    assert before

    code, said = check()
    assert code == 1
    assert f"link 3 (entry {forged.id})" in said
    assert entries


def test_two_exchanged_entries_are_found(make_entries, session, check):
    make_entries(4)
    for position, place in ((2, 90), (3, 2), (90, 3)):
        session.execute(update(Link).where(Link.position == position).values(position=place))

    assert "breaks at link 2" in check()[1]


def test_a_forger_who_links_anew_changes_every_digest_after(make_entries, session):
    """The last digest, noted elsewhere, shows a journal that was rewritten from its middle on."""
    entries = make_entries(5)
    noted = session.get_one(Link, 5).digest
    session.execute(update(Entry).where(Entry.id == entries[1].id).values(act="person.erased"))
    session.execute(delete(Link))
    session.commit()
    jobs.link()
    session.expire_all()

    assert verify(session)[2] is None
    assert session.get_one(Link, 5).digest != noted


def test_entries_are_linked_in_order_each_over_the_one_before(make_entries, session):
    make_entries(3)
    rows = list(chain(session))

    previous = START
    for row in rows:
        assert row.entry is not None
        assert row.digest == digest(previous, row.entry)
        previous = row.digest
    assert first_break(rows) is None
    assert first_break(rows[1:], start=rows[0].digest, position=2) is None


def test_an_entry_is_undone_with_its_act(session, ana):
    session.commit()

    def act_and_fail():
        with db.writing() as own:
            record(own, "person.changed", by=None, at=NOON, on=own.merge(ana))
            raise Refusal("no")

    with pytest.raises(Refusal):
        act_and_fail()

    assert session.scalar(select(func.count()).select_from(Entry)) == 0


# ------------------------------------------------------------------ two workers


def at_once(stage, work, times):
    together = threading.Barrier(times)

    def once(number):
        with stage.app_context():
            together.wait(timeout=30)
            return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(once, range(times)))


def test_workers_that_link_at_once_never_fork_the_chain(make_entries, session, stage, ana):
    make_entries(5)
    anas = ana.id
    session.commit()

    def act_and_link(number):
        for n in range(4):
            with db.writing() as own:
                she = own.get_one(Person, anas)
                record(own, "person.changed", by=she, at=NOON, on=she, worker=number, n=n)
            jobs.link()

    at_once(stage, act_and_link, 4)
    jobs.link()
    session.expire_all()

    links, waiting, broken = verify(session)
    assert (links, waiting, broken) == (21, 0, None)


def test_a_second_worker_cannot_take_the_same_place(make_entries, session, stage):
    """The control: two that read the same end of the chain; the key lets one of them through."""
    make_entries(3, linked=False)
    session.commit()
    read = threading.Barrier(2)

    def link(_number):
        with db.reading() as own:
            ids = list(own.scalars(select(Entry.id).order_by(Entry.id)))
        read.wait(timeout=30)
        try:
            with db.writing() as own:
                own.add(Link(position=1, entry_id=ids[0], digest=b"1" * 32))
        except IntegrityError:
            return "too late"
        return "linked"

    assert sorted(at_once(stage, link, 2)) == ["linked", "too late"]


def test_linking_stops_at_its_limit_and_goes_on_later(make_entries, session):
    make_entries(5, linked=False)
    db.will_write(session)

    assert link_new(session, limit=3) == 3
    session.flush()
    assert link_new(session, limit=3) == 2
    session.flush()
    assert link_new(session) == 0
    assert verify(session) == (5, 0, None)
