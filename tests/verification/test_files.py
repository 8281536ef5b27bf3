"""A file against the register and the log: the one that was issued, and others like it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.clock import now, today
from app.credentials.models import Revocation
from app.credentials.withholding import withdraw
from app.files import digest_of
from app.sealing import authority, timestamps
from app.sealing.models import DocumentTimestamp
from app.signing_keys.models import KeyCompromise, Purpose, SigningKey
from app.transparency import jobs
from app.verification import many
from app.verification.answers import as_json
from app.verification.examine import by_facts, by_serial
from app.verification.judgement import File, Level, Reason, SealState
from app.verification.reading.sort import read
from tests.cast import in_error
from tests.verification.conftest import finish
from tests.verification.sealed import stamped


def examined(session, content: bytes, **facts):
    return by_facts(session, read(content), on=today(), **facts)


def take_in(session) -> None:
    session.commit()
    jobs.take_in()
    session.expire_all()


def test_a_file_with_genuine_seals_that_was_not_issued_is_never_called_valid(
    session, browser, sealed_pdf, anas_diploma
):
    """Its seals are the societies' own; the register knows another file under its serial."""
    assert examined(session, sealed_pdf).is_good
    anas_diploma.file_digest = "0" * 64
    session.commit()
    verdict = examined(session, sealed_pdf)
    assert verdict.file is File.OTHER and not verdict.is_good
    said = as_json(verdict, on=today())
    assert (said["verdict"], said["genuine"], said["valid"]) == ("other", False, False)
    browser.visit("/verify")
    page = browser.submit("/verify/file", file=(sealed_pdf, "diploma.pdf"), status=200)
    assert "Genuine seals, but not the file that was issued" in page.text
    assert "Genuine and valid today" not in page.text


def test_a_digest_that_was_changed_in_the_register_makes_no_file_identical(
    session, sealed_pdf, anas_diploma
):
    """The log has named the file, and changes nothing unseen."""
    take_in(session)
    assert Reason.LOG_DIFFERS not in examined(session, sealed_pdf).reasons
    forged = sealed_pdf + b" "
    anas_diploma.file_digest = digest_of(forged)
    session.commit()
    verdict = examined(session, forged)
    assert verdict.file is File.ALTERED and not verdict.is_good
    assert Reason.LOG_DIFFERS in verdict.reasons
    own = examined(session, sealed_pdf)
    assert own.file is File.IDENTICAL and Reason.LOG_DIFFERS in own.reasons


def test_a_row_that_differs_from_the_log_is_told_by_serial_as_well(
    session, browser, sealed_pdf, anas_diploma, erik, societies
):
    """Nobody has a file at hand, so nothing vouches for what the register says."""

    def said() -> tuple[str, bool, list[str]]:
        session.expire_all()
        answer = as_json(by_serial(session, anas_diploma.serial, on=today()), on=today())
        [row] = many.answered(session, [many.Asked(anas_diploma.serial)], on=today())
        assert row.verdict == answer["verdict"]
        page = browser.visit(f"/v/{anas_diploma.serial}")
        assert ("Genuine and valid today" in page.text) == answer["valid"]
        assert ("one of them was changed" in page.text) == bool(answer["reasons"])
        return answer["verdict"], answer["valid"], answer["reasons"]

    take_in(session)
    assert said() == ("valid", True, [])
    own, forged = anas_diploma.file_digest, digest_of(b"forged")
    anas_diploma.file_digest = forged
    session.commit()
    assert said() == ("doubtful", False, ["log differs"])
    assert "In doubt" in browser.visit(f"/v/{anas_diploma.serial}/widget").text

    anas_diploma.file_digest = own
    snapshot = anas_diploma.snapshot
    anas_diploma.snapshot = {**snapshot, "title": "Doctor of Everything"}
    session.commit()
    assert said() == ("doubtful", False, ["record differs"])
    by_the_file = examined(session, sealed_pdf)
    assert not by_the_file.is_good and Reason.RECORD_DIFFERS in by_the_file.reasons

    anas_diploma.snapshot = snapshot
    withdraw(session, anas_diploma, in_error(erik, societies.eusomii))
    session.commit()
    assert said() == ("withdrawn", False, []), "the register is ahead of the log"
    take_in(session)
    assert said() == ("withdrawn", False, [])
    session.execute(delete(Revocation))
    session.commit()
    assert said() == ("doubtful", False, ["record differs"]), "the log tells of it"


def test_a_file_stamped_anew_is_as_good_before_the_log_has_taken_it_in(
    session, sealed_pdf, anas_diploma
):
    take_in(session)
    renewed = stamped(sealed_pdf, now())
    anas_diploma.file_digest = digest_of(renewed)
    anas_diploma.file_size = len(renewed)
    session.add(
        DocumentTimestamp(
            credential_id=anas_diploma.id, at=now(), authority="Clock", file_size=len(renewed),
            valid_until=now() + timedelta(days=900), file_digest=digest_of(renewed),
        )
    )  # fmt: skip
    session.commit()
    before = examined(session, renewed)
    assert before.file is File.GENUINE and before.is_good
    assert before.reasons == (Reason.SEALS_HOLD, Reason.STAMPED_SINCE)
    take_in(session)
    assert examined(session, renewed).reasons == (Reason.SAME_BYTES,)
    assert examined(session, sealed_pdf).file is File.IDENTICAL


def test_a_seal_without_a_time_stamp_by_a_key_compromised_later_is_doubtful_either_way(
    session, sealed_pdf, anas_diploma, societies
):
    """Our own clock proves nothing, neither by serial nor by file."""
    key = session.query(SigningKey).filter_by(
        purpose=Purpose.SEAL, society_id=societies.siim.id
    ).one()  # fmt: skip
    since = now() + timedelta(days=1)
    session.add(KeyCompromise(key=key, since=since, at=since, reason="A notebook was stolen."))
    session.commit()
    expected = [SealState.GENUINE, SealState.DOUBTFUL]
    for verdict in (by_serial(session, anas_diploma.serial, on=today()),
                    examined(session, sealed_pdf)):  # fmt: skip
        assert [seal.state for seal in verdict.seals] == expected


@pytest.mark.parametrize(("made", "level"), [("B-T", Level.T), ("B-LTA", Level.LTA)])
def test_the_level_is_the_one_that_was_made_by_serial_and_by_file(
    made, level, session, scheme, anas_diploma, configure, stage
):
    timestamps.authorities.cache_clear()
    configure(seal_level=made, timestamp_urls=("local",))
    content = finish(session, anas_diploma)
    trusted = {authority.certificate(stage.config["SETTINGS"].var, now)}
    for verdict in (by_serial(session, anas_diploma.serial, on=today()),
                    examined(session, content, authorities=trusted)):  # fmt: skip
        assert {seal.level for seal in verdict.seals} == {level}
    untrusted = examined(session, content)
    assert {seal.level for seal in untrusted.seals} == {Level.B}
