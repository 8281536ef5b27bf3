"""Zoom: tokens, meetings and webinars, registrants, reports in pages, limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.calls import CallFailed
from app.clock import now
from app.meetings.platform import Guest, Room, Stay
from tests.meetings.test_bigbluebutton import ANA, WISH


@pytest.fixture(params=[False, True], ids=["meeting", "webinar"])
def either(zoom, request):
    """Zoom as an account that holds meetings, and as one that holds webinars."""
    return replace(zoom, is_webinar=request.param)


def test_the_credentials_are_tried_and_the_host_is_named(zoom):
    assert "Society Office" in zoom.check()


def test_a_wrong_secret_is_told_in_words(zoom):
    with pytest.raises(CallFailed, match="does not accept these credentials") as failed:
        replace(zoom, client_secret="wrong").check()
    assert failed.value.is_lasting


def test_a_host_that_does_not_exist_is_told_in_words(zoom):
    with pytest.raises(CallFailed, match="no such meeting or host"):
        replace(zoom, host="nobody@society.example").check()


def test_a_token_is_fetched_once_and_kept_until_it_expires(zoom, zoom_at):
    zoom.check()
    zoom.check()
    assert zoom_at.times("/oauth/token") == 1
    with time_machine.travel(now() + timedelta(minutes=58), tick=False):
        zoom.check()
        assert zoom_at.times("/oauth/token") == 1
    with time_machine.travel(now() + timedelta(minutes=59), tick=False):
        zoom.check()
        assert zoom_at.times("/oauth/token") == 2


def test_two_accounts_never_share_a_token(zoom, zoom_at):
    zoom.check()
    with pytest.raises(CallFailed):
        replace(zoom, account_id="another").check()
    assert zoom_at.times("/oauth/token") == 2


def test_a_token_that_was_taken_back_is_replaced_once(zoom, zoom_at):
    zoom.check()
    zoom_at.tokens.clear()
    assert zoom.check()
    assert zoom_at.times("/oauth/token") == 2
    zoom_at.token_lasts = 0
    zoom_at.tokens.clear()
    with pytest.raises(CallFailed, match="does not accept the credentials"):
        zoom.check()
    assert zoom_at.times("/oauth/token") == 3


def test_a_meeting_is_made_at_its_hour_with_registration(either, zoom_at):
    room = either.create(WISH)
    made = zoom_at.meetings[int(room.id)]
    assert made["kind"] == either.kind
    assert (made["start_time"], made["duration"]) == ("2026-10-14T16:00:00Z", 90)
    assert made["timezone"] == "Europe/Vienna"
    assert made["settings"]["approval_type"] == 0
    assert room.address == made["join_url"]


def test_a_meeting_whose_answer_was_lost_is_found_and_not_made_again(either, zoom_at):
    zoom_at.loses_answers = 1
    with pytest.raises(CallFailed) as failed:
        either.create(WISH)
    assert not failed.value.is_lasting
    room = either.create(WISH, again=True)
    assert list(zoom_at.meetings) == [int(room.id)]


def test_a_first_wish_that_was_never_heard_is_made_when_asked_again(zoom, zoom_at):
    zoom.create(replace(WISH, key="confer-other"))
    zoom.create(WISH, again=True)
    assert len(zoom_at.meetings) == 2


def test_the_lost_meeting_is_found_on_a_later_page(zoom, zoom_at):
    zoom_at.page_size = 2
    for number in range(5):
        zoom.create(replace(WISH, key=f"confer-{number}-" + "x" * 20))
    room = zoom.create(replace(WISH, key="confer-4-" + "x" * 20), again=True)
    assert len(zoom_at.meetings) == 5
    assert int(room.id) == max(zoom_at.meetings)


def test_a_meeting_is_moved_and_taken_back(either, zoom_at):
    room = either.create(WISH)
    later = replace(WISH, starts_at=WISH.starts_at + timedelta(days=7),
                    ends_at=WISH.ends_at + timedelta(days=7))  # fmt: skip
    either.change(room, later)
    assert zoom_at.meetings[int(room.id)]["start_time"] == "2026-10-21T16:00:00Z"
    either.end(room)
    assert not zoom_at.meetings
    either.end(room)


def test_a_meeting_that_is_on_is_ended_for_everybody(zoom, zoom_at):
    room = zoom.create(WISH)
    known = zoom_at.meetings[int(room.id)]
    known["is_on"] = True
    zoom.end(room)
    assert known["is_on"] is False
    assert not zoom_at.meetings


def test_everybody_has_an_address_of_their_own_and_the_same_one_again(either, zoom_at):
    room = either.create(WISH)
    first, again = either.join_address(room, ANA), either.join_address(room, ANA)
    ben = either.join_address(room, Guest("e-18", "Ben", "ben@clinic.example"))
    assert first == again
    assert first.address != ben.address
    assert first.id
    assert first.address != room.address


def test_whoever_runs_the_meeting_has_the_hosts_address(zoom, zoom_at):
    room = zoom.create(WISH)
    assert zoom.host_address(room, ANA) == zoom_at.meetings[int(room.id)]["start_url"]


def test_the_report_is_read_over_all_its_pages(either, zoom_at):
    zoom_at.page_size = 7
    room = either.create(WISH)
    zoom_at.participants[int(room.id)] = [row(number) for number in range(23)]
    stays = either.presence(room)
    assert len(stays) == 23
    assert stays[3] == Stay(
        name="Person 3", address="person3@clinic.example", guest="reg-3",
        joined_at=datetime(2026, 10, 14, 16, 3, tzinfo=UTC),
        left_at=datetime(2026, 10, 14, 17, 3, tzinfo=UTC),
    )  # fmt: skip


def test_the_waiting_room_is_not_the_meeting(zoom, zoom_at):
    room = zoom.create(WISH)
    zoom_at.participants[int(room.id)] = [row(1), row(2) | {"status": "in_waiting_room"}]
    assert [stay.name for stay in zoom.presence(room)] == ["Person 1"]


def row(number):
    return {
        "id": "", "user_id": str(16778240 + number), "name": f"Person {number}",
        "user_email": f"Person{number}@clinic.example", "registrant_id": f"reg-{number}",
        "join_time": f"2026-10-14T16:{number:02d}:00Z", "duration": 3600, "status": "in_meeting",
        "leave_time": f"2026-10-14T17:{number:02d}:00Z", "failover": False,
    }  # fmt: skip


def test_a_report_that_is_not_there_yet_is_told_in_words(zoom):
    with pytest.raises(CallFailed, match="no such meeting"):
        zoom.presence(Room("81234567890", ""))


def test_recordings_are_the_films(zoom, zoom_at):
    room = zoom.create(WISH)
    assert zoom.recordings(room) == []
    zoom_at.recordings[int(room.id)] = [
        {"id": "f1", "file_type": "MP4", "play_url": "https://zoom.example/rec/play/1",
         "recording_start": "2026-10-14T16:00:00Z", "recording_end": "2026-10-14T17:30:00Z"},
        {"id": "f2", "file_type": "CHAT", "download_url": "https://zoom.example/rec/2"},
    ]  # fmt: skip
    (film,) = zoom.recordings(room)
    assert (film.id, film.seconds) == ("f1", 5400)


def test_asked_to_come_back_at_once_we_do(zoom, zoom_at):
    zoom.check()
    zoom_at.is_busy(2, "0")
    assert zoom.check()


@pytest.mark.parametrize("after", ["90", "2026-10-14T16:01:30Z", "Wed, 14 Oct 2026 16:01:30 GMT"])
def test_asked_to_come_back_later_we_say_when(zoom, zoom_at, after):
    with time_machine.travel(WISH.starts_at, tick=False):
        zoom.check()
        zoom_at.is_busy(3, after)
        with pytest.raises(CallFailed, match="come back later") as failed:
            zoom.check()
    assert failed.value.after == 90
    assert not failed.value.is_lasting
    assert len(zoom_at.instead) == 2


def test_a_meeting_is_not_asked_for_twice_where_it_may_have_been_made(zoom, zoom_at):
    zoom.check()
    zoom_at.is_broken(1)
    with pytest.raises(CallFailed):
        zoom.create(WISH)
    assert zoom_at.times("/meetings") == 1


def test_missing_scopes_are_told_in_words(zoom, zoom_at):
    from tests.meetings.servers import Told

    zoom.check()
    zoom_at.instead = [Told(400, {"code": 4711, "message": "Invalid access token, does not contain "
                                  "scopes:[meeting:write:admin]."})]  # fmt: skip
    with pytest.raises(CallFailed, match="the scopes it needs"):
        zoom.create(WISH)
