"""Suspending a document while something is looked into, and letting it count again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.clock import today
from app.credentials import corrections
from app.credentials.models import Credential, Suspension
from app.credentials.standing import Standing, standing
from app.credentials.typesetting import File, finish
from app.credentials.withholding import Decision, reinstate, suspend, withdraw
from app.errors import Refusal
from app.files import files
from app.journal.models import Entry
from app.outbox.models import Message

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ON = date(2026, 11, 2)
WHY = "Two presence lists contradict each other."


@pytest.fixture
def diploma(session, anas_diploma) -> Credential:
    """Ana's diploma with its file, which plays no part here."""
    content = b"%PDF-1.7 of a diploma"
    finish(session, {anas_diploma.id: File(files.keep(content), len(content))}, at=AT)
    session.commit()
    return anas_diploma


@pytest.fixture
def suspended(session, diploma, erik) -> Credential:
    suspend(session, diploma, Decision(by=erik, at=AT, on=ON, reason=WHY))
    session.commit()
    return diploma


def on(day: int) -> date:
    return date(2026, 11, day)


def subjects(session) -> list[str]:
    return list(session.scalars(select(Message.subject).order_by(Message.id)))


def test_a_suspended_document_does_not_count_until_it_is_reinstated(session, suspended, erik):
    reinstate(session, suspended, Decision(by=erik, at=AT, on=on(9), reason="Cleared up."))

    assert standing(suspended, on=on(1)) is Standing.VALID
    assert standing(suspended, on=on(2)) is Standing.SUSPENDED
    assert standing(suspended, on=on(8)) is Standing.SUSPENDED
    assert standing(suspended, on=on(9)) is Standing.VALID


def test_it_can_be_suspended_again_and_every_time_stays_on_record(session, suspended, erik):
    reinstate(session, suspended, Decision(by=erik, at=AT, on=on(9), reason="Cleared up."))
    suspend(session, suspended, Decision(by=erik, at=AT, on=on(20), reason=WHY))

    assert standing(suspended, on=on(19)) is Standing.VALID
    assert standing(suspended, on=on(20)) is Standing.SUSPENDED
    assert [one.on for one in suspended.suspensions] == [on(2), on(20)]


def test_suspending_twice_is_suspending_once(session, suspended, susan):
    suspend(session, suspended, Decision(by=susan, at=AT, on=on(5), reason="Another."))

    assert [one.reason for one in session.scalars(select(Suspension))] == [WHY]


def test_both_acts_are_in_the_journal_of_every_society_and_the_holder_is_told(
    session, suspended, erik, societies
):
    reinstate(session, suspended, Decision(by=erik, at=AT, on=on(9), reason="Cleared up."))
    session.flush()
    entries = session.scalars(select(Entry).where(Entry.act.in_(
        ["credential.suspended", "credential.reinstated"])).order_by(Entry.id)).all()  # fmt: skip

    assert [(e.act, e.actor_name, e.details["reason"]) for e in entries] == [
        ("credential.suspended", "Erik Holm", WHY),
        ("credential.reinstated", "Erik Holm", "Cleared up."),
    ]
    assert {c.society_id for e in entries for c in e.concerns} == {
        societies.eusomii.id,
        societies.siim.id,
    }
    told = [s for s in subjects(session) if suspended.title in s and "ready" not in s]
    assert told == [f"Suspended for now: {suspended.title}", f"It counts again: {suspended.title}"]


def test_withdrawal_outweighs_a_suspension_and_ends_the_way_back(session, suspended, erik):
    withdraw(session, suspended, Decision(by=erik, at=AT, on=on(5), reason="It was forged."))

    assert standing(suspended, on=on(5)) is Standing.WITHDRAWN
    with pytest.raises(Refusal, match="withdrawn"):
        reinstate(session, suspended, Decision(by=erik, at=AT, on=on(9), reason="No."))


def test_what_was_withdrawn_cannot_be_suspended(session, diploma, erik):
    withdraw(session, diploma, Decision(by=erik, at=AT, on=on(5), reason="It was forged."))
    with pytest.raises(Refusal, match="no longer in force"):
        suspend(session, diploma, Decision(by=erik, at=AT, on=on(6), reason=WHY))


def test_nobody_decides_about_their_own(session, diploma, ana):
    for decide in (suspend, withdraw):
        with pytest.raises(Refusal, match="Someone else"):
            decide(session, diploma, Decision(by=ana, at=AT, on=ON, reason=WHY))
    ana.name = "Ana Another"
    asked = corrections.ask(session, diploma, at=AT)
    with pytest.raises(Refusal, match="Someone else"):
        corrections.decline(session, asked, by=ana, at=AT, reason="No.")
    assert asked.is_open and diploma.revocation is None


def test_a_name_is_asked_for_with_marks_that_nobody_sees_and_refused_with_what_cannot_be_drawn(
    session, diploma, ana
):
    ana.name = "Ana\N{VARIATION SELECTOR-15} Lopez"
    assert corrections.ask(session, diploma, at=AT).is_open
    ana.name = "Ana \N{GOTHIC LETTER HWAIR} Lopez"
    with pytest.raises(Refusal, match="\N{GOTHIC LETTER HWAIR}"):
        corrections.ask(session, diploma, at=AT)


def test_it_does_not_count_again_before_it_was_suspended(session, suspended, erik):
    with pytest.raises(Refusal, match="at the earliest"):
        reinstate(session, suspended, Decision(by=erik, at=AT, on=on(1), reason="Oh."))


def test_a_day_before_the_suspension_is_refused_beside_the_field(browser, session, suspended, erik):
    why, at = "The lists agree after all.", f"/desk/credentials/{suspended.serial}/reinstatement"
    browser.sign_in(erik).visit(at)
    page = browser.submit(status=422, reason=why, on=on(1).isoformat())
    assert "Please name a day from 2 November 2026 to today." in page.text
    assert why in page.html and suspended.suspension is not None


# ---------------------------------------------------------------- the pages


def test_an_officer_suspends_and_reinstates_with_a_reason(browser, session, erik, ana, diploma):
    at = f"/desk/credentials/{diploma.serial}"
    browser.sign_in(erik).visit(f"{at}/suspension")
    assert "say why" in browser.submit(status=422, reason="").text
    browser.visit(f"{at}/suspension")
    page = browser.submit(reason=WHY)
    assert "Suspended" in page.text and "Let it count again" in page.text
    assert standing(diploma, on=today()) is Standing.SUSPENDED
    assert diploma.suspension.society_id == diploma.society_ids[0]

    stranger = browser.visit(f"/v/{diploma.serial}")
    assert "Genuine, but suspended" in stranger.text and WHY not in stranger.text
    browser.visit(f"{at}/reinstatement")
    page = browser.submit(reason="The lists agree after all.")
    assert "It counts again" in page.text and "Earlier suspensions" in page.text
    session.expire_all()
    assert standing(diploma, on=today()) is Standing.VALID
    assert "Genuine and valid today" in browser.visit(f"/v/{diploma.serial}").text


def test_the_holder_reads_that_it_does_not_count(browser, ana, suspended):
    page = browser.sign_in(ana).visit(f"/my/certificates/{suspended.serial}")
    assert "suspended" in page.text and "does not count for now" in page.text
    browser.visit(f"/my/certificates/{suspended.serial}/file")


def test_who_does_not_decide_does_not_suspend(browser, otto, eva, fay, diploma):
    for path in ("suspension", "reinstatement"):
        url = f"/desk/credentials/{diploma.serial}/{path}"
        browser.sign_in(otto).visit(url, status=403)
        browser.sign_in(eva).visit(url, status=404)
        browser.sign_in(fay).visit(url, status=404)
    browser.sign_in(otto).visit(f"/desk/credentials/{diploma.serial}")
    assert "Suspend it" not in browser.page.text
