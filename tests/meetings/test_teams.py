"""Teams through Graph: one organiser's meetings, attendance reports in pages, throttling."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.calls import CallFailed
from tests.meetings.servers import Told
from tests.meetings.test_bigbluebutton import ANA, WISH


def record(number, *intervals, role="Attendee"):
    return {
        "emailAddress": f"Person{number}@clinic.example", "role": role,
        "totalAttendanceInSeconds": 322,
        "identity": {"id": "x", "displayName": f"Person {number}", "tenantId": None},
        "attendanceIntervals": [
            {"joinDateTime": a, "leaveDateTime": b, "durationInSeconds": 1} for a, b in intervals
        ],
    }  # fmt: skip


def test_the_credentials_are_tried(teams):
    assert "hold meetings" in teams.check()


@pytest.mark.parametrize("wrong", ["client_id", "client_secret"])
def test_wrong_credentials_are_told_in_words(teams, wrong):
    with pytest.raises(CallFailed, match="does not accept these credentials"):
        replace(teams, **{wrong: "wrong"}).check()


def test_an_organiser_whom_nobody_knows_is_told_in_words(teams):
    with pytest.raises(CallFailed, match="no such meeting or organiser"):
        replace(teams, organiser="nobody").check()


def test_a_missing_policy_is_told_in_words(teams, teams_at):
    teams_at.has_policy = False
    with pytest.raises(CallFailed, match="application access policy"):
        teams.check()


def test_a_meeting_is_made_once_however_often_it_is_asked_for(teams, teams_at):
    first, second = teams.create(WISH), teams.create(WISH, again=True)
    assert first == second
    (made,) = teams_at.meetings.values()
    assert made["startDateTime"] == "2026-10-14T16:00:00Z"
    assert made["subject"] == WISH.title


def test_a_meeting_is_moved_and_taken_back(teams, teams_at):
    room = teams.create(WISH)
    teams.change(room, replace(WISH, starts_at=WISH.starts_at + timedelta(hours=1)))
    assert teams_at.meetings[room.id]["startDateTime"] == "2026-10-14T17:00:00Z"
    teams.end(room)
    teams.end(room)
    assert not teams_at.meetings


def test_everybody_comes_in_by_the_same_address(teams):
    room = teams.create(WISH)
    assert teams.join_address(room, ANA).address == room.address


def test_all_reports_are_read_over_all_their_pages(teams, teams_at):
    teams_at.page_size = 2
    room = teams.create(WISH)
    once = ("2026-10-14T16:00:27.6027225Z", "2026-10-14T16:43:49.7702391Z")
    again = ("2026-10-14T16:50:00Z", "2026-10-14T17:30:00Z")
    teams_at.reports[room.id] = {
        "r1": [record(n, once) for n in range(5)],
        "r2": [record(0, once, again, role="Organizer")],
        "r3": [record(9, (None, None))],
    }
    stays = teams.presence(room)
    assert len(stays) == 7
    assert stays[0].address == "person0@clinic.example"
    assert stays[0].joined_at == datetime(2026, 10, 14, 16, 0, 27, 602722, tzinfo=UTC)
    assert [stay.moderates for stay in stays[-2:]] == [True, True]


def test_the_next_page_is_never_fetched_from_another_server(teams, teams_at):
    teams_at.page_size, teams_at.elsewhere = 1, "http://169.254.169.254"
    room = teams.create(WISH)
    teams_at.reports[room.id] = {f"r{n}": [] for n in range(3)}
    with pytest.raises(CallFailed, match="another server"):
        teams.presence(room)


def test_a_token_that_was_taken_back_is_replaced_once(teams, teams_at):
    teams.check()
    teams_at.tokens.clear()
    assert teams.check()
    assert teams_at.times("/token") == 2


def test_throttled_for_long_we_say_when_to_come_back(teams, teams_at):
    teams.check()
    teams_at.instead = [Told(429, {"error": {"code": "TooManyRequests"}}, {"Retry-After": "120"})]
    with pytest.raises(CallFailed) as failed:
        teams.check()
    assert failed.value.after == 120
