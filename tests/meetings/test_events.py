"""Presence from callbacks: the same for every order, whatever comes twice or late."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.meetings.events import Event, What, Who, intervals
from app.meetings.telling import from_bigbluebutton, from_minutes, from_zoom, paired

SIX = datetime(2026, 10, 14, 16, tzinfo=UTC)


def at(minute):
    return SIX + timedelta(minutes=minute)


def event(what, minute, line="1", *, until=None, **facts):
    key = f"{what}|{line}|{minute}|{until}|{facts.get('instance', '')}"
    return Event(key, what, at(minute), until=None if until is None else at(until),
                 connection=line, **{"name": f"Person {line}", **facts})  # fmt: skip


def came(minute, line="1", **facts):
    return event(What.JOINED, minute, line, **facts)


def went(minute, line="1", **facts):
    return event(What.LEFT, minute, line, **facts)


def minutes_of(events, who="Person 1"):
    found = {person.name: spans for person, spans in intervals(events).items()}
    return [((a - SIX).seconds // 60, (b - SIX).seconds // 60) for a, b in found.get(who, [])]


def test_who_comes_and_goes_was_there_between():
    assert minutes_of([came(0), went(30), came(40), went(90)]) == [(0, 30), (40, 90)]


def test_who_is_connected_twice_counts_once():
    lines = [came(0, "a", guest="e1"), went(60, "a"), came(20, "b", guest="e1"), went(80, "b")]
    both = intervals([replace(e, name="Ana", guest="e1") for e in lines])
    assert list(both.values()) == [[(at(0), at(80))]]


def test_a_joining_told_again_later_does_not_shorten_the_stay():
    assert minutes_of([came(0), came(10), went(30)]) == [(0, 30)]


def test_a_leaving_without_a_joining_says_nothing():
    assert minutes_of([went(30)]) == []
    assert minutes_of([went(30), came(40), went(50)]) == [(40, 50)]


def test_what_has_no_end_is_not_counted_until_the_meeting_ends():
    assert minutes_of([came(10)]) == []
    assert minutes_of([came(10), event(What.ENDED, 90)]) == [(10, 90)]


def test_the_end_of_another_run_of_the_meeting_ends_nothing():
    assert minutes_of([came(10, instance="a"), event(What.ENDED, 90, instance="b")]) == []


def test_a_second_run_begins_after_the_first_has_ended():
    first, second = event(What.ENDED, 30), event(What.ENDED, 90)
    assert minutes_of([came(0), first, came(50), second]) == [(0, 30), (50, 90)]


def test_leaving_and_coming_back_in_one_second_is_both():
    assert minutes_of([came(0), went(30), came(30), went(60)]) == [(0, 60)]


def test_coming_and_leaving_in_one_second_is_nothing():
    assert minutes_of([came(10), went(10), event(What.ENDED, 90)]) == []


def test_a_leaving_tells_less_and_still_belongs_to_the_same_person():
    left = replace(went(30), name="", guest="")
    assert list(intervals([replace(came(0), guest="e7"), left])) == [Who("e7", "", "Person 1")]


minutes = st.integers(0, 20)
told = st.one_of(
    st.builds(came, minutes, st.sampled_from("ab"), instance=st.sampled_from("xy")),
    st.builds(went, minutes, st.sampled_from("ab"), instance=st.sampled_from("xy")),
    st.builds(
        lambda a, n, line: event(What.STAYED, a, line, until=a + n), minutes, st.integers(1, 9),
        st.sampled_from("ab"),
    ),
    st.builds(lambda a, i: event(What.ENDED, a, "", instance=i), minutes, st.sampled_from("xy")),
)  # fmt: skip


@given(st.lists(told, max_size=25), st.randoms(use_true_random=False))
@examples(max_examples=500)
def test_neither_order_nor_repetition_changes_anything(events, dice: random.Random):
    again = [*events, *dice.choices(events, k=len(events))] if events else []
    dice.shuffle(again)
    assert intervals(again) == intervals(events)


@given(st.lists(told, max_size=25))
@examples(max_examples=500)
def test_it_is_what_somebody_would_count_who_watches_minute_by_minute(events):
    expected: dict[str, set[int]] = {}
    for one in events:
        if one.what is What.STAYED:
            first = (one.at - SIX).seconds // 60
            expected.setdefault(one.name, set()).update(
                range(first, (one.until - SIX).seconds // 60)
            )
    for line in {(e.instance, e.connection) for e in events if e.what in {What.JOINED, What.LEFT}}:
        mine = [e for e in events if (e.instance, e.connection) == line]
        ends = {e.at for e in events if e.what is What.ENDED and e.instance == line[0]}
        expected.setdefault(f"Person {line[1]}", set()).update(watched(mine, ends))
    found: dict[str, set[int]] = {}
    for person, spans in intervals(events).items():
        for start, end in spans:
            found.setdefault(person.name, set()).update(
                range((start - SIX).seconds // 60, (end - SIX).seconds // 60)
            )
    assert found == {name: there for name, there in expected.items() if there}


def watched(line, ends):
    """The minutes of one line that have an end, seen by a doorkeeper with a clock."""
    inside, sure, unsure = False, set(), set()
    for minute in range(31):
        seen = {e.what for e in line if e.at == at(minute)}
        is_over = at(minute) in ends
        if inside and (is_over or What.LEFT in seen):
            sure, unsure = sure | unsure, set()
            inside = seen == {What.JOINED} if is_over else What.JOINED in seen
        elif not inside:
            inside = seen == {What.JOINED}
        if inside and is_over:
            inside = False  # came in the very minute in which the meeting ended
        if inside:
            unsure.add(minute)
    return sure


def test_zooms_callbacks_are_read():
    joined = zoom_says("meeting.participant_joined", join_time="2026-10-14T16:03:00Z")
    number, first = from_zoom(joined)
    assert number == "81234567890"
    assert (first.what, first.at) == (What.JOINED, at(3))
    assert (first.guest, first.address, first.name) == ("reg-1", "ana@clinic.example", "Ana Lopez")
    _number, left = from_zoom(
        zoom_says("webinar.participant_left", leave_time="2026-10-14T17:00:00Z")
    )
    assert intervals([first, left]) == {
        Who("reg-1", "ana@clinic.example", "Ana Lopez"): [(at(3), at(60))]
    }
    assert from_zoom(joined)[1].key == first.key != left.key


def zoom_says(event, **times):
    person = {"user_id": "16778240", "user_name": "Ana Lopez", "email": "Ana@clinic.example",
              "registrant_id": "reg-1", "participant_uuid": "5555AAA", **times}  # fmt: skip
    room = {"id": "81234567890", "uuid": "4444AAAiAAAAAiAiAiiAii==", "participant": person}
    return {"event": event, "event_ts": 1791993780000,
            "payload": {"account_id": "x", "object": room}}  # fmt: skip


def test_zooms_end_of_a_meeting_ends_what_is_open():
    _n, first = from_zoom(zoom_says("meeting.participant_joined", join_time="2026-10-14T16:03:00Z"))
    ended = zoom_says("meeting.ended")
    ended["payload"]["object"] |= {"end_time": "2026-10-14T17:30:00Z"}
    _n, end = from_zoom(ended)
    assert list(intervals([end, first]).values()) == [[(at(3), at(90))]]


def test_what_zoom_tells_of_other_things_is_nothing():
    assert from_zoom(zoom_says("meeting.sharing_started")) is None
    assert from_zoom({"event": "recording.completed"}) is None
    assert from_zoom({}) is None


def test_bigbluebuttons_callbacks_are_read_one_or_many():
    def says(kind, ts, **user):
        return {"data": {"type": "event", "id": kind, "event": {"ts": ts}, "attributes": {
            "meeting": {"internal-meeting-id": "i-1", "external-meeting-id": "confer-1"},
            "user": {"internal-user-id": "w_1", **user}}}}  # fmt: skip

    joined = says("user-joined", 1791993780000, name="Ana", role="VIEWER", **{
        "external-user-id": "e17"})  # fmt: skip
    left = says("user-left", 1791997380000)
    many = [e for _n, e in from_bigbluebutton([joined, left, {"data": {"id": "poll-started"}}])]
    assert [(one, e.what) for one, e in from_bigbluebutton(joined)] == [("confer-1", What.JOINED)]
    assert {w.guest: s for w, s in intervals(many).items()} == {
        "e17": [(datetime.fromtimestamp(1791993780, UTC), datetime.fromtimestamp(1791997380, UTC))]
    }
    assert list(from_bigbluebutton("nonsense")) == list(from_bigbluebutton([None, 5])) == []


def test_bigbluebuttons_minutes_are_read():
    told = {"version": "1.0", "meeting_id": "confer-1", "internal_meeting_id": "i-1", "data": {
        "start": "2026-10-14T15:55:00+00:00", "finish": "2026-10-14T17:30:00+00:00",
        "attendees": [
            {"ext_user_id": "e17", "name": "Ana", "moderator": False,
             "joins": ["2026-10-14T18:00:00+02:00", "2026-10-14T18:40:00+02:00"],
             "leaves": ["2026-10-14T18:30:00+02:00"]},
            {"ext_user_id": "e18", "name": "Eva", "moderator": True,
             "joins": ["2026-10-14T16:00:00Z"], "leaves": ["2026-10-14T17:00:00Z"]},
        ]}}  # fmt: skip
    name, events = from_minutes(told)
    assert name == "confer-1"
    assert intervals(events) == {
        Who("e17", "", "Ana"): [(at(0), at(30)), (at(40), at(90))],
        Who("e18", "", "Eva", moderates=True): [(at(0), at(60))],
    }
    assert from_minutes({}) == ("", [])


def test_a_leaving_that_got_lost_does_not_shift_the_others():
    assert list(paired([at(0), at(20)], [at(10), at(30)], None)) == [
        (at(0), at(10)),
        (at(20), at(30)),
    ]
    assert list(paired([at(0), at(20)], [at(30)], at(90))) == [(at(0), at(30)), (at(20), at(90))]


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["event", "payload", "object", "id", "data", "attributes", "meeting",
                         "participant", "attendees", "joins", "leaves", "finish", "user"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["event", "payload", "data", "meeting_id"]), json_like))
def test_whatever_is_told_is_read_without_a_fall(told):
    from_zoom(told)
    from_minutes(told)
    list(from_bigbluebutton(told))
