"""Everything is read again in rounds; whatever is wrong is named, once, and told."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, event, select, update

from app import db
from app.clock import now
from app.credentials.models import Credential
from app.doctor import examine
from app.files import files
from app.journal.models import Concern, Entry, Link
from app.open_badges.models import OpenBadge, StatusEntry, StatusList
from app.outbox.models import Message
from app.rechecks import badges, documents, jobs, papers, rounds, statuses
from app.rechecks.badges import Proofs
from app.rechecks.commands import rechecks
from app.rechecks.keys import Trusted
from app.rechecks.models import Finding, Round
from app.schemes.models import Endorsement
from app.sealing.models import DocumentTimestamp
from app.signing_keys import certificates, signing
from app.signing_keys.making import make_local, named
from app.signing_keys.models import KeyCompromise, KeyConfirmation, Purpose, SigningKey
from app.signing_keys.queries import ever
from app.transparency.models import Countersignature, Leaf
from tests.cast import in_error
from tests.rechecks.conftest import read_again, settle_the_log

LAST = rounds.PARTS[-1].name


def whole_round(session):
    session.commit()
    with db.writing() as other:
        rounds.begin(other, at=now())
    while jobs.step():
        pass
    session.expire_all()
    last = session.scalars(Round.newest_first()).first()
    session.commit()
    return last


def open_ones(session):
    return [str(one).split(":")[0] for one in session.scalars(Finding.open_ones())]


def test_a_round_reads_everything_and_finds_nothing_where_nothing_is_wrong(session, world):
    one = whole_round(session)

    assert one.is_over
    assert one.checked > 80
    assert one.found == 0
    assert read_again(session) == set()


def test_a_lost_file_is_found_named_once_and_told_once(
    session, browser, world, pia, erik, susan, fay
):
    """And its officers see it on their desk, those of other societies do not."""
    lost = world[0]
    files.remove(lost.file_digest)

    for _ in range(2):
        rounds_before = whole_round(session)
        jobs.tell()
    assert rounds_before.found == 1

    assert open_ones(session) == [f"file {lost.file_digest}"]
    letters = session.scalars(select(Message).where(Message.kind == "rechecks/findings")).all()
    assert [letter.person_id for letter in letters] == [pia.id]
    assert lost.file_digest in letters[0].plain
    for officer, is_theirs in ((erik, True), (susan, True), (fay, False)):
        desk = browser.sign_in(officer).visit("/desk")
        assert (f"In doubt: {lost.title}, {lost.serial}" in desk.text) is is_theirs
        assert (f"/desk/credentials/{lost.serial}" in desk.links) is is_theirs
    session.scalars(Finding.open_ones()).one().settle(by=pia, at=now(), reason="It is back again.")
    session.commit()
    assert "In doubt" not in browser.sign_in(erik).visit("/desk").text


def test_a_killed_round_goes_on_where_it_was(session, world):
    session.commit()
    with db.writing() as other:
        rounds.begin(other, at=now())
    for _ in range(3):
        jobs.step()
    with db.writing() as other:
        claimed = rounds.claim(other, at=now())
        assert rounds.claim(other, at=now()) is None, "a batch belongs to one worker"
    assert jobs.step() is False
    later = now() + rounds.LEASE + timedelta(seconds=1)
    with db.writing() as other:
        again = rounds.claim(other, at=later)
        assert (again.part, again.reached) == (claimed.part, claimed.reached)
        assert rounds.write_down(other, rounds.look(other, again, at=later), at=later)
    with db.writing() as other:
        looked = rounds.look(other, claimed, at=later)
        assert rounds.write_down(other, looked, at=later) is False, "who lost it keeps nothing"

    session.execute(update(Round).values(next_at=now()))
    session.expire_all()
    assert whole_round(session).is_over


def test_journal_entries_cut_off_together_with_their_links_are_missed(session, world):
    last = session.scalars(select(Leaf).where(Leaf.source.startswith("journal/")))
    reached = max(json.loads(leaf.content)["position"] for leaf in last)
    gone = Link.position >= reached - 1
    entries = session.scalars(select(Link.entry_id).where(gone)).all()
    session.execute(delete(Link).where(gone))
    session.execute(delete(Concern).where(Concern.entry_id.in_(entries)))
    session.execute(delete(Entry).where(Entry.id.in_(entries)))

    assert read_again(session) == {f"journal link {n}" for n in (reached - 1, reached)}


def test_a_list_that_a_society_has_not_approved_is_found(session, world):
    real = next(one for one in world if one.award_id)
    approval = real.award.award_list.approvals[0]
    session.delete(approval)
    session.flush()
    found = read_again(session)
    assert found == {f"award list {real.award.list_id}"}


def test_a_diploma_that_nobody_released_is_found(session, world):
    """Somebody who writes to the database makes a diploma, with everything that seems to belong."""
    diplomas = [one for one in world if one.award_id]
    release = diplomas[0].award.award_list.release
    told = session.scalars(select(Leaf).where(Leaf.source == f"released/{release.list_id}")).one()
    session.delete(release)
    assert f"award list {told.source.split('/')[1]}" in read_again(session), "the log tells of it"

    session.delete(told)
    session.flush()
    assert {f"credential {one.serial}" for one in diplomas} <= read_again(session)


def test_what_was_taken_away_or_put_in_without_a_word_is_found(
    session, longer_world, societies, fay
):
    def names(change) -> set[str]:
        """What a round finds while the change stands."""
        savepoint = session.begin_nested()
        change()
        found = read_again(session)
        savepoint.rollback()
        session.expire_all()
        return found

    for kind, name in (
        (Countersignature, lambda one: f"log countersignature {one.id}"),
        (DocumentTimestamp, lambda one: f"timestamped {serial_of(session, one)}"),
        (Endorsement, lambda one: f"endorsement {one.id}"),
        (KeyConfirmation, lambda one: f"signing key {one.key}"),
        (KeyCompromise, lambda one: f"signing key {one.key}"),
    ):
        one = session.scalars(select(kind)).first()
        assert names(lambda one=one: session.delete(one)) == {name(one)}

    withdrawn = session.scalars(select(Endorsement).where(Endorsement.withdrawn_at.is_not(None)))
    forgotten = withdrawn.one()
    standing = session.scalars(select(Endorsement).where(Endorsement.withdrawn_at.is_(None))).one()
    own, other = ever(session, Purpose.SEAL, society_id=societies.efrs.id)

    def forget() -> None:
        standing.withdrawn_at, standing.withdrawn_reason = now(), "Of no use"
        session.flush()
        forgotten.withdrawn_at = None

    def swap() -> None:
        """A certificate of the same key that nobody gave it, wherever one is looked for."""
        made = certificates.self_signed(signing.private(own), named(own), at=now())
        own.certificates = own.certifications[-1].certificates = certificates.pem([made])
        own.expires_at = made.not_valid_after_utc

    def confirm() -> None:
        invented = KeyConfirmation(key=other, at=now(), by=fay, address="https://efrs.example")
        session.add(invented)

    def rename() -> None:
        proves.name = "eusomii-9"

    def respell() -> None:
        own.public_key = own.public_key.rstrip()

    (proves,) = ever(session, Purpose.PROOF, society_id=societies.eusomii.id)
    both = {f"endorsement {one.id}" for one in (forgotten, standing)}
    assert names(forget) == both
    assert names(swap) == {f"signing key {own}"}
    assert names(confirm) == {f"signing key {other}"}
    assert names(rename) == {"signing key eusomii-9 (proof)"}
    assert names(respell) == {f"signing key {own}"}
    assert read_again(session) == set()


def serial_of(session, stamp: DocumentTimestamp) -> str:
    return session.get_one(Credential, stamp.credential_id).serial


def test_a_diploma_without_seals_on_record_is_found(session, world):
    """Also where the log itself knows of no seals, so that the record is as it was entered."""
    real = next(one for one in world if one.award_id)
    told = {"file": real.file_digest, "societies": ["eusomii", "siim"]}
    trusted = Trusted(session)
    found = list(papers.look(real, told, [], [], trusted))
    assert "sealed by nobody" in found[0].reason
    own = next(one for one in world if one.completion_id)
    told = {"file": own.file_digest, "societies": ["eusomii", "siim"]}
    assert list(papers.look(own, told, [], [], trusted)) == [], "the control: nobody seals it"


def test_a_diploma_without_its_credential_or_one_societys_proof_is_found(session, world):
    real = next(one for one in world if one.award_id)
    badge, proofs = session.get_one(OpenBadge, real.id), Proofs(session, Trusted(session))
    told = {"badge": None, "societies": ["eusomii", "siim"]}
    entries = session.scalars(select(StatusEntry).filter_by(credential_id=real.id)).all()

    def faults(one) -> list[str]:
        found = badges.look(real, told, one, entries, proofs, is_whole=True, at=now())
        return [each.reason for each in found]

    assert faults(badge) == []
    assert faults(None) == ["it was finished without a joint credential"]
    for place in range(3):
        document = json.loads(badge.document)
        document["proof"].pop(place)
        text = json.dumps(document)
        other = OpenBadge(document=text, digest=sha256(text.encode()).hexdigest())
        assert faults(other) == ["it does not carry the proofs of all who issued it"]


def test_a_status_list_is_read_without_making_an_object_of_each_place(session, world):
    """A full list has 131,072 of them."""
    session.flush()
    made: list[StatusEntry] = []
    ids = [one.id for one in world]
    lists = session.scalars(select(StatusList.id)).all()
    session.expunge_all()

    def note(one, _context):
        made.append(one)

    event.listen(StatusEntry, "load", note)
    try:
        assert list(statuses.look_at_lists(session, lists, now())) == []
        assert made == []
        assert list(documents.look(session, ids, now())) == []
        assert made, "the control"
    finally:
        event.remove(StatusEntry, "load", note)


def test_stamps_are_read_after_the_credentials_that_name_their_files(session, world):
    """A renewal in between is then only ahead of what is looked at."""
    session.flush()
    ids = [one.id for one in world]
    session.expunge_all()
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert list(documents.look(session, ids, now())) == []
    finally:
        event.remove(engine, "before_cursor_execute", note)

    def first(table: str) -> int:
        return next(place for place, one in enumerate(seen) if f"FROM {table}" in one)

    assert first("log_leaves") < first("credentials") < first("document_timestamps")


def test_what_was_finished_and_kept_out_of_the_log_is_found(session, world):
    real = world[-1]
    for leaf in session.scalars(select(Leaf).where(Leaf.credential_id == real.id)):
        session.delete(leaf)
    session.flush()

    found = read_again(session, at=now() + timedelta(hours=2))
    assert f"credential {real.serial}" in found
    assert any(one.startswith("log leaf") for one in found)


def test_a_withdrawal_that_was_taken_back_in_silence_is_found(session, world):
    withdrawn = next(one for one in world if one.revocation)
    session.delete(withdrawn.revocation)
    session.flush()

    assert f"withdrawn {withdrawn.serial}" in read_again(session)


def test_a_finding_is_settled_with_a_reason_and_opens_again_when_it_is_seen_again(
    session, browser, world, pia, otto
):
    files.remove(world[0].file_digest)
    whole_round(session)
    finding = session.scalars(select(Finding)).one()

    assert "the file is missing" in browser.sign_in(otto).visit("/desk/rechecks").text
    assert "Settle" not in browser.page.text
    assert world[0].serial in browser.page.text
    page = browser.sign_in(pia).visit("/desk/rechecks")
    assert "1 thing is not what the register says." in page.text
    assert f"/desk/credentials/{world[0].serial}" in page.links
    browser.visit(f"/desk/rechecks/findings/{finding.id}/settlement")
    browser.submit(reason="", status=422)
    page = browser.submit(reason="Restored from the backup of last night.")

    assert "Restored from the backup" in page.text
    session.expire_all()
    assert open_ones(session) == []
    assert session.scalars(select(Entry).where(Entry.act == "finding.settled")).one()
    whole_round(session)
    assert open_ones(session) == [f"file {world[0].file_digest}"]


def test_an_auditor_has_everything_read_again_now(session, browser, world, otto):
    browser.sign_in(otto).visit("/desk/rechecks")
    browser.submit(action="/rounds")

    assert session.scalars(Round.newest_first()).first().asked_by_id == otto.id
    assert whole_round(session).is_over
    assert "Everything is what the register says" in browser.visit("/desk/rechecks").text


@pytest.mark.parametrize("is_under_way", [False, True])
def test_silence_raises_an_alarm_on_the_desk_by_the_doctor_and_by_mail(
    session, browser, world, pia, is_under_way
):
    one = whole_round(session)
    assert rounds.stopped(session, at=now()) == ""
    session.execute(update(Round).values(begun_at=now() - timedelta(days=4),
                                         moved_at=now() - timedelta(days=3),
                                         ended_at=None if is_under_way else
                                         now() - timedelta(days=3),
                                         part=LAST if is_under_way else ""))  # fmt: skip
    session.commit()
    assert one.id

    jobs.watch()
    jobs.watch()

    letters = session.scalars(select(Message).where(Message.kind == "rechecks/alarm")).all()
    assert [letter.person_id for letter in letters] == [pia.id]
    assert "being rechecked any more" in browser.sign_in(pia).visit("/desk").text
    levels = {f.check: f.level for f in examine()}
    assert levels["rechecks"] == "bad"


def test_the_command_goes_through_a_round_and_its_status_tells(session, stage, world):
    session.commit()
    good = stage.test_cli_runner().invoke(rechecks, ["run", "--json"])
    files.remove(world[0].file_digest)
    bad = stage.test_cli_runner().invoke(rechecks, ["run", "--json"])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert json.loads(good.output)["findings"] == []
    assert [one["part"] for one in json.loads(bad.output)["findings"]] == ["file"]


def test_what_happens_between_two_rounds_raises_no_false_alarm(session, world, erik, societies):
    from app.credentials.withholding import withdraw

    one = session.scalars(select(Credential).where(Credential.award_id.is_not(None))).first()
    withdraw(session, one, in_error(erik, societies.eusomii))
    session.commit()
    assert read_again(session) == set()
    settle_the_log(session, later=timedelta(minutes=30))
    assert read_again(session) == set()


def test_a_key_that_was_kept_out_of_the_log_is_named_once_the_log_had_time_for_it(session, world):
    """Somebody puts in a key of a society and sees to it that no entry tells of it."""
    eusomii = session.scalars(select(SigningKey).where(SigningKey.society_id.is_not(None))).first()
    key = make_local(session, purpose=Purpose.SEAL, society=eusomii.society, by=None, at=now())
    session.commit()
    assert read_again(session) == set(), "a new key is entered within minutes"

    key.in_force_at = now() - timedelta(hours=2)
    session.commit()
    assert read_again(session) == {f"signing key {key.name} (seal)"}

    settle_the_log(session)
    assert read_again(session) == set()
