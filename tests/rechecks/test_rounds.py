"""Everything is read again in rounds; whatever is wrong is named, once, and told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app import db
from app.clock import now
from app.credentials.models import Credential
from app.doctor import examine
from app.files import files
from app.journal.models import Concern, Entry, Link
from app.outbox.models import Message
from app.rechecks import jobs, rounds
from app.rechecks.commands import rechecks
from app.rechecks.models import Finding, Round
from app.transparency.models import Leaf
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


def test_a_lost_file_is_found_named_once_and_told_once(session, world, pia):
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


def test_a_diploma_that_nobody_released_is_found(session, world):
    """Somebody who writes to the database makes a diploma, with everything that seems to belong."""
    real = next(one for one in world if one.award_id)
    approval = real.award.award_list.approvals[0]
    session.delete(approval)
    session.flush()
    found = read_again(session)
    assert found == {f"award list {real.award.list_id}"}


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
    browser.sign_in(pia).visit("/desk/rechecks")
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
    withdraw(session, one, by=erik, society_id=societies.eusomii.id, at=now(), on=now().date(),
           reason="Issued in error by the office.")  # fmt: skip
    session.commit()
    assert read_again(session) == set()
    settle_the_log(session, later=timedelta(minutes=30))
    assert read_again(session) == set()
