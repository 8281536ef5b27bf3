import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attendance.plausibility import plausibility
from app.attendance.presence import Interval
from app.attendance.reading import read
from app.attendance.report import Report, Role, Row
from app.attendance.table import ROWS
from app.attendance.unreadable import Kind, Unreadable
from tests.attendance.reports import (
    HEADING,
    SAMPLE,
    SAMPLES,
    TITLE,
    VIENNA,
    line,
    report,
    the_sample,
    the_session,
)

UTC_ZONE = ZoneInfo("UTC")


def refusal(data: bytes, zone: ZoneInfo = VIENNA) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, zone=zone)
    return caught.value.sentence()


def only_row_of(data: bytes, zone: ZoneInfo = VIENNA) -> Interval:
    (row,) = read(data, zone=zone).rows
    return row.interval


def only_stay() -> tuple[Interval, ...]:
    return (only_row_of(report(line())),)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]


# -- what the report says -------------------------------------------------------------------------


def test_the_report_tells_which_webinar_it_is_about() -> None:
    sample = the_sample()

    assert (sample.provider, sample.topic) == ("zoom-webinar", TITLE)
    assert sample.webinar_id == "328-972-509"
    assert sample.started_at == at(2026, 10, 14, 16)
    assert (sample.minutes, sample.viewers) == (90, 60)
    assert sample.generated_at == at(2026, 10, 15, 17, 30)


def test_hosts_and_panelists_are_kept_with_their_roles() -> None:
    sample = the_sample()

    assert {p.name: p.role for p in sample.participants if p.role is not Role.ATTENDEE} == {
        "Course Office": Role.HOST,
        "First Speaker": Role.PANELIST,
    }
    assert sum(p.role is Role.ATTENDEE for p in sample.participants) == 42


def test_who_registered_and_did_not_come_is_listed_apart() -> None:
    absent = the_sample().registered_not_attended

    assert len(absent) == 12
    assert absent[0].name == "Siân Ŵyn-Ŷale"
    assert absent[0].address == "learner003@example.org"
    assert SAMPLE.decode().splitlines()[absent[0].line - 1].startswith("No,Siân")


def test_each_stay_knows_the_line_it_stands_on() -> None:
    lines = SAMPLE.decode("utf-8-sig").splitlines()

    assert all(row.address and row.address in lines[row.line - 1] for row in the_sample().rows)


def test_one_person_who_rejoins_has_two_stays() -> None:
    twice = read(
        report(line(), line("Oct 14, 2026 19:10:00", "Oct 14, 2026 19:30:00", minutes="20")),
        zone=VIENNA,
    )

    (ana,) = twice.participants
    assert len(ana.intervals) == 2


def test_the_address_is_the_same_in_capitals() -> None:
    both = read(report(line(), line(address="ANA@Example.ORG")), zone=VIENNA)

    assert [p.address for p in both.participants] == ["ana@example.org"]


def test_somebody_promoted_to_the_panel_stays_in_the_audience() -> None:
    panel = (
        "Panelist Details,\r\nAttended,User Name (Original Name),Email,Join Time,Leave Time\r\n"
        'Yes,Ana L.,ana@example.org,"Oct 14, 2026 19:00:00","Oct 14, 2026 19:30:00"\r\n'
    )

    (ana,) = read(report(line(), more=panel), zone=VIENNA).participants

    assert (ana.role, ana.name, len(ana.rows)) == (Role.ATTENDEE, "Ana Lopez", 2)


def test_who_listened_by_telephone_is_kept_without_an_address() -> None:
    telephone = (
        "Other Attended,\r\nUser Name,Join Time,Leave Time,Time in Session (minutes)\r\n"
        '431234***67,"Oct 14, 2026 18:00:00","Oct 14, 2026 18:10:00",10\r\n'
    )

    ana, caller = read(report(line(), more=telephone), zone=VIENNA).participants

    assert (ana.address, caller.address) == ("ana@example.org", None)
    assert (caller.name, caller.role) == ("431234***67", Role.ATTENDEE)


def test_the_name_shown_and_the_original_and_registered_names_are_all_kept() -> None:
    named = line(name="Ana (Ana López)").replace(",,,", ",Ana María,López,", 1)

    (ana,) = read(report(named), zone=VIENNA).participants

    assert ana.names == ("Ana", "Ana López", "Ana María López")


def test_a_line_that_cannot_count_is_named_with_its_reason() -> None:
    partial = read(
        report(line("--", "--"), line(left="--"), line(name="", address="--"), line()),
        zone=VIENNA,
    )

    assert [one.sentence() for one in partial.ignored] == [
        "Line 7 says that somebody attended, but not when.",
        "Line 8 says when somebody joined or left, but not both.",
        "Line 9 names nobody.",
    ]
    assert [row.line for row in partial.rows] == [10]


# -- the same report in another dress -------------------------------------------------------------

DRESSES: dict[str, Callable[[str], bytes]] = {
    "with a UTF-8 mark": lambda text: text.encode("utf-8-sig"),
    "without a mark": lambda text: text.encode(),
    "as UTF-16 with a mark": lambda text: text.encode("utf-16"),
    "as UTF-16 little endian": lambda text: text.encode("utf-16-le"),
    "as UTF-16 big endian": lambda text: text.encode("utf-16-be"),
    "with line feeds alone": lambda text: text.replace("\r\n", "\n").encode(),
    "with carriage returns alone": lambda text: text.replace("\r\n", "\r").encode(),
    "with blank lines between": lambda text: text.replace("\r\n", "\r\n\r\n").encode(),
    "without the last line end": lambda text: text.rstrip().encode(),
    "with headings in capitals": lambda text: re.sub(
        r"(?m)^(Attended|Topic),.*$", lambda found: found[0].upper(), text
    ).encode(),
    "with commas after every section": lambda text: text.replace(
        "Attendee Details,", "Attendee Details,,,,,,,,,"
    ).encode(),
    "with times in halves of the day": lambda text: re.sub(
        r" (1[3-9]):(\d\d:\d\d)", lambda t: f" {int(t[1]) - 12}:{t[2]}\u202fPM", text
    ).encode(),
    "with dates in numbers": lambda text: re.sub(
        r"Oct (\d\d), 2026 (1[3-9]):(\d\d:\d\d)",
        lambda t: f"10/{t[1]}/2026 0{int(t[2]) - 12}:{t[3]} PM",
        text,
    ).encode(),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_report_says_the_same(dress: str) -> None:
    assert said(read(DRESSES[dress](SAMPLE.decode("utf-8-sig")), zone=VIENNA)) == said(the_sample())


def said(one: Report) -> list[object]:
    people = [(p.name, p.address, p.role, p.intervals) for p in one.participants]
    absent = [p.address for p in one.registered_not_attended]
    return [one.topic, one.started_at, one.minutes, people, absent]


def test_a_report_saved_with_semicolons_is_read() -> None:
    semicolons = "\n".join((
        "Attendee Report;;;;",
        "Attendee Details;;;;",
        "Attended;User Name;Email;Join Time;Leave Time",
        "Yes;Ana Lopez;ana@example.org;Oct 14, 2026 18:00:00;Oct 14, 2026 19:00:00",
    ))  # fmt: skip

    assert len(read(semicolons.encode(), zone=VIENNA).rows) == 1


def test_own_questions_at_registration_change_nothing() -> None:
    heading = HEADING.replace("Registration Time", "Phone,Registration Time") + ",Email,Your, why?"
    row = line().replace('"Oct 05', '+43 1 234,"Oct 05', 1) + ',other@example.org,"yes,\nbut",x'

    (ana,) = read(report(row, heading=heading), zone=VIENNA).participants

    assert (ana.address, ana.intervals) == ("ana@example.org", only_stay())


@pytest.mark.parametrize(
    "written",
    [
        "Oct 14, 2026 18:05:00",
        "Oct 14, 2026 18:05",
        "Oct 14, 2026 6:05 PM",
        "Oct 14, 2026 06:05:00 PM",
        "oct 14, 2026 06:05:00\u202fpm",
        "October 14, 2026 18:05:00",
        "Oct 14 2026, 18:05:00",
        "10/14/2026 06:05:00 PM",
        "2026-10-14 18:05:00",
    ],
)
def test_a_time_is_read_however_zoom_writes_it(written: str) -> None:
    row = only_row_of(report(line(joined=written)))

    assert row.joined == at(2026, 10, 14, 16, 5)


def test_midnight_and_noon_in_halves_of_the_day() -> None:
    row = only_row_of(
        report(line("Oct 14, 2026 12:30 AM", "Oct 14, 2026 12:30 PM", minutes="720")), UTC_ZONE
    )

    assert row == Interval(at(2026, 10, 14, 0, 30), at(2026, 10, 14, 12, 30))


# -- the hour that comes twice, and the one that never comes --------------------------------------


def test_the_stated_minutes_tell_which_of_two_hours_is_meant() -> None:
    night = "Oct 25, 2026 01:30:00", "Oct 25, 2026 02:30:00"

    short = only_row_of(report(line(*night, minutes="60")))
    long = only_row_of(report(line(*night, minutes="120")))

    assert short.left == at(2026, 10, 25, 0, 30)
    assert long.left == at(2026, 10, 25, 1, 30)


def test_who_seems_to_leave_before_joining_stayed_while_the_clocks_went_back() -> None:
    row = only_row_of(report(line("Oct 25, 2026 02:50:00", "Oct 25, 2026 02:10:00", minutes="20")))

    assert row == Interval(at(2026, 10, 25, 0, 50), at(2026, 10, 25, 1, 10))


def test_the_time_of_the_webinar_tells_which_of_two_hours_is_meant() -> None:
    row = only_row_of(
        report(
            line("Oct 25, 2026 02:10:00", "Oct 25, 2026 02:20:00", minutes="10"),
            started="Oct 25, 2026 00:55:00",
        )
    )

    assert row.joined == at(2026, 10, 25, 0, 10)


def test_an_hour_that_stays_in_doubt_is_refused_with_its_line() -> None:
    sentence = refusal(
        report(
            line("Oct 25, 2026 02:10:00", "Oct 25, 2026 02:20:00", minutes="10"),
            started="Oct 25, 2026 01:55:00",
        ).replace(b",90,", b",180,")
    )

    assert sentence == (
        "Line 7 has “Oct 25, 2026 02:10:00” under “Join Time”, a time that came twice in "
        "Europe/Vienna because the clocks went back; please download the report from Zoom in UTC "
        "and choose UTC here."
    )


def test_a_time_that_never_was_is_refused_with_its_line() -> None:
    spring = report(line("Mar 29, 2026 01:30:00", "Mar 29, 2026 02:30:00"))

    assert refusal(spring) == (
        "Line 7 has “Mar 29, 2026 02:30:00” under “Leave Time”, a time that did not exist in "
        "Europe/Vienna because the clocks went forward; please check the time zone of the report."
    )
    assert only_row_of(spring, UTC_ZONE), "in another zone the same time is an ordinary one"


# -- wrong files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "sentence"),
    [
        ("session.json", "This is a JSON file, not an attendance report; "),
        ("people.csv", "Line 1 does not begin an attendance report of a kind known here; "),
    ],
)
def test_another_file_is_refused_by_its_name(sample: str, sentence: str) -> None:
    assert refusal((SAMPLES / sample).read_bytes()).startswith(sentence)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty; "),
        (b"\xef\xbb\xbf \r\n", "The file is empty; "),
        (b",,\r\n,,", "The file is empty; "),
        (b"%PDF-1.7\n...", "This is a PDF, not an attendance report; "),
        (b"PK\x03\x04\x14\x00", "This is a spreadsheet, not an attendance report; "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "This is a spreadsheet, not an attendance report; "),
        (b"\x89PNG\r\n\x1a\n", "This is an image, not an attendance report; "),
        (b"\xff\xd8\xff\xe0", "This is an image, not an attendance report; "),
        (b"<!DOCTYPE html><title>Sign in", "This is a web page, not an attendance report; "),
        (b"<?xml version='1.0'?><svg/>", "This is an image, not an attendance report; "),
        (b"Registration Report,\r\nTopic,", "This is Zoom's list of who registered, not of who"),
        (b"Dear all,\nplease find attached", "Line 1 does not begin an attendance report "),
        (b"\0" * 600, "Line 1 contains a character that no text has; "),
    ],
)
def test_what_is_no_report_at_all_is_called_by_its_name(data: bytes, sentence: str) -> None:
    assert refusal(data).startswith(sentence)


GOOD = line(name="Ben Ek", address="ben@example.org")
WRONG = {
    "a date that is none": (
        report(GOOD, line(joined="Oct 34, 2026 18:00:00")),
        "Line 8 has “Oct 34, 2026 18:00:00” under “Join Time”, which is not a date and time "
        "as Zoom writes them, such as “Oct 14, 2026 18:00:00”.",
    ),
    "a date whose day and month may be confused": (
        report(GOOD, line(left="05/10/2026 18:00:00")),
        "Line 8 has “05/10/2026 18:00:00” under “Leave Time”, where either number may be the "
        "month; please say which comes first.",
    ),
    "a start that is no date": (
        report(GOOD, started="soon"),
        "Line 4 has “soon” under “Actual Start Time”, which is not a date and time "
        "as Zoom writes them, such as “Oct 14, 2026 18:00:00”.",
    ),
    "leaving before joining": (
        report(GOOD, line("Oct 14, 2026 19:00:00", "Oct 14, 2026 18:59:59")),
        "Line 8 has somebody leave at “Oct 14, 2026 18:59:59”, "
        "before joining at “Oct 14, 2026 19:00:00”.",
    ),
    "a missing column": (
        report(GOOD, heading=HEADING.replace("Leave Time", "Gone")),
        "Line 6 should name the columns, but “Leave Time” is not among them.",
    ),
    "no line of column names": (
        report(GOOD, heading=GOOD),
        "Line 6 should name the columns, but “User Name” is not among them.",
    ),
    "neither yes nor no": (
        report(GOOD, line(attended="Maybe")),
        "Line 8 says “Maybe” under “Attended”, where Zoom writes Yes or No.",
    ),
    "a row that is too short": (
        report(GOOD, "Yes,Ana Lopez,,,ana@example.org", GOOD),
        "Line 8 has 5 cells where at least 9 are needed.",
    ),
    "a file cut off within a quotation": (
        report(GOOD, line())[:-40],
        "Line 8 breaks off, so the file is only a part of the report; please download it again.",
    ),
    "a file cut off within a row": (
        report(GOOD, line())[:-9],
        "Line 8 breaks off, so the file is only a part of the report; please download it again.",
    ),
    "a file cut off within a letter": (
        report(GOOD, line(name="Zoë")).split("ë".encode())[0] + b"\xc3",
        "Line 8 breaks off, so the file is only a part of the report; please download it again.",
    ),
    "a file cut off before the audience": (
        report(GOOD).split(b"Attendee Details")[0],
        "The file ends at line 4 without the section “Attendee Details”, "
        "so the file is only a part of the report; please download it again.",
    ),
    "a file cut off after the title of the audience": (
        report(GOOD).split(b"Attended,")[0],
        "Line 5 breaks off, so the file is only a part of the report; please download it again.",
    ),
    "a quotation mark out of place": (
        report(GOOD, line().replace("18:00:00", '18:"00:00')),
        "Line 8 has a quotation mark out of place; please upload the file as the platform gave it.",
    ),
    "letters of another encoding": (
        report(GOOD, line(name="Zoë")).decode().encode("cp1252"),
        "Line 8 is not UTF-8 text, as happens when a spreadsheet program saves it again; "
        "please upload the file as the platform gave it.",
    ),
    "letters of another encoding at the start of a line": (
        report(GOOD) + b"\xe9Yes,\r\n",
        "Line 8 is not UTF-8 text, as happens when a spreadsheet program saves it again; "
        "please upload the file as the platform gave it.",
    ),
    "a character that is none": (
        report(GOOD, line(name="Ana\0Lopez")),
        "Line 8 contains a character that no text has; please download the report again.",
    ),
    "a cell without end": (
        report(GOOD, line(name="A" * 10_001)),
        "Line 8 has a cell of more than 10000 characters; please download the report again.",
    ),
    "a cell past the reader's own limit": (
        report(GOOD, line(name="A" * 200_000)),
        "Line 8 has a cell of more than 10000 characters; please download the report again.",
    ),
    "a name without end": (
        report(GOOD, line(name="A" * 301)),
        "Line 8 has a cell of more than 300 characters; please download the report again.",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_report_is_refused_with_line_and_cause(wrong: str) -> None:
    data, sentence = WRONG[wrong]

    assert refusal(data) == sentence
    assert len(read(report(GOOD, line()), zone=VIENNA).rows) == 2, "the right one is read"


def test_a_report_of_too_many_rows_is_refused() -> None:
    assert refusal(report() + b"x,\n" * ROWS) == (
        f"Line {ROWS + 1} is past the limit of {ROWS} rows for one report."
    )


def test_a_file_of_many_megabytes_is_refused_before_it_is_read() -> None:
    assert refusal(b"a" * 25_000_001).startswith("The file is larger than 25 megabytes")


def test_a_refusal_can_be_told_in_another_language() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b"%PDF-1.7", zone=VIENNA)
    german = {"a PDF": "ein PDF"}

    assert caught.value.problem.kind is Kind.OTHER_FILE
    assert "ein PDF" in caught.value.sentence(lambda text: german.get(text, text))


# -- whatever comes -------------------------------------------------------------------------------


def is_answered(data: bytes, zone: ZoneInfo = VIENNA) -> bool:
    """Read or refused in a sentence; any other exception fails the test."""
    try:
        said(read(data, zone=zone))
    except Unreadable as refused:
        sentence = refused.sentence()
        return sentence.endswith(".") and "\n" not in sentence
    return True


@given(st.binary(max_size=400))
def test_random_bytes_are_answered(data: bytes) -> None:
    assert is_answered(data)


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=40))
def test_random_text_in_the_place_of_a_report_is_answered(
    body: str, joined: str, name: str
) -> None:
    encoded = body.encode("utf-8", "surrogatepass")
    assert is_answered(b"Attendee Report,\nAttendee Details,\n" + encoded)
    row = line(joined=joined, name=name)
    assert is_answered(report().decode().encode() + row.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_damaged_report_is_answered(chance: random.Random, damages: int) -> None:
    data = bytearray(report(*[line(name=f"Ana {n}") for n in range(5)]))
    for _ in range(damages):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 7, 60)))
        data[start:end] = chance.choice((
            b"", b'"', b",", b"\r", b"\n", b"\0", b"\xff", b"--", b"99", bytes(data[end:end + 80]),
        ))  # fmt: skip
    assert is_answered(bytes(data), chance.choice((VIENNA, UTC_ZONE, ZoneInfo("Asia/Kolkata"))))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SAMPLE)))
def test_a_part_of_the_sample_is_never_taken_for_more_than_it_is(length: int) -> None:
    part, kind = rows_or_refusal(SAMPLE[:length])

    assert part == the_sample().rows[: len(part)]
    assert kind in {None, Kind.EMPTY, Kind.CUT_OFF, Kind.NO_AUDIENCE, Kind.UNKNOWN}


def rows_or_refusal(data: bytes) -> tuple[tuple[Row, ...], Kind | None]:
    try:
        return read(data, zone=VIENNA).rows, None
    except Unreadable as refused:
        return (), refused.problem.kind


# -- is it the right report? ----------------------------------------------------------------------


def doubts(of: Report, title: str = TITLE, *, moved: timedelta = timedelta(0)) -> list[str]:
    session = the_session()
    session = Interval(session.joined + moved, session.left + moved)
    return [doubt.sentence() for doubt in plausibility(of, session, title)]


def test_the_right_report_in_the_right_zone_leaves_no_doubt() -> None:
    assert doubts(the_sample()) == []
    assert doubts(the_sample(), "") == []


def test_a_report_of_another_day_is_doubted_with_both_dates() -> None:
    assert doubts(the_sample(), moved=timedelta(days=7)) == [
        "This report is about a webinar that started on 14 October 2026, 16:00 UTC; "
        "yours was on 21 October 2026, 16:00 UTC."
    ]


def test_a_report_of_another_webinar_is_doubted_with_both_titles() -> None:
    assert doubts(the_sample(), "Reading chest radiographs") == [
        f"This report is about “{TITLE}”; yours is called “Reading chest radiographs”."
    ]
    assert doubts(the_sample(), "FHIR for beginners") == []


@pytest.mark.parametrize(
    ("zone", "shift"),
    [
        ("UTC", "−2:00"),
        ("America/Chicago", "−7:00"),
        ("Europe/London", "−1:00"),
        ("Asia/Kolkata", "+3:30"),
        ("Europe/Athens", "+1:00"),
    ],
)
def test_a_wrong_zone_is_doubted_with_the_shift_that_would_fit(zone: str, shift: str) -> None:
    (doubt,) = doubts(the_sample(ZoneInfo(zone)))

    assert doubt == (
        f"The times would fit the session if they were moved by {shift} hours; "
        "please check the time zone of the report."
    )


def test_a_report_in_which_nobody_came_is_doubted() -> None:
    deserted = read(report().replace(b",90,1,1", b",90,1,0"), zone=VIENNA)

    assert doubts(deserted, "IHE") == [
        "According to this report, nobody was there during the session."
    ]


def test_a_report_made_before_the_end_is_doubted() -> None:
    early = report(line()).replace(b"Oct 15, 2026 19:30", b"Oct 14, 2026 19:10")

    assert doubts(read(early, zone=VIENNA), "") == [
        "This report was made on 14 October 2026, 17:10 UTC, before the session was over; "
        "whoever stayed on may be missing from it."
    ]


def test_a_report_that_lists_few_of_its_viewers_is_doubted() -> None:
    first_half = b"\r\n".join(SAMPLE.split(b"\r\n")[:32]) + b"\r\n"

    assert doubts(read(first_half, zone=VIENNA)) == [
        "This report counts 60 viewers, but lists only 16; a part of the file may be missing."
    ]
