"""A diploma gets its one file: proved, set, sealed by everybody, stamped, or visibly waiting."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
import time_machine
from sqlalchemy import select

from app import db, jobs
from app.clock import now
from app.credentials import typesetting
from app.credentials.models import Revocation
from app.errors import Refusal
from app.files import Missing, digest_of, files
from app.hardware import OutOfReach
from app.journal.models import Entry
from app.open_badges.models import OpenBadge
from app.outbox.models import Message
from app.sealing import authority, pipeline, timestamps
from app.sealing import jobs as sealing
from app.sealing.gathering import gather
from app.sealing.jobs import typeset
from app.sealing.models import DocumentTimestamp, Seal, SigningRequest, Unfinished
from app.sealing.queries import awaited
from app.sealing.waiting import answer, releasable
from app.sealing.writing_down import GRACE
from app.signing_keys.life import report, retire
from app.signing_keys.making import make_with_proof
from app.signing_keys.models import Purpose
from app.signing_keys.queries import in_force
from app.signing_keys.signing import signer
from tests.sealing.conftest import document, roots, seals
from tests.sealing.keys import seal_key
from tests.sealing.papers import pdfsig, pyhanko

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture(autouse=True)
def nothing_is_quiet():
    timestamps.authorities.cache_clear()


def make(session, credential):
    session.commit()
    typeset(credential.id)
    session.expire_all()
    return credential


def acts(session, act):
    return session.scalars(select(Entry).where(Entry.act == act)).all()


def test_a_diploma_is_sealed_by_every_society_in_the_order_of_its_sheet(
    session, anas_diploma, tmp_path
):
    pdf = document(make(session, anas_diploma))

    assert pyhanko(pdf, *roots(session)) == {"eusomii": True, "siim": True}
    assert [valid for valid, _trusted in pdfsig(pdf, tmp_path)] == [True, True]
    assert seals(session, anas_diploma) == [(1, "eusomii"), (2, "siim")]
    (entry,) = acts(session, "credential.typeset")
    assert [one["society"] for one in entry.details["seals"]] == ["eusomii", "siim"]
    assert session.scalars(select(Unfinished)).all() == []
    letters = session.scalars(select(Message).where(Message.kind == "credentials/ready")).all()
    assert len(letters) == 1


def test_the_joint_credential_and_the_keys_of_its_issuers_lie_within(session, anas_diploma):
    pdf = document(make(session, anas_diploma))
    badge = session.get_one(OpenBadge, anas_diploma.id)

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        inside = {name: opened.attachments[name].get_file().read_bytes()
                  for name in opened.attachments}  # fmt: skip
    assert inside["credential.json"] == badge.document.encode()
    assert "cii" in json.loads(inside["did.json"])["id"]


def test_before_its_seals_a_document_is_the_same_whenever_it_is_made(session, anas_diploma):
    session.commit()
    with db.writing() as writer:
        (order,) = gather(writer, [anas_diploma.id], until=now(), at=now())
    works = sealing.works()
    assert works.set(order) == works.set(order)


def test_a_certificate_of_attendance_is_not_sealed(session, anas_certificate):
    pdf = document(make(session, anas_certificate))
    assert b"/AcroForm" not in pdf
    assert seals(session, anas_certificate) == []


def test_one_job_makes_many(session, anas_diploma, bens_diploma, anas_certificate):
    make(session, anas_diploma)
    assert [one.is_ready for one in (anas_diploma, bens_diploma, anas_certificate)] == [True] * 3
    assert len(acts(session, "credential.typeset")) == 3


# ------------------------------------------------------------------ waiting for a key


def test_without_a_key_in_force_a_diploma_waits_for_its_society_and_is_released_by_it(
    session, anas_diploma, societies
):
    retire(session, seal_key(session, societies.siim), by=None, at=now(), reason="Worn out.")
    make(session, anas_diploma)
    assert anas_diploma.held_for is societies.siim
    assert not anas_diploma.is_ready
    (entry,) = acts(session, "credential.held")
    assert entry.details["waits_for"] == "key"

    session.commit()
    assert jobs.sweep(jobs.perform) == 0
    session.expire_all()
    assert anas_diploma.held_for is societies.siim

    make_with_proof(session, societies.siim, by=None, at=now())
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert anas_diploma.is_ready
    assert anas_diploma.held_for is None
    assert len(acts(session, "credential.held")) == 1


# ------------------------------------------------------------------ signing elsewhere


@pytest.mark.parametrize("algorithm", ["ecdsa-p256", "rsa-3072"])
def test_a_society_that_signs_elsewhere_is_waited_for(
    algorithm, session, anas_diploma, societies, susan, signs_elsewhere, tmp_path
):
    _key, signer = signs_elsewhere(societies.siim, algorithm)
    make(session, anas_diploma)
    assert anas_diploma.held_for is societies.siim
    asked = session.scalars(select(SigningRequest)).one()
    assert (asked.position, asked.signature) == (2, None)
    waiting = asked.file_digest

    answer(session, asked, signer.sign(asked.to_sign), by=susan, at=now())
    session.commit()
    jobs.run_all()
    session.expire_all()

    pdf = document(anas_diploma)
    assert pyhanko(pdf, *roots(session)) == {"eusomii": True, "siim": True}
    assert seals(session, anas_diploma) == [(1, "eusomii"), (2, "siim")]
    (entry,) = acts(session, "seal.handed_in")
    assert entry.details["sha256"] == hashlib.sha256(asked.to_sign).hexdigest()
    assert entry.actor_id == susan.id

    files.read(waiting)
    session.commit()
    with time_machine.travel(now() + GRACE + timedelta(minutes=1)):
        sealing.tidy()
    with pytest.raises(Missing):
        files.read(waiting)
    assert digest_of(document(anas_diploma)) == anas_diploma.file_digest


def test_all_may_sign_elsewhere_one_after_the_other(
    session, anas_diploma, societies, erik, susan, signs_elsewhere
):
    signers = {one.id: signs_elsewhere(one)[1] for one in (societies.eusomii, societies.siim)}
    make(session, anas_diploma)
    for officer, society in ((erik, societies.eusomii), (susan, societies.siim)):
        assert anas_diploma.held_for is society
        asked = session.scalars(
            select(SigningRequest).where(SigningRequest.signature.is_(None))
        ).one()
        answer(session, asked, signers[society.id].sign(asked.to_sign), by=officer, at=now())
        session.commit()
        jobs.run_all()
        session.expire_all()

    assert pyhanko(document(anas_diploma), *roots(session)) == {"eusomii": True, "siim": True}


@pytest.mark.parametrize("signed", [b"", b"no signature", bytes(71)])
def test_what_the_societys_key_does_not_bear_out_is_not_taken_in(
    signed, session, anas_diploma, societies, susan, signs_elsewhere
):
    _key, signer = signs_elsewhere(societies.siim)
    make(session, anas_diploma)
    asked = session.scalars(select(SigningRequest)).one()
    for wrong in (signed, signer.sign(asked.to_sign + b"!")):
        with pytest.raises(Refusal, match="not a signature"):
            answer(session, asked, wrong, by=susan, at=now())
    answer(session, asked, signer.sign(asked.to_sign), by=susan, at=now())
    with pytest.raises(Refusal, match="here already"):
        answer(session, asked, signer.sign(asked.to_sign), by=susan, at=now())


def test_when_the_key_that_was_asked_has_ended_the_next_one_is(
    session, anas_diploma, societies, signs_elsewhere
):
    key, _signer = signs_elsewhere(societies.siim)
    make(session, anas_diploma)
    report(session, key, since=now() - timedelta(hours=1), by=None, at=now(), reason="Stolen.")
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert not anas_diploma.is_ready

    make_with_proof(session, societies.siim, by=None, at=now())
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert pyhanko(document(anas_diploma), *roots(session)) == {"eusomii": True, "siim": True}


def test_while_the_key_that_was_asked_has_no_successor_nothing_stirs(
    session, anas_diploma, societies, signs_elsewhere
):
    key, _signer = signs_elsewhere(societies.siim)
    make(session, anas_diploma)
    retire(session, key, by=None, at=now(), reason="Worn out.")
    session.commit()
    for _sweep in range(3):
        jobs.sweep(jobs.perform)
        jobs.run_all()
    assert len(acts(session, "credential.held")) == 1

    make_with_proof(session, societies.siim, by=None, at=now())
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert anas_diploma.is_ready


def test_a_key_whose_certificate_has_ended_signs_no_more(
    session, anas_diploma, societies, susan, signs_elsewhere
):
    key, theirs = signs_elsewhere(societies.siim)
    make(session, anas_diploma)
    asked = session.scalars(select(SigningRequest)).one()
    end, given = key.expires_at, theirs.sign(asked.to_sign)
    with pytest.raises(Refusal, match="signs no longer"):
        answer(session, asked, given, by=susan, at=end)
    assert releasable(session, at=end) == []
    assert session.scalars(awaited([societies.siim.id], at=end)).all() == []
    assert session.scalars(awaited([societies.siim.id], at=now())).all() == [asked]
    answer(session, asked, given, by=susan, at=end - timedelta(days=1))


@pytest.mark.parametrize("purpose", [Purpose.SEAL, Purpose.PROOF])
def test_what_a_compromised_key_has_begun_is_begun_anew(
    purpose, session, anas_diploma, societies, susan, signs_elsewhere
):
    """EuSoMII has sealed and proved it, SIIM has signed it; then EuSoMII's key is reported."""
    _key, theirs = signs_elsewhere(societies.siim)
    make(session, anas_diploma)
    asked = session.scalars(select(SigningRequest)).one()
    begun = session.get_one(OpenBadge, anas_diploma.id).digest
    answer(session, asked, theirs.sign(asked.to_sign), by=susan, at=now())
    lost = in_force(session, purpose, society_id=societies.eusomii.id, at=now())
    report(session, lost, since=now(), by=None, at=now(), reason="Stolen.")
    make_with_proof(session, societies.eusomii, by=None, at=now())
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert anas_diploma.held_for is societies.siim
    anew = session.scalars(select(SigningRequest)).one()
    assert anew.signature is None
    assert session.get_one(OpenBadge, anas_diploma.id).digest != begun

    answer(session, anew, theirs.sign(anew.to_sign), by=susan, at=now())
    session.commit()
    jobs.run_all()
    session.expire_all()
    sealers = session.scalars(select(Seal.key_id).where(Seal.position == 1)).all()
    assert sealers == [seal_key(session, societies.eusomii).id] != [lost.id]
    assert f'#{lost.name}"' not in session.get_one(OpenBadge, anas_diploma.id).document or (
        purpose is Purpose.SEAL
    )


def test_a_diploma_that_was_withdrawn_as_it_waited_is_never_finished(
    session, anas_diploma, societies, susan, signs_elsewhere
):
    _key, theirs = signs_elsewhere(societies.siim)
    make(session, anas_diploma)
    asked = session.scalars(select(SigningRequest)).one()
    answer(session, asked, theirs.sign(asked.to_sign), by=susan, at=now())
    session.add(Revocation(credential_id=anas_diploma.id, by=susan, at=now(), on=now().date(),
                           society_id=societies.siim.id, reason="Issued in error."))  # fmt: skip
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert not anas_diploma.is_ready
    assert session.scalars(select(Message).where(Message.subject.contains("ready"))).all() == []


# ------------------------------------------------------------------ time stamps


def test_a_time_stamp_closes_the_document(session, anas_diploma, configure, stage):
    configure(seal_level="B-T", timestamp_urls=("local",))
    pdf = document(make(session, anas_diploma))
    trusted = authority.certificate(stage.config["SETTINGS"].var, now)

    assert pyhanko(pdf, *roots(session), trusted) == dict.fromkeys(
        ("eusomii", "siim", "timestamp"), True
    )
    stamp = session.scalars(select(DocumentTimestamp)).one()
    assert (stamp.file_digest, stamp.file_size) == (anas_diploma.file_digest, len(pdf))
    assert "not for production" in stamp.authority


def test_while_no_authority_answers_a_diploma_waits_and_is_tried_again(
    session, anas_diploma, bens_diploma, configure, stage
):
    configure(seal_level="B-T", timestamp_urls=("http://127.0.0.1:1/",), calls_anywhere=True)
    make(session, anas_diploma)
    for one in (anas_diploma, bens_diploma):
        assert not one.is_ready
        assert not one.has_failed
        assert "127.0.0.1:1" in one.last_error
        assert one.attempts == 0

    configure(timestamp_urls=("local",))
    session.commit()
    with time_machine.travel(now() + timedelta(minutes=2)):
        jobs.run_all()
    session.expire_all()
    assert anas_diploma.is_ready
    assert bens_diploma.is_ready


def test_a_document_may_be_made_to_last(session, anas_diploma, configure, stage):
    configure(seal_level="B-LTA", timestamp_urls=("local",))
    pdf = document(make(session, anas_diploma))
    trusted = authority.certificate(stage.config["SETTINGS"].var, now)

    assert b"/DSS" in pdf
    assert pyhanko(pdf, *roots(session), trusted) == dict.fromkeys(
        ("eusomii", "siim", "timestamp", "timestamp-2"), True
    )


def test_a_token_out_of_reach_stops_only_those_who_need_it(
    session, anas_diploma, bens_diploma, anas_certificate, societies, monkeypatch
):
    asked = []

    def out_of_reach(key):
        def sign(_message):
            asked.append(key.name)
            raise OutOfReach("The token is not there.")

        mine = key.society_id == societies.siim.id
        return replace(signer(key), sign=sign) if mine else signer(key)

    monkeypatch.setattr("app.sealing.gathering.signer", out_of_reach)
    make(session, anas_diploma)
    assert anas_certificate.id > bens_diploma.id > anas_diploma.id
    assert anas_certificate.is_ready
    for one in (anas_diploma, bens_diploma):
        assert (one.is_ready, one.last_error) == (False, "The token is not there.")
    assert len(asked) == 1


# ------------------------------------------------------------------ who comes too late


def test_who_comes_too_late_leaves_nothing_behind(session, anas_diploma, monkeypatch):
    """Two workers make the same diploma; their files differ, and only the winner's remains."""
    session.commit()
    others = []

    make_it = pipeline.Works.make

    def meanwhile(works, order, *, at):
        made = make_it(works, order, at=at)
        if not others:
            others.append(made)
            with db.writing() as other:
                typesetting.release(other, [order.id], at=now())
            typeset(order.id)
        return made

    monkeypatch.setattr(pipeline.Works, "make", meanwhile)
    make(session, anas_diploma)

    late = digest_of(others[0].content)
    assert late != anas_diploma.file_digest
    with pytest.raises(Missing):
        files.read(late)
    assert len(acts(session, "credential.typeset")) == 1
    assert len(seals(session, anas_diploma)) == 2


def test_a_workers_file_that_nobody_finished_is_removed_in_time(session, anas_diploma):
    lost = files.keep(b"a document that its worker did not live to finish")
    session.add(Unfinished(credential_id=anas_diploma.id, file_digest=lost, at=now()))
    make(session, anas_diploma)
    sealing.tidy()
    files.read(lost)

    session.commit()
    with time_machine.travel(now() + GRACE + timedelta(minutes=1)):
        sealing.tidy()
    with pytest.raises(Missing):
        files.read(lost)
    session.expire_all()
    assert session.scalars(select(Unfinished)).all() == []


def test_a_seal_that_does_not_verify_never_leaves_the_house(session, anas_diploma, monkeypatch):
    """A token that is out of order signs something else."""

    def out_of_order(key):
        sound = signer(key)
        return replace(sound, sign=lambda message: sound.sign(message + b"!"))

    monkeypatch.setattr("app.sealing.gathering.signer", out_of_order)
    make(session, anas_diploma)
    assert anas_diploma.has_failed
    assert "it is forged" in anas_diploma.last_error
