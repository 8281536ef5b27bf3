"""Issued once, from a released award or a completion, and never by accident."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import db, jobs
from app.clock import now
from app.credentials.issuing import correct, issue_certificate, issue_diploma
from app.credentials.jobs import issue_due
from app.credentials.models import Credential
from app.credentials.typesetting import MAX_ATTEMPTS, File, claim, finish
from app.credentials.withholding import withdraw
from app.errors import Refusal
from app.files import digest_of, files
from app.journal.models import Entry
from app.outbox.models import Message
from app.sealing.jobs import typeset
from tests.cast import in_error, make_webinar
from tests.credentials.conftest import ISSUED, address
from tests.sealing.keys import give_keys


def credentials(session):
    return session.scalars(select(Credential).order_by(Credential.id)).all()


def test_an_award_that_is_not_released_becomes_no_diploma(session, ana, make_award):
    with pytest.raises(Refusal):
        issue_diploma(session, make_award(ana, released=False), at=ISSUED, address=address)


def test_what_is_due_is_issued_once_however_often_it_is_asked(
    session, ana, ben, make_award, anas_attendance
):
    make_award(ana)
    make_award(ben, released=False)
    session.commit()

    issue_due()
    issue_due()

    session.expire_all()
    assert sorted(str(c.kind) for c in credentials(session)) == ["attendance", "diploma"]


def test_a_struck_award_becomes_no_diploma(session, ana, make_award):
    make_award(ana).struck_at = now()
    session.commit()

    issue_due()

    assert credentials(session) == []


def test_a_diploma_copies_out_everything_it_says(session, ana, anas_diploma, societies, erik):
    frozen = json.dumps(anas_diploma.snapshot, sort_keys=True)
    ana.name, societies.eusomii.name, erik.name = (
        "Someone Else",
        "Another Society",
        "Another President",
    )
    session.commit()
    session.expire_all()

    snapshot = credentials(session)[0].snapshot
    assert json.dumps(snapshot, sort_keys=True) == frozen
    assert snapshot["holder"]["name"] == "Ana Lopez"
    assert [s["short"] for s in snapshot["awarding"]] == ["EuSoMII", "SIIM"]
    assert [s["signatory"]["name"] for s in snapshot["awarding"]] == ["Erik Holm", "Susan Reed"]
    assert (snapshot["issued_on"], snapshot["valid_until"]) == ("2026-10-16", "2031-10-16")


def test_a_certificate_says_what_was_attended_and_for_how_long(anas_certificate):
    activity = anas_certificate.snapshot["activity"]
    assert (activity["minutes_present"], activity["minutes"], activity["threshold"]) == (77, 90, 80)
    assert "Europe/Vienna" in activity["held"]


def test_a_sheet_is_set_once_and_the_file_is_what_the_register_says(session, anas_diploma):
    give_keys(session)
    typeset(anas_diploma.id)
    session.expire_all()
    first = (anas_diploma.file_digest, anas_diploma.typeset_at)
    session.commit()
    typeset(anas_diploma.id)
    session.expire_all()

    content = files.read(anas_diploma.file_digest)
    assert content.startswith(b"%PDF")
    assert digest_of(content) == anas_diploma.file_digest
    assert len(content) == anas_diploma.file_size
    assert (anas_diploma.file_digest, anas_diploma.typeset_at) == first
    letters = session.scalars(select(Message).where(Message.kind == "credentials/ready")).all()
    assert [letter.to for letter in letters] == ["ana@clinic.example"]


def test_of_two_workers_that_finish_one_counts(session, anas_diploma):
    session.commit()
    with db.writing() as first:
        won = finish(first, {anas_diploma.id: File("a" * 64, 1)}, at=now())
        assert [one.serial for one in won] == [anas_diploma.serial]
    with db.writing() as second:
        lost = finish(second, {anas_diploma.id: File("b" * 64, 2)}, at=now())
    session.expire_all()

    assert lost == []
    assert anas_diploma.file_digest == "a" * 64
    acts = session.scalars(select(Entry.act).where(Entry.act == "credential.typeset")).all()
    assert len(acts) == 1


def test_a_credential_is_claimed_by_one_worker_at_a_time_and_given_up_after_many(
    session, anas_diploma
):
    at = now()
    claims = []
    for attempt in range(MAX_ATTEMPTS + 2):
        moment = at + timedelta(hours=attempt)
        with db.writing() as other:
            claims.append(claim(other, anas_diploma.id, at=moment))
        with db.writing() as other:
            assert claim(other, anas_diploma.id, at=moment) == []
    session.expire_all()

    assert claims == [[anas_diploma.id]] * MAX_ATTEMPTS + [[], []]
    assert anas_diploma.has_failed
    assert "ended every time" in anas_diploma.last_error


def test_a_name_that_no_typeface_has_is_refused_with_its_character(session, ana, make_award):
    ana.name = "Ana \U00010348 Lopez"
    credential = issue_diploma(session, make_award(ana), at=ISSUED, address=address)
    session.commit()
    give_keys(session)

    typeset(credential.id)

    session.expire_all()
    assert credential.has_failed
    assert not credential.is_ready
    assert "\U00010348" in credential.last_error


def test_a_corrected_certificate_supersedes_the_old_one(session, ana, erik, anas_certificate):
    ana.name = "Ana María López"
    new = correct(session, anas_certificate, by=erik, at=now(), address=address)
    session.commit()

    assert new.holder_name == "Ana María López"
    assert new.version == 2
    assert anas_certificate.supersession.new is new
    assert anas_certificate.holder_name == "Ana Lopez"
    with pytest.raises(Refusal):
        correct(session, anas_certificate, by=erik, at=now(), address=address)


def test_a_diploma_is_corrected_by_a_new_award_that_supersedes_it(
    session, ana, make_award, anas_diploma
):
    ana.name = "Ana María López"
    award = make_award(ana, replaces=anas_diploma.serial)
    session.commit()

    issue_due()

    session.expire_all()
    new = session.scalars(select(Credential).where(Credential.award_id == award.id)).one()
    assert anas_diploma.supersession.new is new
    assert new.holder_name == "Ana María López"


def test_a_withdrawal_keeps_who_when_and_why(session, anas_diploma, erik, societies):
    withdraw(session, anas_diploma, in_error(erik, societies.eusomii))
    withdraw(session, anas_diploma, in_error(erik, societies.eusomii, "Again."))
    session.commit()

    assert anas_diploma.revocation.reason == "Issued in error."
    entry = session.scalars(select(Entry).where(Entry.act == "credential.withdrawn")).one()
    assert (entry.actor_id, entry.details["reason"]) == (erik.id, "Issued in error.")


def test_two_certificates_of_one_completion_cannot_both_be_the_first(
    session, anas_attendance, anas_certificate
):
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        issue_certificate(session, anas_attendance, at=ISSUED, address=address)
    session.rollback()


def test_everything_that_waits_is_done_by_sweeping(session, ana, make_award, anas_attendance):
    make_award(ana)
    session.commit()
    give_keys(session)

    jobs.run_all()

    session.expire_all()
    assert [c.is_ready for c in credentials(session)] == [True, True]


def test_what_stands_in_the_way_of_one_stands_in_the_way_of_no_other(
    session, ana, ben, eva, societies, make_completion, webinar
):
    other = make_webinar(session, eva, societies.eusomii)
    make_completion(ana, webinar, seconds=5400, of_seconds=5400, threshold=80)
    make_completion(ben, other, seconds=5400, of_seconds=5400, threshold=80)
    webinar.zone = "Nowhere/At-all"
    session.commit()

    issue_due()
    session.expire_all()
    assert [c.person_id for c in credentials(session)] == [ben.id]

    webinar.zone = "Europe/Vienna"
    session.commit()
    issue_due()
    session.expire_all()
    assert sorted(c.person_id for c in credentials(session)) == [ana.id, ben.id]
