"""Every act is an entry, once, in order; heads are signed over all of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app import db
from app.clock import now
from app.credentials.withholding import withdraw
from app.files import digest_of, files
from app.journal import jobs as journal
from app.journal.models import Entry
from app.signing_keys.signing import verify
from app.transparency import gathering, heads, jobs, notes, proofs, queries, tree, verifying
from app.transparency.leaves import Told, name_of
from app.transparency.models import Head, Leaf, Node
from tests.cast import NOON, in_error


def contents(session):
    return [json.loads(t) for t in session.scalars(select(Leaf.content).order_by(Leaf.position))]


def test_a_finished_diploma_is_entered_with_its_file_and_its_societies(session, diplomas, head):
    told = [one for one in contents(session) if one["act"] == "issued"]

    assert [one["serial"] for one in told] == [name_of(one.serial) for one in diplomas]
    assert [one["file"] for one in told] == [one.file_digest for one in diplomas]
    assert told[0]["societies"] == ["eusomii", "siim"]
    assert told[0]["issued_on"] == diplomas[0].issued_on.isoformat()


def test_an_unfinished_one_is_not_entered(session, diplomas, log):
    diplomas[1].file_digest = None
    session.commit()

    log()

    assert [one["serial"] for one in contents(session) if one["act"] == "issued"] == [
        name_of(diplomas[0].serial)
    ]


def test_the_log_names_nobody_and_no_serial(session, diplomas, head):
    whole = " ".join(session.scalars(select(Leaf.content)))

    for diploma in diplomas:
        assert diploma.serial not in whole
        for word in diploma.holder_name.split():
            assert word not in whole


def test_a_withdrawal_is_entered_after_it(session, diplomas, log, erik, societies):
    log()
    withdraw(session, diplomas[0], in_error(erik, societies.eusomii))
    session.commit()

    log()

    assert contents(session)[-1]["act"] == "withdrawn"
    told = next(one for one in contents(session) if one["act"] == "withdrawn")
    assert (told["society"], told["serial"]) == ("eusomii", name_of(diplomas[0].serial))
    assert "error" not in json.dumps(told)


def test_keys_stand_in_the_log_before_what_they_sign(session, head):
    acts = [one["act"] for one in contents(session)]

    assert acts.count("key in force") == 5
    assert acts.index("key in force") < acts.index("issued")
    owners = [one["owner"] for one in contents(session) if one["act"] == "key in force"]
    assert {"platform": ""} in owners
    assert {"society": "siim"} in owners


def test_the_journal_s_latest_link_is_entered(session, head):
    told = [one for one in contents(session) if one["act"] == "journal"]
    assert len(told) == 1
    assert told[0]["position"] > 0


def test_taken_in_again_nothing_is_entered_twice(session, head):
    before = queries.size_of(session)
    session.rollback()

    for _ in range(3):
        jobs.take_in()

    assert queries.size_of(session) == before
    positions = session.scalars(select(Leaf.position).order_by(Leaf.position)).all()
    assert positions == list(range(before))


def test_of_two_workers_one_enters_and_the_log_keeps_no_gap(session, diplomas):
    """The second has read the same end of the log; its entries find their places taken."""
    with db.writing() as first:
        gathering.take_in(first, at=now())
    told = [Told("issued/1", NOON, {"act": "issued"}, b"salt")]
    with pytest.raises(Exception, match=r"(?i)unique"), db.writing() as second:
        gathering.append(second, told)

    positions = session.scalars(select(Leaf.position).order_by(Leaf.position)).all()
    assert positions == list(range(len(positions)))
    assert list(verifying.verify_all(session)) == []


def test_a_head_is_signed_over_every_entry(session, head):
    hashes = session.scalars(select(Leaf.hash).order_by(Leaf.position)).all()
    known = {(0, n): digest for n, digest in enumerate(hashes)} | dict(tree.grown(0, hashes, {}))

    assert head.size == len(hashes)
    assert head.root == tree.root(head.size, lambda level, index: known[level, index])
    assert verify(head.key, notes.text_of(head).encode(), head.signature)
    assert session.scalars(select(Entry.act).where(Entry.act == "log.signed")).all()


def test_a_head_is_not_signed_anew_before_it_has_stood_for_a_while(
    session, head, erik, diplomas, societies
):
    withdraw(session, diplomas[0], in_error(erik, societies.eusomii))
    head_at = head.at
    session.commit()
    jobs.take_in()

    jobs.sign_at(head_at + heads.EVERY - timedelta(seconds=1))
    assert session.scalar(select(func.count()).select_from(Head)) == 1
    session.rollback()
    jobs.sign_at(head_at + heads.EVERY)
    assert session.scalar(select(func.count()).select_from(Head)) == 2


def test_a_log_that_does_not_continue_is_not_signed_again(session, head, log, caplog):
    leaf = session.get_one(Leaf, 0)
    leaf.content = leaf.content.replace("key", "kex")
    leaf.hash = tree.leaf_hash(leaf.content.encode())
    _grow_anew(session)
    session.commit()

    with pytest.raises(AssertionError):
        assert log().size > head.size
    jobs.take_in()

    assert session.scalar(select(func.count()).select_from(Head)) == 1


def _grow_anew(session):
    """What somebody does who rewrites the log and all that follows from it."""
    hashes = session.scalars(select(Leaf.hash).order_by(Leaf.position)).all()
    session.query(Node).delete()
    for (level, number), digest in tree.grown(0, hashes, {}):
        session.add(Node(level=level, number=number, hash=digest))


def test_a_day_without_any_act_has_its_entry_and_its_head(session, head):
    tomorrow = now() + timedelta(days=1)
    journal.link()  # signing the head was an act of its own
    with db.writing() as other:
        assert gathering.take_in(other, at=tomorrow) == 1
    jobs.sign_at(tomorrow)

    session.expire_all()
    assert queries.latest(session).size == head.size + 1


def test_the_proof_of_a_diploma_holds_without_the_platform(session, diplomas, head):
    proof = json.loads(json.dumps(queries.inclusion(session, diplomas[0])))
    key = head.key.public_key

    digest = digest_of(files.read(diplomas[0].file_digest))
    assert proofs.check(proof, log_key=key, file_digest=digest) == []
    assert proofs.check(proof, log_key=key, file_digest=None) == []
    assert [act["act"] for act in proofs.acts(proof)] == ["issued"]


def test_a_proof_tells_of_the_withdrawal_as_well(session, diplomas, log, erik, societies):
    log()
    withdraw(session, diplomas[0], in_error(erik, societies.eusomii))
    session.commit()
    head = log()

    proof = queries.inclusion(session, diplomas[0])

    assert [act["act"] for act in proofs.acts(proof)] == ["issued", "withdrawn"]
    assert proofs.check(proof, log_key=head.key.public_key, file_digest=None) == []


def _forged(proof, change):
    forged = json.loads(json.dumps(proof))
    change(forged)
    return forged


def test_a_proof_that_was_touched_anywhere_does_not_hold(session, diplomas, head):
    proof, other = (queries.inclusion(session, one) for one in diplomas)
    key, leaf = head.key.public_key, proof["leaves"][0]

    def refused(change, digest=diplomas[0].file_digest, log_key=key):
        return proofs.check(_forged(proof, change), log_key=log_key, file_digest=digest)

    def touch(p, name, value):
        p["leaves"][0][name] = value

    assert refused(lambda p: None) == []
    assert refused(lambda p: None, digest="0" * 64) == ["The log names another file than this one."]
    wrong_file = leaf["content"].replace(diplomas[0].file_digest, "0" * 64)
    assert refused(lambda p: touch(p, "content", wrong_file), digest="0" * 64) != []
    assert refused(lambda p: touch(p, "position", leaf["position"] + 1)) != []
    assert refused(lambda p: touch(p, "path", leaf["path"][:-1])) != []
    assert refused(lambda p: p.update(serial=diplomas[1].serial)) != []
    assert refused(lambda p: p.update(leaves=other["leaves"])) != []
    assert refused(lambda p: p.update(leaves=[])) != []
    assert refused(lambda p: p.update(head=p["head"].replace(f"\n{head.size}\n", "\n999\n"))) != []
    assert refused(lambda p: p.update(head="nonsense")) != []
    assert refused(lambda p: p.pop("head")) != []
    assert proofs.check("no proof", log_key=key, file_digest=None) != []
    stranger = session.scalars(select(Leaf)).first() and _another_key(session)
    assert refused(lambda p: None, log_key=stranger) == [
        "The head of the log is not signed with the key of the log."
    ]
    assert refused(lambda p: None, log_key=[stranger, key]) == []


def _another_key(session):
    from app.signing_keys.models import Purpose, SigningKey

    found = select(SigningKey.public_key).where(SigningKey.purpose == Purpose.PROOF)
    return session.scalars(found).first()


def test_a_head_reads_back_as_it_was_written(head):
    read = notes.read(notes.note_of(head))

    assert (read.origin, read.size, read.root, read.at) == (
        head.origin, head.size, head.root, head.at,
    )  # fmt: skip
    assert proofs.log_signed(read, head.key.public_key)
    for wrong in ("", "a\n1\nAA==\nat x\n\n", "a\n01\nAA==\nat 2026-01-01T00:00:00Z\n\n",
                  "a\n1\n!\nat 2026-01-01T00:00:00Z\n\n", "a\n1\nAA==\n\n",
                  "x" * 200_000):  # fmt: skip
        with pytest.raises(notes.Unreadable):
            notes.read(wrong)


def test_while_the_journal_stands_still_nothing_is_looked_for(
    session, diplomas, log, erik, societies
):
    """What was ever issued is not gone through at every look, only after another act."""
    log()
    at, asked = now(), []
    assert not gathering.is_any_new(session, at=at)
    event.listen(session, "do_orm_execute", asked.append)
    assert not gathering.is_any_new(session, at=at + timedelta(minutes=5))
    assert len(asked) <= 3

    withdraw(session, diplomas[0], in_error(erik, societies.eusomii))
    session.commit()
    journal.link()
    assert gathering.is_any_new(session, at=at + timedelta(minutes=6))


def test_the_holder_is_offered_a_proof_only_once_there_is_one(browser, diplomas, log):
    at = f"/my/certificates/{diplomas[0].serial}"
    page = browser.sign_in(diplomas[0].person).visit(at)
    assert "entered in the transparency log within minutes" in page.text
    assert not [one for one in page.links if "proof" in one]

    log()
    page = browser.visit(at)
    (proof,) = [one for one in page.links if "proof" in one]
    assert browser.visit(proof).response.json["serial"] == diplomas[0].serial
