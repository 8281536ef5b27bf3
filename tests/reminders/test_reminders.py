"""Reminders are written when they are due, to those whom they concern, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.agenda import acts
from app.agenda.planning import Hour
from app.attendance.models import Settlement
from app.clock import now
from app.completions.awaiting import wait
from app.completions.models import Completion
from app.enrolments.booking import withdraw
from app.evaluations.drawing_up import draw_up
from app.evaluations.kinds import usual
from app.evaluations.models import Receipt
from app.journal.models import Entry
from app.outbox.models import Message
from app.reminders import jobs, queries, writing
from app.reminders.emails import letters as written_as
from app.reminders.kinds import Kind
from app.reminders.models import Reminder, choose
from tests.cast import make_webinar

DAYS, HOURS, MINUTES = (
    lambda n: timedelta(days=n), lambda n: timedelta(hours=n), lambda n: timedelta(minutes=n)
)  # fmt: skip
ANA = "ana@clinic.example"


def test_a_week_a_day_and_an_hour_before_the_start(webinar, place, remind, ana):
    place(ana)
    start = webinar.starts_at

    assert remind(start - DAYS(7) - MINUTES(1)) == []
    assert remind(start - DAYS(7)) == [("week", ANA)]
    assert remind(start - DAYS(5)) == []
    assert remind(start - DAYS(1)) == [("day", ANA)]
    assert remind(start - HOURS(1)) == [("hour", ANA)]
    assert remind(start) == []


def test_each_session_is_reminded_of(session, eva, societies, place, remind, ana):
    series = make_webinar(session, eva, societies.eusomii)
    first = series.starts_at
    local = first.astimezone()
    hours = [Hour(on=(local + DAYS(n)).date(), start=series.plan.start, minutes=60) for n in (0, 6)]
    series.meets(hours, "Europe/Vienna")
    place(ana, on=series)
    second = series.sessions[1].starts_at

    assert remind(first - HOURS(1)) == [("hour", ANA), ("week", ANA)]
    assert remind(second - DAYS(1)) == [("day", ANA)]
    assert remind(second - HOURS(1)) == [("hour", ANA)]


def test_written_once_however_often_it_is_due(session, webinar, place, remind, ana, ben):
    place(ana), place(ben)
    for _n in range(3):
        remind(webinar.starts_at - DAYS(1))

    assert session.scalar(select(func.count()).select_from(Reminder)) == 2
    assert session.scalar(select(func.count()).where(Message.kind == "reminders/before")) == 2


def test_a_second_reminder_of_the_same_start_cannot_be_kept(session, webinar, place, remind, ana):
    """The guard below the chore: the database."""
    enrolment = place(ana)
    remind(webinar.starts_at - DAYS(1))
    another = session.scalars(select(Message.id).order_by(Message.id).limit(1)).one()
    session.add(
        Reminder(enrolment_id=enrolment.id, kind=Kind.DAY, starts_at=webinar.starts_at,
                 message_id=another, at=now())
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_who_waits_or_has_left_is_not_reminded(session, webinar, place, remind, ana, ben, sam):
    webinar.capacity = 2
    place(ana), place(ben), place(sam)
    left = session.get_one(type(webinar), webinar.id)
    assert left.capacity == 2
    assert remind(webinar.starts_at - DAYS(1)) == [("day", ANA), ("day", "ben@clinic.example")]


def test_who_has_left_is_not_reminded(session, webinar, place, remind, ana, ben):
    place(ana)
    withdraw(session, place(ben), by=ben, at=webinar.starts_at - DAYS(10))

    assert remind(webinar.starts_at - DAYS(1)) == [("day", ANA)]


def test_who_comes_late_gets_only_what_is_still_to_come(webinar, place, remind, ana, ben):
    """Ben has just been told by the letter that confirms his place."""
    start = webinar.starts_at
    place(ana), place(ben, at=start - DAYS(6))

    assert remind(start - DAYS(6) + HOURS(1)) == [("week", ANA)]
    assert remind(start - DAYS(1)) == [("day", ANA), ("day", "ben@clinic.example")]


@pytest.mark.parametrize(
    ("late", "written"),
    [
        (DAYS(7) - DAYS(3) + MINUTES(1), ["week"]),
        (DAYS(7) - DAYS(3), []),
        (DAYS(1) - HOURS(18) + MINUTES(1), ["day"]),
        (DAYS(1) - HOURS(18), []),
        (MINUTES(11), ["hour"]),
        (MINUTES(10), []),
    ],
)
def test_after_its_sense_is_over_none_is_sent_late(webinar, place, remind, ana, late, written):
    """A worker that was down for days does not send them all at once when it comes back."""
    place(ana)

    assert remind(webinar.starts_at - late) == [(kind, ANA) for kind in written]


def test_a_cancelled_webinar_is_not_reminded_of(webinar, place, remind, ana, eva):
    place(ana)
    acts.cancel(webinar, reason="The speaker is ill.", by=eva, at=now())

    assert remind(webinar.starts_at - DAYS(1)) == []


def test_a_draft_is_not_reminded_of(session, eva, societies, ana, place, remind, webinar):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)
    place(ana)

    assert remind(draft.starts_at - DAYS(1)) == [("day", ANA)]  # of the one that is announced


def test_a_moved_webinar_is_reminded_of_anew(session, webinar, place, remind, ana, eva):
    place(ana)
    before = webinar.starts_at
    assert remind(before - DAYS(7)) == [("week", ANA)]
    later = before + DAYS(21)
    hour = Hour(on=later.date(), start=webinar.plan.start, minutes=90)
    acts.reschedule(webinar, [hour], "Europe/Vienna", reason="A holiday.", by=eva, at=now())
    session.commit()

    assert remind(before - DAYS(1)) == []
    assert remind(webinar.starts_at - DAYS(7)) == [("week", ANA)]
    assert remind(webinar.starts_at - DAYS(1)) == [("day", ANA)]


def test_moved_to_the_day_after_tomorrow_it_was_told_of_by_another_letter(
    session, webinar, place, remind, ana, eva
):
    place(ana)
    soon = now() + DAYS(5)
    hour = Hour(on=soon.date(), start=webinar.plan.start, minutes=90)
    acts.reschedule(webinar, [hour], "Europe/Vienna", reason="A holiday.", by=eva, at=now())
    session.commit()

    assert remind(now() + MINUTES(1)) == []
    assert remind(webinar.starts_at - DAYS(1)) == [("day", ANA)]


def test_each_person_gets_those_they_wish_for(session, webinar, place, remind, ana, ben):
    place(ana), place(ben)
    choose(session, ana, {Kind.HOUR}, at=now())
    start = webinar.starts_at

    assert remind(start - DAYS(7)) == [("week", "ben@clinic.example")]
    assert remind(start - HOURS(1)) == [("hour", ANA), ("hour", "ben@clinic.example")]


def test_who_has_no_address_keeps_nobody_else_waiting(session, webinar, place, remind, ana, ben):
    place(ana), place(ben)
    ana.addresses[0].confirmed_at = None

    assert remind(webinar.starts_at - DAYS(1)) == [("day", "ben@clinic.example")]


# ------------------------------------------------------------------ batches and their ends


def test_many_are_written_in_batches(session, webinar, place, make_person, monkeypatch):
    for number in range(7):
        place(make_person(f"Person{number} Example"))
    (one,) = queries.rounds(session, at=webinar.starts_at - DAYS(1))
    at = webinar.starts_at - DAYS(1)
    counts = [writing.write(session, one, written_as, at=at, most=3) for _n in range(4)]

    assert counts == [3, 3, 1, 0]
    told = session.scalars(select(Entry.details).where(Entry.act == "webinar.reminded")).all()
    assert [details["count"] for details in told] == [3, 3, 1]


def test_ended_in_the_middle_a_batch_is_written_or_is_not(
    session, webinar, place, remind, ana, ben, monkeypatch
):
    """Whatever ends the worker before the commit leaves neither letters nor notes of them."""
    place(ana), place(ben)
    session.commit()
    at = webinar.starts_at - DAYS(1)

    def killed(*_args: object, **_facts: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.write_all(at=at)
    letter = Message.kind.startswith("reminders/")
    assert session.scalar(select(func.count()).select_from(Reminder)) == 0
    assert session.scalar(select(func.count()).where(letter)) == 0

    assert remind(at) == [("day", ANA), ("day", "ben@clinic.example")]


def test_a_sweep_leaves_the_rest_for_the_next(webinar, place, remind, ana, ben, monkeypatch):
    place(ana), place(ben)
    monkeypatch.setattr(jobs, "MOST", 1)
    monkeypatch.setattr(writing, "BATCH", 1)
    monkeypatch.setattr(writing.write, "__kwdefaults__", {"most": 1})
    at = webinar.starts_at - DAYS(1)

    assert remind(at) == [("day", ANA)]
    assert remind(at) == [("day", "ben@clinic.example")]
    assert remind(at) == []


# ------------------------------------------------------------------ afterwards


def settle(session, webinar, eva, at, *present):
    session.add(
        Settlement(activity=webinar, by=eva, at=at, threshold=80, present=len(present), absent=1)
    )
    for enrolment in present:
        session.add(
            Completion(enrolment_id=enrolment.id, person_id=enrolment.person_id,
                       activity_id=webinar.id, at=at)
        )  # fmt: skip
    session.commit()


def test_those_who_were_there_are_thanked_when_presence_is_confirmed(
    session, webinar, place, remind, letters, ana, ben, eva
):
    anas = place(ana)
    place(ben)
    settle(session, webinar, eva, webinar.until_at + HOURS(2), anas)

    assert remind(webinar.until_at + HOURS(1)) == []
    assert remind(webinar.until_at + HOURS(2)) == [("afterwards", ANA)]
    assert remind(webinar.until_at + DAYS(2)) == []
    (letter,) = letters()
    assert "Your presence is confirmed" in letter.plain
    assert f"/enrolments/{anas.id}/presence" in letter.plain


def test_who_was_there_and_lacks_the_evaluation_is_told_what_the_certificate_waits_for(
    session, webinar, place, remind, letters, ana, ben, eva
):
    anas, bens = place(ana), place(ben)
    webinar.needs_evaluation = True
    form = draw_up(session, webinar, usual(), by=eva, at=webinar.starts_at)
    settle(session, webinar, eva, webinar.until_at + HOURS(2), bens)
    wait(session, webinar, [anas.id], at=webinar.until_at + HOURS(2))
    session.add(Receipt(enrolment_id=bens.id, form_id=form.id, on=webinar.until_at.date()))
    session.commit()

    remind(webinar.until_at + HOURS(2))
    (to_ana,), (to_ben,) = letters(), letters("ben@clinic.example")
    assert "Your certificate comes as soon as you have evaluated" in to_ana.plain
    assert f"/enrolments/{anas.id}/evaluation" in to_ana.plain
    assert "your certificate comes by itself" in to_ben.plain
    assert "/evaluation" not in to_ben.plain


def test_a_day_after_the_end_everybody_is_thanked_even_if_presence_is_open(
    session, webinar, place, remind, letters, ana, ben, eva
):
    anas = place(ana)
    place(ben)
    end = webinar.until_at

    assert remind(end + HOURS(23)) == []
    assert remind(end + DAYS(1)) == [("afterwards", ANA), ("afterwards", "ben@clinic.example")]
    assert "Presence is not confirmed yet" in letters()[0].plain
    settle(session, webinar, eva, end + DAYS(2), anas)
    assert remind(end + DAYS(2)) == []  # thanked once


def test_nobody_is_thanked_weeks_later(session, webinar, place, remind, ana, eva):
    anas = place(ana)
    assert remind(webinar.until_at + DAYS(8)) == []
    settle(session, webinar, eva, webinar.until_at + DAYS(20), anas)

    assert remind(webinar.until_at + DAYS(28)) == []
    assert remind(webinar.until_at + DAYS(20)) == [("afterwards", ANA)]
