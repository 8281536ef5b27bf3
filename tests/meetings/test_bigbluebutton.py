"""BigBlueButton: signed calls, meetings that live while they are used, recordings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from app.calls import CallFailed
from app.meetings.bigbluebutton import checksum
from app.meetings.platform import Guest, Wish
from tests.meetings.servers import Told

WISH = Wish(
    key="confer-1f2e3d4c5b6a79881f2e3d4c5b6a7988",
    title="DICOMweb, FHIR & IHE: «in practice»",
    starts_at=datetime(2026, 10, 14, 16, tzinfo=UTC),
    ends_at=datetime(2026, 10, 14, 17, 30, tzinfo=UTC),
    zone="Europe/Vienna",
    page="https://confer.example/agenda/1",
    hook="https://confer.example/hooks/bbb/" + "h" * 43,
    minutes_hook="https://confer.example/hooks/bbb/" + "h" * 43 + "/minutes",
)
ANA = Guest("e-17", "Ana López & Søn", "ana@clinic.example")


def test_the_checksum_is_the_one_of_the_documentation():
    query = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444"
    secret = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
    assert checksum("create", query, secret, "sha1") == "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"


def test_the_address_of_a_call_is_the_one_of_the_documentation(bbb):
    facts = {
        "name": "Test Meeting", "meetingID": "abc123", "attendeePW": "111222",
        "moderatorPW": "333444",
    }  # fmt: skip
    url = replace(bbb, algorithm="sha1").url("create", facts)
    assert url.endswith("333444&checksum=1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_every_algorithm_of_the_server_is_spoken(bbb, bbb_server, algorithm):
    bbb_server.supported = {algorithm}
    assert replace(bbb, algorithm=algorithm).check()
    other = "sha256" if algorithm != "sha256" else "sha512"
    with pytest.raises(CallFailed, match="shared secret"):
        replace(bbb, algorithm=other).check()


def test_a_wrong_secret_is_told_in_words_and_trying_again_does_not_help(bbb):
    with pytest.raises(CallFailed, match="does not accept the shared secret") as failed:
        replace(bbb, secret="another").check()
    assert failed.value.is_lasting


def test_a_meeting_is_made_once_however_often_it_is_asked_for(bbb, bbb_server):
    first, second = bbb.create(WISH), bbb.create(WISH, again=True)
    assert first == second
    assert list(bbb_server.rooms) == [WISH.key]
    facts = bbb_server.rooms[WISH.key].facts
    assert facts["name"] == WISH.title
    assert facts["meetingKeepEvents"] == "true"
    assert facts["meta_analytics-callback-url"] == WISH.minutes_hook


def test_a_title_longer_than_the_server_takes_is_cut(bbb, bbb_server):
    bbb.create(replace(WISH, title="Ü" * 100))
    assert bbb_server.rooms[WISH.key].facts["name"] == "Ü" * 64


def test_a_room_that_nobody_used_in_time_is_there_again_when_the_doors_open(bbb, bbb_server):
    room = bbb.create(WISH)
    bbb_server.rooms.clear()
    bbb.open(room, WISH)
    assert list(bbb_server.rooms) == [WISH.key]
    assert bbb_server.hooks[WISH.hook]["eventID"] == "meeting-ended,user-joined,user-left"


def test_a_server_without_webhooks_still_opens_its_doors(bbb, bbb_server):
    bbb_server.has_webhooks = False
    bbb.open(bbb.create(WISH), WISH)
    assert not bbb_server.hooks


def test_the_address_to_join_is_the_persons_own_and_opens_the_room(bbb, bbb_server):
    room = bbb.create(WISH)
    entrance = bbb.join_address(room, ANA)
    asked = {k: v[0] for k, v in parse_qs(urlsplit(entrance.address).query).items()}
    assert asked["userID"] == entrance.id == "e-17"
    assert asked["fullName"] == "Ana López & Søn"
    assert asked["role"] == "VIEWER"
    assert "role=MODERATOR" in bbb.host_address(room, ANA)
    assert joins(bbb_server, entrance.address).status == 302
    assert joins(bbb_server, entrance.address.replace("VIEWER", "MODERATOR")).status == 200


def joins(server, address):
    """What the server answers the browser that follows this address."""
    from tests.meetings.servers import Asked

    parts = urlsplit(address)
    return server.answer(Asked("GET", parts.path, parts.query, {}, b""))


def test_ending_twice_or_what_never_was_is_no_failure(bbb, bbb_server):
    room = bbb.create(WISH)
    bbb.end(room)
    bbb.end(room)
    bbb.end(replace(room, id="never-made"))
    assert bbb_server.rooms[WISH.key].has_ended


def test_recordings_are_those_that_can_be_watched(bbb, bbb_server):
    room = bbb.create(WISH)
    assert bbb.recordings(room) == []
    bbb_server.rooms[WISH.key].recordings.append("rec-1")
    (film,) = bbb.recordings(room)
    assert film.address == f"{bbb_server.url}/playback/rec-1"
    assert film.seconds == 33 * 60
    assert film.starts_at == datetime(2018, 7, 4, 15, 38, 41, 124000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "words", "lasts"),
    [
        (Told(404, "no", kind="text/plain"), "/bigbluebutton/api", True),
        (Told(200, "<html><p>Welcome</html>", kind="text/html"), "not BigBlueButton", True),
        (Told(200, "<!DOCTYPE r [<!ENTITY a 'b'>]><response>&a;</response>"), "not BigBlue", True),
        (Told(302, "", {"Location": "https://elsewhere.example/"}), "another address", True),
        (Told(200, "<response><returncode>FAILED</returncode><messageKey>x</messageKey>"
              "<message>Too many meetings</message></response>"), "Too many meetings", True),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_in_words(bbb, bbb_server, told, words, lasts):
    bbb_server.instead = [told] * 3
    with pytest.raises(CallFailed, match=words) as failed:
        bbb.check()
    assert failed.value.is_lasting is lasts


def test_a_server_that_stumbles_twice_is_asked_a_third_time(bbb, bbb_server):
    bbb_server.is_broken(2)
    assert bbb.check()
    assert len(bbb_server.asked) == 3


def test_a_server_that_stays_broken_is_told_in_words_and_may_be_tried_later(bbb, bbb_server):
    bbb_server.is_broken(9)
    with pytest.raises(CallFailed, match="fault of its own") as failed:
        bbb.check()
    assert not failed.value.is_lasting
    assert len(bbb_server.asked) == 3
