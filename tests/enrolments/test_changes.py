"""Moving and cancelling: the act, who is told of it and how often, keeping and giving up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import func, select

from app import db, jobs
from app.agenda import acts
from app.agenda.changes import Rescheduling
from app.attendance.models import Settlement
from app.clock import now
from app.enrolments import booking, tidings
from app.enrolments.models import Answer, Enrolment
from app.errors import Refusal
from app.journal.models import Entry
from app.outbox.models import Message
from tests.cast import make_webinar


@pytest.fixture
def later(webinar):
    """The hours of the webinar, a day later."""
    return [replace(one, on=one.on + timedelta(days=1)) for one in webinar.plan.hours]


@pytest.fixture
def move(session, webinar, later, eva):
    def act(reason="The speaker is ill.", **facts):
        moving = acts.reschedule(
            webinar, facts.pop("hours", later), webinar.zone, reason=reason, by=eva,
            at=facts.pop("at", now()),
        )  # fmt: skip
        session.commit()
        return moving

    return act


@pytest.fixture
def call_off(session, webinar, eva):
    def act(reason="The house is closed.", activity=None):
        acts.cancel(activity or webinar, reason=reason, by=eva, at=now())
        session.commit()

    return act


def run(session):
    session.commit()
    jobs.run_all()


def letters(session, kind):
    session.expire_all()
    found = session.scalars(select(Message).where(Message.kind == f"enrolments/{kind}"))
    read = list(found.all())
    session.commit()
    return read


def entry_in(message):
    [file] = message.attachments
    calendar = Calendar.from_ical(file["text"])
    return file["type"], str(calendar["method"]), calendar.walk("VEVENT")


def test_everyone_enrolled_is_told_once_with_an_entry_that_moves(
    session, webinar, enrolled, move, later
):
    webinar.capacity = 2
    *placed, waiting = enrolled(webinar, 3)
    first = entry_in(letters(session, "enrolled")[0])[2][0]
    move()
    assert letters(session, "moved") == []

    run(session)
    run(session)

    told = letters(session, "moved")
    assert [m.to for m in told] == [e.person.address for e in (*placed, waiting)]
    assert "The speaker is ill." in told[0].plain
    kind, method, [event] = entry_in(told[0])
    assert (kind, method) == ("text/calendar; method=REQUEST", "REQUEST")
    assert event["uid"] == first["uid"]
    assert (first["sequence"], event["sequence"]) == (0, 1)
    assert event.decoded("dtstart") == webinar.starts_at
    assert str(event["attendee"]) == f"mailto:{placed[0].person.address}"
    assert told[2].attachments == []
    assert session.scalars(select(Rescheduling)).one().told_at is not None


def test_whoever_enrols_after_the_move_knows_the_hour(session, webinar, enrolled, move):
    move(at=now() - timedelta(seconds=1))
    enrolled(webinar, 1)

    run(session)

    assert letters(session, "moved") == []


def test_a_worker_that_dies_between_two_batches_leaves_nobody_out(session, webinar, enrolled, move):
    count = tidings.BATCH + 3
    webinar.capacity = None
    enrolled(webinar, count)
    moving = move()
    session.commit()
    with db.writing() as first:
        assert tidings.tell_moved(first, moving.id, at=now())
    with db.writing() as second:
        tidings.tell_moved(second, moving.id, at=now())
        second.rollback()

    run(session)

    told = [m.to for m in letters(session, "moved")]
    assert len(told) == len(set(told)) == count
    assert session.scalar(select(func.count()).select_from(Answer)) == count


def test_the_learner_sees_from_where_to_where_and_keeps_their_place(
    session, browser, webinar, ana, move
):
    enrolment = booking.enrol(session, webinar, ana, at=now())
    move()
    page = browser.sign_in(ana).visit(f"/enrolments/{enrolment.id}")
    assert "Moved from" in page.text
    assert "The speaker is ill." in page.text

    browser.post(f"/enrolments/{enrolment.id}/answer", {"keeps": "1"})

    page = browser.visit(f"/enrolments/{enrolment.id}")
    assert "You have a place." in page.text
    assert "Moved from" not in page.text
    assert session.scalars(select(Answer)).one().keeps is True


def test_giving_up_a_place_promotes_who_waits(session, browser, two_places, enrolled, eva, ana):
    enrolment = booking.enrol(session, two_places, ana, at=now())
    _second, third = enrolled(two_places, 2)
    hours = [replace(h, on=h.on + timedelta(days=1)) for h in two_places.plan.hours]
    acts.reschedule(two_places, hours, two_places.zone, reason="Ill.", by=eva, at=now())
    session.commit()

    browser.sign_in(ana).post(f"/enrolments/{enrolment.id}/answer", {"keeps": "0"})

    assert not session.get(Enrolment, enrolment.id).is_active
    assert session.get(Enrolment, third.id).has_place


def test_another_persons_place_is_out_of_reach(session, browser, webinar, ana, ben, move):
    enrolment = booking.enrol(session, webinar, ana, at=now())
    move()

    browser.sign_in(ben).post(f"/enrolments/{enrolment.id}/answer", {"keeps": "0"}, status=404)

    assert session.get(Enrolment, enrolment.id).is_active


def test_the_desk_previews_what_is_told_before_it_moves(
    session, browser, another_browser, webinar, eva, enrolled, later
):
    enrolled(webinar, 2)
    before = webinar.starts_at
    browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/hours")
    day = later[0].on.isoformat()

    page = browser.submit(status=200, on=day, reason="The speaker is ill.")

    assert "This is what they are told" in page.text
    assert "have a place and are told by mail" in page.text
    assert webinar.starts_at == before
    fields = {name: v[-1] for name, v in page.form("")["fields"].items() if v}
    browser.post(f"/desk/activities/{webinar.id}/hours", {**fields, "sure": "1"})
    assert webinar.starts_at == before + timedelta(days=1)
    public = another_browser.visit(f"/agenda/{webinar.id}").text
    assert "Moved on" in public
    assert "The speaker is ill." in public


def test_moving_needs_a_reason_and_another_hour(session, browser, webinar, eva):
    browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/hours")
    assert "Say why" in browser.submit(status=422).text
    page = browser.submit(status=422, reason="Because")
    assert "These are the hours it has already." in page.text


def test_the_act_itself_refuses_too(session, webinar, eva, later, move):
    with pytest.raises(Refusal, match="Say why"):
        move(reason=" ")
    with pytest.raises(Refusal, match="hours it has already"):
        move(hours=webinar.plan.hours)
    with pytest.raises(Refusal, match="number of its sessions"):
        move(hours=[*later, *later])
    with pytest.raises(Refusal, match="It has started"):
        move(at=webinar.starts_at)
    move(at=webinar.starts_at - timedelta(seconds=1), hours=later)
    assert webinar.changes == 1


def test_a_session_that_has_begun_stays_while_a_later_one_moves(session, webinar, eva):
    first = webinar.plan.hours[0]
    second = replace(first, on=first.on + timedelta(days=7))
    webinar.meets([first, second], webinar.zone)
    session.flush()
    wanted = [replace(first, on=first.on + timedelta(days=2)),
              replace(second, on=second.on + timedelta(days=1))]  # fmt: skip

    moving = acts.reschedule(
        webinar, wanted, webinar.zone, reason="Ill.", by=eva, at=webinar.starts_at
    )

    assert [one.on for one in webinar.plan.hours] == [first.on, wanted[1].on]
    assert len(moving.moves) == 1


def test_only_the_leading_society_moves_and_cancels(session, browser, webinar, sam):
    browser.sign_in(sam)
    for page in ("hours", "cancellation"):
        browser.visit(f"/desk/activities/{webinar.id}/{page}", status=404)
        browser.post(f"/desk/activities/{webinar.id}/{page}", {"sure": "1"}, status=404)
    assert webinar.changes == 0


def test_a_cancelled_webinar_stays_visible_and_takes_nobody(
    session, browser, another_browser, webinar, eva, ana, enrolled
):
    webinar.capacity = 1
    placed, waiting = enrolled(webinar, 2)
    page = browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/cancellation")
    page = browser.submit(status=200, reason="The house is closed.")
    assert "This is what they are told" in page.text
    browser.post(f"/desk/activities/{webinar.id}/cancellation",
                 {"reason": "The house is closed.", "sure": "1"})  # fmt: skip

    public = another_browser.visit(f"/agenda/{webinar.id}").text
    assert "The house is closed." in public
    assert "Cancelled" in another_browser.visit("/agenda").text
    [event] = Calendar.from_ical(another_browser.visit("/agenda/feed.ics").response.text).walk(
        "VEVENT"
    )
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    with pytest.raises(Refusal, match="cancelled"):
        booking.enrol(session, webinar, ana, at=now())
    booking.withdraw(session, placed, by=placed.person, at=now())
    assert not waiting.has_place
    at = webinar.starts_at + timedelta(minutes=1)
    assert not placed.may_join(at)


def test_everyone_is_told_of_a_cancellation_once(session, webinar, enrolled, call_off):
    (placed,) = enrolled(webinar, 1)
    call_off()

    run(session)
    run(session)

    [told] = letters(session, "cancelled")
    kind, method, [event] = entry_in(told)
    assert (kind, method) == ("text/calendar; method=CANCEL", "CANCEL")
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert "The house is closed." in told.plain
    assert told.to == placed.person.address


def test_the_enrolment_of_a_cancelled_webinar_says_so(session, browser, webinar, ana, call_off):
    enrolment = booking.enrol(session, webinar, ana, at=now())
    call_off()
    page = browser.sign_in(ana).visit(f"/enrolments/{enrolment.id}")
    assert "This was cancelled on" in page.text
    assert "The house is closed." in page.text
    with time_machine.travel(webinar.starts_at, tick=False):
        browser.sign_in(ana)
        assert "Join now" not in browser.visit(f"/enrolments/{enrolment.id}").text


def test_what_is_cancelled_is_neither_moved_nor_cancelled_again(session, webinar, move, call_off):
    call_off()
    with pytest.raises(Refusal, match="This is cancelled"):
        move()
    call_off(reason="Again")
    assert webinar.changes == 1


def test_what_is_settled_has_taken_place_and_cannot_be_cancelled(session, webinar, eva, call_off):
    facts = {"activity_id": webinar.id, "by_id": eva.id, "at": now(), "threshold": 80}
    settlement = Settlement(**facts, present=1, absent=0)
    session.add(settlement)
    session.flush()
    with pytest.raises(Refusal, match="it has taken place"):
        call_off()
    session.delete(settlement)
    session.flush()
    call_off()
    assert webinar.is_cancelled


def test_the_first_letter_names_every_session(session, webinar, ana):
    first = webinar.plan.hours[0]
    webinar.meets([first, replace(first, on=first.on + timedelta(days=7))], webinar.zone)
    booking.enrol(session, webinar, ana, at=now())
    [letter] = letters(session, "enrolled")
    assert letter.plain.count(" to 19:30") == 2
    assert len(entry_in(letter)[2]) == 2


def test_a_draft_is_neither_moved_nor_cancelled(session, eva, societies, call_off):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)
    with pytest.raises(Refusal, match="draft"):
        call_off(activity=draft)
    with pytest.raises(Refusal, match="draft"):
        acts.reschedule(draft, draft.plan.hours, draft.zone, reason="x", by=eva, at=now())


def test_both_acts_are_in_the_journal(session, webinar, move, call_off):
    move()
    call_off()
    said = list(
        session.scalars(select(Entry.act).where(Entry.act.like("webinar.%")).order_by(Entry.id))
    )
    assert said[-2:] == ["webinar.rescheduled", "webinar.cancelled"]
