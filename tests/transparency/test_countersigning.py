"""Societies sign what provably continues what they signed before, and refuse anything else."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import event, select

from app.clock import now
from app.credentials.withholding import withdraw
from app.errors import Refusal
from app.journal.models import Entry
from app.outbox.models import Message
from app.signing_keys.making import make_local
from app.signing_keys.models import Purpose
from app.signing_keys.signing import private
from app.transparency import heads, jobs, mailing, notes, proofs, queries, tree
from app.transparency.models import Countersignature, Leaf, Mailing, Node
from tests.cast import NOON, in_error


@pytest.fixture
def grow(session, diplomas, log, erik, societies):
    """Let something happen, and sign the log over it."""

    def make(number=0):
        withdraw(session, diplomas[number], in_error(erik, societies.eusomii))
        return log()

    return make


def rewrite(session, position=5):
    """What somebody does who alters an entry and everything that follows from it."""
    leaf = session.get_one(Leaf, position)
    leaf.content = leaf.content.replace("20", "19", 1)
    leaf.hash = tree.leaf_hash(leaf.content.encode())
    hashes = session.scalars(select(Leaf.hash).order_by(Leaf.position)).all()
    session.query(Node).delete()
    for (level, number), digest in tree.grown(0, hashes, {}):
        session.add(Node(level=level, number=number, hash=digest))
    session.commit()


def test_officers_are_told_what_one_click_does_not_protect_from(browser, erik, head):
    page = browser.sign_in(erik).visit("/desk/log")
    assert "whoever runs the platform could sign in your society's name" in page.text
    assert page.links.count(f"/desk/log/{head.size}/signature") == 2


def test_the_desk_names_the_society_whose_countersignature_is_due(
    session, browser, erik, head, societies, grow
):
    due = "The countersignature of EuSoMII under the log is due"
    assert due in browser.sign_in(erik).visit("/desk").text

    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    session.commit()
    assert due not in browser.visit("/desk").text
    assert grow().size > head.size
    assert due not in browser.visit("/desk").text

    one = session.scalars(select(Countersignature)).one()
    one.signed_at -= timedelta(days=8)
    session.commit()
    assert due in browser.visit("/desk").text


def test_an_officer_countersigns_with_one_click(session, browser, erik, head, societies):
    page = browser.sign_in(erik).visit("/desk/log")
    assert "The signature of EuSoMII is awaited" in page.text
    browser.submit()

    assert "EuSoMII has countersigned the log as it stands" in browser.visit("/desk/log").text
    one = session.scalars(select(Countersignature)).one()
    assert (one.society_id, one.by_id) == (societies.eusomii.id, erik.id)
    assert heads.holds(one.head, one)
    read = notes.read(notes.note_of(one.head))
    name = notes.signer_of(one.head.origin, "eusomii", one.key.name)
    assert proofs.countersigned_at(read, name, one.key.public_key) == one.signed_at
    assert session.scalars(select(Entry).where(Entry.act == "log.countersigned")).one()


def test_the_countersignature_stands_in_the_proof_of_a_diploma(
    session, browser, erik, head, diplomas
):
    browser.sign_in(erik).visit("/desk/log")
    browser.submit()
    answer = browser.visit(f"/log/proof/{diplomas[0].serial}").response
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    proof = json.loads(answer.get_data())

    assert [one["society"] for one in proof["countersignatures"]] == ["eusomii"]
    key = head.key.public_key
    own = proof["countersignatures"][0]["public_key"]
    assert proofs.check(proof, log_key=key, file_digest=None) == []
    assert proofs.check(proof, log_key=key, file_digest=None, society_keys={"eusomii": own}) == []
    said = ["The countersignature of European Society of Medical Imaging Informatics "
            "does not hold."]  # fmt: skip
    for other in ({}, {"eusomii": key}):
        assert proofs.check(proof, log_key=key, file_digest=None, society_keys=other) == said


def test_a_later_head_that_continues_is_countersigned_too(session, head, grow, erik, societies):
    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    later = grow()
    heads.countersign(session, later, societies.eusomii, by=erik, at=now())

    assert queries.last_countersigned(session, societies.eusomii.id).head_size == later.size


def test_a_log_that_was_rewritten_is_refused_and_everybody_in_office_hears_of_it(
    session, browser, head, grow, erik, susan, pia, otto, societies
):
    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    later = grow()
    rewrite(session)
    later.root = queries.root(session, later.size)
    later.signature = private(later.key).sign(notes.text_of(later).encode())
    session.commit()

    page = browser.sign_in(erik).visit("/desk/log")
    page = browser.submit(status=409)

    assert "does not continue" in page.text
    assert session.scalars(select(Countersignature)).one().head_size == head.size
    alarmed = select(Message.person_id).where(Message.kind == "transparency/alarm")
    assert set(session.scalars(alarmed)) == {erik.id, susan.id, pia.id, otto.id}
    assert session.scalars(select(Entry).where(Entry.act == "log.refused")).one()


def test_who_signs_on_a_page_of_yesterday_is_told_so_and_nobody_is_alarmed(
    session, browser, head, grow, erik, societies
):
    browser.sign_in(erik).visit("/desk/log")
    later = grow()
    heads.countersign(session, later, societies.eusomii, by=erik, at=now())
    session.commit()
    assert "countersigned a later head already" in browser.submit(status=409).text
    assert session.scalars(select(Message).where(Message.kind == "transparency/alarm")).all() == []
    assert session.scalars(select(Entry).where(Entry.act == "log.refused")).all() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda head: setattr(head, "root", bytes(32)),
        lambda head: setattr(head, "at", head.at + timedelta(seconds=1)),
        lambda head: setattr(head, "signature", head.signature[::-1]),
    ],
)
def test_what_a_society_signed_must_still_be_there_as_it_was(
    session, head, grow, erik, societies, change
):
    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    later = grow()
    assert heads.against(session, later, societies.eusomii) == []
    change(head)
    session.flush()
    assert heads.against(session, head, societies.siim) != []
    is_only_ours = head.at == queries.last_countersigned(session, societies.eusomii.id).head.at
    if bytes(32) == head.root or not is_only_ours:
        assert heads.against(session, later, societies.eusomii) != []


def test_nobody_goes_back_to_an_earlier_head(session, head, grow, erik, societies):
    later = grow()
    heads.countersign(session, later, societies.eusomii, by=erik, at=now())

    with pytest.raises(Refusal, match="later head"):
        heads.countersign(session, head, societies.eusomii, by=erik, at=now())


def test_a_society_signs_a_head_once(session, head, erik, societies):
    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    with pytest.raises(Refusal, match="already"):
        heads.countersign(session, head, societies.eusomii, by=erik, at=now())


def test_a_society_without_a_key_is_told_so(session, head, erik, societies, make_society):
    with pytest.raises(Refusal, match="no key in force"):
        heads.countersign(session, head, make_society(), by=erik, at=now())


@pytest.fixture
def make_society(session):
    from app.societies.models import Society

    def make():
        one = Society(code="new", short="New", name="A new one", country="AT", colour="#333333")
        session.add(one)
        session.flush()
        return one

    return make


def test_a_society_that_keeps_its_key_signs_elsewhere_and_hands_the_signature_in(
    session, browser, head, erik, societies
):
    key = make_local(session, purpose=Purpose.SEAL, society=societies.eusomii, by=None, at=NOON)
    elsewhere = private(key)
    session.commit()
    browser.sign_in(erik)
    text = browser.visit(f"/desk/log/{head.size}/text").response.get_data()
    signature = elsewhere.sign(text, ec.ECDSA(SHA256()))
    other = elsewhere.sign(text + b"x", ec.ECDSA(SHA256()))

    page = f"/desk/log/{head.size}/signature"
    browser.visit(page)
    assert "not a signature by a key" in browser.submit(file=(other, "x.sig"), status=422).text
    browser.visit(page)
    browser.submit(file=(b"", "x.sig"), status=422)
    browser.visit(page)
    browser.submit(file=(b64encode(signature), "x.sig"))

    one = session.scalars(select(Countersignature)).one()
    assert one.key_id == key.id
    assert heads.holds(head, one)


def test_an_officer_signs_for_no_other_society(session, browser, head, erik, societies):
    browser.sign_in(erik).visit("/desk/log")
    browser.post(f"/desk/log/{head.size}/countersignature",
                 {"society": societies.siim.id}, status=404)  # fmt: skip
    assert session.scalars(select(Countersignature)).all() == []


def test_officers_are_mailed_the_head_weekly_with_the_proof_that_it_continues(
    session, head, grow, erik, susan, otto
):
    at, note, size = now(), notes.note_of(head), head.size
    session.commit()
    for moment in (at, at, at + timedelta(days=6)):
        jobs.mail_at(moment)
    mailed = select(Message).where(Message.kind == "transparency/head").order_by(Message.id)
    first = session.scalars(mailed).all()
    assert sorted(m.person_id for m in first) == [erik.id, susan.id]
    assert note in first[0].plain
    assert [one["name"] for one in first[0].attachments] == [f"head-{size}.txt"]

    later = grow().size
    session.commit()
    jobs.mail_at(at + timedelta(days=7, minutes=1))

    second = session.scalars(mailed).all()[len(first) :]
    assert sorted(m.person_id for m in second) == [erik.id, susan.id]
    told = json.loads(second[0].attachments[1]["text"])
    old, new = notes.read(told["from"]["head"]), notes.read(told["to"]["head"])
    path = [bytes.fromhex(step) for step in told["path"]]
    assert (old.size, new.size) == (size, later)
    assert tree.continues(old.size, old.root, new.size, new.root, path)
    assert len(session.scalars(select(Mailing)).all()) == 2 * 3


def test_of_all_that_was_mailed_only_the_latest_is_looked_at(session, head, societies):
    for days in range(5):
        at = now() - timedelta(days=days)
        for society in (societies.eusomii, societies.siim):
            session.add(Mailing(society_id=society.id, on=at.date(), head_size=head.size, at=at))
    session.commit()
    session.expunge_all()
    read = []
    event.listen(Mailing, "load", lambda one, _context: read.append(one.society_id))
    due = mailing.due(session, queries.latest(session), at=now())
    assert sorted(read) == sorted([societies.eusomii.id, societies.siim.id])
    assert [one.society.short for one in due] == ["EFRS"]


def test_after_a_batch_the_next_head_is_mailed_the_next_day(session, head, grow, erik, monkeypatch):
    at = now()
    session.commit()
    jobs.mail_at(at)

    def due(hours):
        latest = queries.latest(session)
        return {d.society.short for d in mailing.due(session, latest, at=at + timedelta(0, hours))}

    a_day = 86_500
    assert due(2 * a_day) == set()
    grow()
    assert due(2 * a_day) == set()
    monkeypatch.setattr(mailing, "BATCH", 1)
    assert due(7200) == set()
    assert due(a_day) == {"EuSoMII", "SIIM", "EFRS"}
