"""Meetings: made by a job, told in words when they cannot be, following the plan by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.agenda import acts
from app.clock import now
from app.errors import Refusal
from app.meetings import making
from app.meetings.jobs import act
from app.meetings.models import Meeting, Seat, Task
from tests.meetings.servers import Told


@pytest.fixture(params=["bigbluebutton", "zoom", "teams"])
def account(request):
    """Each platform in turn."""
    name = {"bigbluebutton": "bbb_account"}.get(request.param, f"{request.param}_account")
    return request.getfixturevalue(name)


@pytest.fixture
def asked(session, webinar, eva):
    """Ask for the meeting of the webinar's only session."""
    webinar.link = ""
    session.commit()

    def ask(account, **facts):
        meeting = making.ask(session, webinar, webinar.sessions[0], account, by=eva, at=now(),
                             **facts)  # fmt: skip
        session.commit()
        return meeting

    return ask


def again(session, meeting):
    session.expire_all()
    return session.get_one(Meeting, meeting.id)


def test_a_meeting_is_made_by_the_worker(session, account, asked, work):
    meeting = asked(account)
    assert (meeting.task, meeting.made_at) == (Task.MAKE, None)
    work()
    meeting = again(session, meeting)
    assert meeting.task is None
    assert meeting.is_made
    assert meeting.external_id


def test_delivered_twice_it_is_made_once(session, zoom_account, zoom_at, asked, work):
    key = asked(zoom_account).id
    work()
    act(key)
    act(key)
    assert len(zoom_at.meetings) == 1


def test_a_webinar_without_a_link_has_that_of_its_meeting(session, webinar, zoom_account, asked,
                                                           work):  # fmt: skip
    meeting = asked(zoom_account)
    work()
    assert again(session, meeting).address == webinar.link != ""


def test_behind_a_plain_link_there_is_nothing_to_wait_for(session, webinar, asked):
    meeting = asked(None, link="https://meet.jit.si/room")
    assert meeting.is_made
    assert meeting.task is None
    assert webinar.link == "https://meet.jit.si/room"


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "meet.jit.si/room"])
def test_a_link_that_is_none_is_refused(session, asked, link):
    with pytest.raises(Refusal, match="https"):
        asked(None, link=link)


def test_a_session_has_one_meeting(session, webinar, eva, bbb_account, asked):
    asked(bbb_account)
    with pytest.raises(Refusal, match="already"):
        asked(bbb_account)
    session.rollback()
    session.add(Meeting(activity=webinar, session=webinar.sessions[0], key="other", title="x",
                        starts_at=now(), ends_at=now(), zone="UTC", by=eva, asked_at=now(),
                        next_at=now()))  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_failure_that_passes_is_tried_again_by_itself(session, zoom_account, zoom_at, asked,
                                                         work):  # fmt: skip
    meeting = asked(zoom_account)
    zoom_at.is_broken(20)
    work()
    meeting = again(session, meeting)
    assert not meeting.has_failed
    assert "fault of its own" in meeting.last_error
    assert meeting.next_at > now()
    zoom_at.instead.clear()
    with time_machine.travel(meeting.next_at + timedelta(seconds=1), tick=False):
        work()
    assert again(session, meeting).is_made


def test_asked_to_wait_it_is_not_tried_before(session, zoom_account, zoom_at, asked, work):
    meeting = asked(zoom_account)
    zoom_at.is_busy(5, "1800")
    work()
    meeting = again(session, meeting)
    assert meeting.next_at > now() + timedelta(minutes=29)
    assert len(zoom_at.asked) == 1


def test_a_failure_that_stays_is_shown_at_once_with_its_reason(session, bbb_account, bbb_server,
                                                                asked, work):  # fmt: skip
    bbb_server.secret = "changed there"
    meeting = asked(bbb_account)
    work()
    meeting = again(session, meeting)
    assert meeting.has_failed
    assert "does not accept the shared secret" in meeting.last_error
    work()
    assert bbb_server.times("create") == 1


def test_tried_in_vain_for_long_it_is_shown_as_failed(session, zoom_account, zoom_at, asked, work):
    meeting = asked(zoom_account)
    zoom_at.instead = [Told(502, "")] * 200
    for _try in range(12):
        with time_machine.travel(again(session, meeting).next_at + timedelta(seconds=1)):
            work()
    assert again(session, meeting).has_failed


def test_a_meeting_whose_answer_was_lost_is_not_made_twice(session, zoom_account, zoom_at, asked,
                                                            work):  # fmt: skip
    meeting = asked(zoom_account)
    zoom_at.loses_answers = 1
    work()
    meeting = again(session, meeting)
    assert not meeting.is_made
    with time_machine.travel(meeting.next_at + timedelta(seconds=1), tick=False):
        work()
    assert again(session, meeting).is_made
    assert len(zoom_at.meetings) == 1


def test_tried_again_by_hand_it_is_not_made_twice_either(session, eva, zoom_account, zoom_at, asked,
                                                         work):  # fmt: skip
    meeting = asked(zoom_account)
    zoom_at.loses_answers = 1
    work()
    zoom_at.instead = [Told(400, "{}")]
    with time_machine.travel(again(session, meeting).next_at + timedelta(seconds=1), tick=False):
        work()
    meeting = again(session, meeting)
    assert meeting.has_failed
    assert len(zoom_at.meetings) == 1
    making.try_again(session, meeting, by=eva, at=now())
    work()
    assert again(session, meeting).is_made
    assert len(zoom_at.meetings) == 1


@pytest.fixture
def move(session, webinar, eva):
    """Reschedule the webinar, as its administrators do."""

    def by(days):
        hours = [
            replace(hour, on=hour.on + timedelta(days=days), fold=None)
            for hour in webinar.plan.hours
        ]
        acts.reschedule(
            webinar, hours, webinar.zone, reason="The speaker is ill.", by=eva, at=now()
        )
        session.commit()

    return by


def test_a_session_that_moves_takes_its_meeting_along(
    session, webinar, zoom_account, zoom_at, asked, work, move
):
    meeting = asked(zoom_account)
    work()
    before = zoom_at.meetings[int(again(session, meeting).external_id)]["start_time"]
    move(7)
    work()
    meeting = again(session, meeting)
    after = zoom_at.meetings[int(meeting.external_id)]["start_time"]
    assert after > before
    assert meeting.starts_at == webinar.sessions[0].starts_at
    asked_before = len(zoom_at.asked)
    work()
    assert len(zoom_at.asked) == asked_before


def test_a_plan_that_changes_while_the_meeting_is_made_is_followed(
    session, webinar, zoom_account, zoom_at, asked, work, move
):
    meeting = asked(zoom_account)
    move(7)
    work()
    made = zoom_at.meetings[int(again(session, meeting).external_id)]
    starts_at = webinar.sessions[0].starts_at
    assert made["start_time"] == starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_cancelled_webinar_gives_its_meeting_back(
    session, webinar, account, asked, work, request
):
    meeting = asked(account)
    work()
    webinar.cancelled_at = now()
    session.commit()
    work()
    meeting = again(session, meeting)
    assert meeting.ended_at is not None
    assert webinar.link == ""


def test_a_session_taken_off_the_plan_gives_its_meeting_back(session, webinar, zoom_account,
                                                              zoom_at, asked, work):  # fmt: skip
    meeting = asked(zoom_account)
    work()
    session.expire_all()
    session.delete(webinar.sessions[0])
    session.commit()
    work()
    assert again(session, meeting).ended_at is not None
    assert not zoom_at.meetings


def test_what_was_never_made_is_taken_back_at_once(
    session, eva, zoom_account, zoom_at, asked, work
):
    meeting = asked(zoom_account)
    making.take_back(session, meeting, by=eva, at=now())
    session.commit()
    work()
    assert again(session, meeting).ended_at is not None
    assert zoom_at.asked == []


def test_taken_back_another_may_be_made(session, eva, bbb_account, bbb_server, asked, work):
    meeting = asked(bbb_account)
    work()
    making.take_back(session, again(session, meeting), by=eva, at=now())
    session.commit()
    work()
    assert bbb_server.rooms[meeting.key].has_ended
    assert asked(bbb_account).key != meeting.key


def test_what_cannot_be_ended_may_be_left_to_its_platform(session, eva, zoom_account, zoom_at,
                                                           asked, work):  # fmt: skip
    meeting = asked(zoom_account)
    work()
    making.take_back(session, again(session, meeting), by=eva, at=now())
    session.commit()
    zoom_at.instead = [Told(403, {"code": 3, "message": "no"})] * 9
    work()
    meeting = again(session, meeting)
    assert meeting.has_failed
    assert meeting.ended_at is None
    making.give_up(session, meeting, by=eva, at=now())
    assert meeting.ended_at is not None


def test_bigbluebutton_opens_its_doors_shortly_before_and_not_earlier(
    session, webinar, bbb_account, bbb_server, asked, work
):
    meeting = asked(bbb_account)
    work()
    bbb_server.rooms.clear()
    starts_at = webinar.sessions[0].starts_at
    with time_machine.travel(starts_at - timedelta(minutes=30), tick=False):
        work()
        assert not bbb_server.rooms
    with time_machine.travel(starts_at - timedelta(minutes=19), tick=False):
        work()
        assert list(bbb_server.rooms) == [meeting.key]
        assert again(session, meeting).opened_at is not None
        (callback,) = bbb_server.hooks
        assert callback.endswith(f"/events/{meeting.key}")


def test_the_day_before_everybody_gets_an_address_of_their_own(
    session, webinar, zoom_account, zoom_at, asked, work, make_person
):
    from app.enrolments.booking import enrol

    for number in range(5):
        enrol(session, webinar, make_person(f"Person{number} X"), at=now())
    meeting = asked(zoom_account)
    work()
    assert session.scalars(select(Seat)).all() == []
    with time_machine.travel(webinar.sessions[0].starts_at - timedelta(hours=23), tick=False):
        work()
        work()
    seats = session.scalars(select(Seat)).all()
    assert len({seat.address for seat in seats}) == 5
    assert len(zoom_at.registrants[int(again(session, meeting).external_id)]) == 5


def test_after_the_end_the_report_is_asked_for_until_it_is_there(
    session, webinar, zoom_account, zoom_at, asked, work
):
    from app.meetings.queries import presence_rows

    meeting = asked(zoom_account)
    work()
    of = webinar.sessions[0]
    with time_machine.travel(of.ends_at + timedelta(minutes=29), tick=False):
        work()
        assert zoom_at.times("/participants") == 0
    with time_machine.travel(of.ends_at + timedelta(minutes=31), tick=False):
        work()
        meeting = again(session, meeting)
        assert zoom_at.times("/participants") == 1
        assert not meeting.has_failed
        number = int(meeting.external_id)
    zoom_at.participants[number] = [{
        "name": "Ana", "user_email": "ana@clinic.example", "status": "in_meeting",
        "join_time": of.starts_at.isoformat(), "leave_time": of.ends_at.isoformat(),
    }]  # fmt: skip
    with time_machine.travel(meeting.next_at + timedelta(seconds=1), tick=False):
        work()
    meeting = again(session, meeting)
    assert meeting.fetched_at is not None
    (row,) = presence_rows(session, webinar)
    assert (row.joined_at, row.left_at) == of.window
    assert row.address == "ana@clinic.example"
