"""Ten wrong files of every kind: each is answered by one sentence with its line and its cause."""

import pytest

from app.attendance.reading import read
from app.attendance.unreadable import Unreadable
from tests.attendance import files
from tests.attendance.files import ANA, BEN, attendee, callback
from tests.attendance.reports import VIENNA

CUT = "breaks off, so the file is only a part"


def damaged(kind: str, line: int) -> dict[str, tuple[bytes, str]]:
    """What can happen to every table; the line given is its last, about somebody."""
    whole = files.RIGHT[kind]
    rows = whole.decode().splitlines()
    return {
        "cut off within a letter": (
            whole.replace(b"Ben", "Zoë".encode()).split("ë".encode())[0] + b"\xc3",
            CUT,
        ),
        "in another encoding": (
            whole.decode().replace("Ben Ek", "Zoë").encode("cp1252"),
            "is not UTF-8 text",
        ),
        "with a character that is none": (
            whole.replace(b"Ben Ek", b"Ben\0Ek"),
            "contains a character that no text has",
        ),
        "with a name without end": (
            whole.replace(b"Ben Ek", b"B" * 301),
            "has a cell of more than 300 characters",
        ),
        "with a cell without end": (
            whole.replace(b"Ben Ek", b"B" * 10_001),
            "has a cell of more than 10000 characters",
        ),
        "with a quotation mark out of place": (
            whole.replace(b"Ben Ek", b'"Ben"Ek'),
            "has a quotation mark out of place",
        ),
        "cut off within a row": (
            "\r\n".join([*rows[: line - 1], rows[line - 1][: len(rows[line - 1]) // 3]]).encode(),
            CUT,
        ),
    }  # fmt: skip


def changed(kind: str, before: str, after: str, count: int = 1) -> bytes:
    text = files.RIGHT[kind].decode()
    assert before in text
    return text.replace(before, after, count).encode()


ZOOM = "which is not a date and time as Zoom writes them, such as “10/14/2026 06:00:00 PM”."
TEAMS = "which is not a date and time as Teams writes them, such as “10/14/26, 6:00:00 PM”."
BBB = "not a date and time as BigBlueButton writes them, such as “10/14/2026, 6:00:00 PM”."

WRONG: dict[str, dict[str, tuple[bytes, str]]] = {
    "zoom meeting": damaged("zoom meeting", 7) | {
        "a date that is none": (
            changed("zoom meeting", "06:20:00 PM", "26:20:00 PM"),
            "Line 6 has “10/14/2026 26:20:00 PM” under “Join Time”, " + ZOOM,
        ),
        "leaving before joining": (
            changed("zoom meeting", "06:45:00 PM", "05:45:00 PM"),
            "Line 7 has somebody leave at “10/14/2026 05:45:00 PM”, before joining at",
        ),
        "no people at all": (
            files.lines(*files.MEETING),
            "The file ends at line 2 without the list of who attended",
        ),
        "no column of leaving": (
            changed("zoom meeting", "Leave Time", "Gone"),
            "Line 4 should name the columns, but “Leave Time” is not among them.",
        ),
        "a start that is no date": (
            changed("zoom meeting", "10/14/2026 05:45:00 PM", "soon"),
            "Line 2 has “soon” under “Start Time”, " + ZOOM,
        ),
        "a row that is too short": (
            changed("zoom meeting", ",40,Yes,,No", "").replace(b",10/14/2026 07:00:00 PM", b""),
            "Line 6 has 3 cells where at least 4 are needed.",
        ),
    },
    "zoom minutes": damaged("zoom minutes", 6) | {
        "a length that is none": (
            changed("zoom minutes", "45,No", "long,No"),
            "Line 6 has “long” under “Total Duration (Minutes)”, which is not a length of time",
        ),
        "no time of the meeting": (
            files.lines(*files.MINUTES),
            "Line 1 lists minutes but no times, and the file does not say when the meeting was",
        ),
        "a row that is too short": (
            changed("zoom minutes", "Ana Lopez (Ana),ana@example.org,60,Yes", "Ana"),
            "Line 5 has 1 cells where at least 3 are needed.",
        ),
    },
    "zoom flat": damaged("zoom flat", 5) | {
        "a date that is none": (
            changed("zoom flat", "10/14/2026 06:45:00 PM", "later"),
            "Line 5 has “later” under “Leave Time”, " + ZOOM,
        ),
        "leaving before joining": (
            changed("zoom flat", "06:45:00 PM", "05:45:00 PM"),
            "Line 5 has somebody leave at “10/14/2026 05:45:00 PM”, before joining at",
        ),
        "no column of joining": (
            changed("zoom flat", "Join time", "Came"),
            "Line 1 should name the columns, but “Join Time” is not among them.",
        ),
    },
    "teams": damaged("teams", 16) | {
        "a date that is none": (
            changed("teams", "10/14/26, 6:40:00 PM", "14 paź 2026 18:40"),
            "Line 16 has “14 paź 2026 18:40” under “Join Time”, " + TEAMS,
        ),
        "leaving before joining": (
            changed("teams", "6:25:00 PM", "5:25:00 PM"),
            "Line 15 has somebody leave at “10/14/26, 5:25:00 PM”, before joining at",
        ),
        "cut off after the summary": (
            files.lines(*files.SUMMARY),
            "The file ends at line 5 without the list of who attended",
        ),
        "a total that is none": (
            files.lines(*files.SUMMARY, *files.PEOPLE).replace(b"45m", b"45 mgnienia"),
            "Line 10 has “45 mgnienia” under “In-Meeting Duration”, which is not a length of time",
        ),
    },
    "teams older": damaged("teams older", 3) | {
        "a date that is none": (
            changed("teams older", "10/14/2026, 6:45:00 PM", "10/34/2026, 6:45:00 PM"),
            "Line 3 has “10/34/2026, 6:45:00 PM” under “Leave Time”, " + TEAMS,
        ),
        "dates that may be either": (
            files.RIGHT["teams older"].replace(b"10/14/2026", b"10/05/2026").replace(b" PM", b""),
            "Line 2 has “10/05/2026, 6:00:00” under “Join Time”, where either number may be the",
        ),
        "a row that is too short": (
            changed("teams older", "\t10/14/2026, 7:00:00 PM\t1h\t\tAttendee\tana@example.org", ""),
            "Line 2 has 2 cells where at least 3 are needed.",
        ),
    },
    "bbb dashboard": damaged("bbb dashboard", 4) | {
        "a date that is none": (
            changed("bbb dashboard", "10/14/2026, 6:00:00 PM", "noon"),
            "Line 3 has “noon” under “Join”, which is " + BBB,
        ),
        "a length that is none": (
            changed("bbb dashboard", "00:45:00", "45 min"),
            "Line 4 has “45 min” under “Duration”, which is not a length of time such as",
        ),
        "neither moderator nor not": (
            changed("bbb dashboard", "FALSE", "perhaps"),
            "Line 3 says “PERHAPS” under “Moderator”, where only TRUE, FALSE can stand.",
        ),
        "columns that are missing": (
            files.lines("Name,Moderator,Activity Score", "Ana,FALSE,3"),
            "Line 1 should name the columns, but “Duration” is not among them.",
        ),
        "leaving before joining": (
            changed("bbb dashboard", '7:00:00 PM","00:45', '5:00:00 PM","00:45'),
            "Line 4 has somebody leave at “10/14/2026, 5:00:00 PM”, before joining at",
        ),
    },
    "bbb callback": {
        "cut off": (
            callback(ANA, BEN)[:-30],
            "is not complete JSON",
        ),
        "a comma too many": (
            callback(ANA, BEN).replace(b'"leaves"', b',"leaves"', 1),
            "Line 4 is not complete JSON",
        ),
        "a nesting without end": (
            b'{"internal_meeting_id": ' + b"[" * 200_000,
            "Line 1 is not complete JSON",
        ),
        "a number without end": (
            callback(ANA, BEN).replace(b'"duration": 6300', b'"duration": ' + b"9" * 5000),
            "Line 1 is not complete JSON",
        ),
        "no account of the meeting": (
            b'{"internal_meeting_id": "x", "data": 3}',
            "Line 1: the file has no usable “data”",
        ),
        "no attendees": (
            b'{"internal_meeting_id": "x", "data": {"start": "2026-10-14T15:45:00Z",'
            b'"finish": "2026-10-14T17:40:00Z", "attendees": {}}}',
            "Line 1: the meeting has no usable “attendees”",
        ),
        "a meeting without an end": (
            callback(ANA, finish="some day"),
            "Line 1: the meeting has no usable “finish”",
        ),
        "an attendee that is none": (
            callback(ANA, "Ben"),
            "Line 5: attendee 2 has no usable “name”",
        ),
        "a nameless attendee": (
            callback(ANA, BEN | {"name": 7}),
            "Line 5: attendee 2 has no usable “name”",
        ),
        "a joining that is no moment": (
            callback(ANA, attendee("Ben", "", ["soon"], [])),
            "Line 5: attendee 2 has no usable “joins”",
        ),
        "leaving more often than joining": (
            callback(ANA, BEN | {"joins": []}),
            "Line 5: attendee 2 has no usable “joins”",
        ),
        "leaving before joining": (
            callback(ANA, BEN | {"leaves": ["2026-10-14T15:00:00Z"]}),
            "Line 5 has somebody leave at “15:00:00 UTC”, before joining at “16:00:00 UTC”.",
        ),
    },
    "plain": damaged("plain", 3) | {
        "a date that is none": (
            changed("plain", "2026-10-14 18:45", "quarter to seven"),
            "Line 3 has “quarter to seven” under “left”, which is not a date and time",
        ),
        "dates that may be either": (
            files.lines(files.PLAIN[0], "Ana,,05/10/2026 18:00,05/10/2026 19:00"),
            "Line 2 has “05/10/2026 18:00” under “joined”, where either number may be the month",
        ),
        "leaving before joining": (
            changed("plain", "2026-10-14 18:45", "2026-10-14 17:45"),
            "Line 3 has somebody leave at “2026-10-14 17:45”, before joining at",
        ),
    },
}  # fmt: skip
ALL = [(kind, wrong) for kind, wrongs in WRONG.items() for wrong in wrongs]


@pytest.mark.parametrize(("kind", "wrong"), ALL)
def test_a_wrong_file_is_answered_by_a_sentence_with_line_and_cause(kind: str, wrong: str) -> None:
    data, sentence = WRONG[kind][wrong]

    with pytest.raises(Unreadable) as caught:
        read(data, zone=VIENNA)

    said = caught.value.sentence()
    assert sentence in said
    assert caught.value.problem.line is not None
    assert "\n" not in said
    assert said.endswith(".")


@pytest.mark.parametrize("kind", files.RIGHT)
def test_the_right_file_of_each_kind_is_read(kind: str) -> None:
    assert len(WRONG[kind]) >= 10
    assert read(files.RIGHT[kind], zone=VIENNA).rows
