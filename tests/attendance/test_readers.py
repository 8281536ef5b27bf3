"""What each kind of report says: every layout, encoding and language of dates."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.attendance.presence import Interval, measure
from app.attendance.reading import read
from app.attendance.report import Note, Participant, Reason, Report, Role
from tests.attendance import files
from tests.attendance.reports import VIENNA

SESSION = Interval(
    datetime(2026, 10, 14, 16, tzinfo=UTC), datetime(2026, 10, 14, 17, 30, tzinfo=UTC)
)


def person(report: Report, name: str) -> Participant:
    (found,) = (one for one in report.participants if one.name.startswith(name))
    return found


def counted(report: Report, name: str) -> tuple[int, int]:
    """The least and the most seconds of somebody within the session."""
    one = person(report, name)
    found = measure(one.intervals, [SESSION], one.totals)
    return found.seconds, found.most


@pytest.mark.parametrize(
    ("kind", "provider", "ben"),
    [
        ("zoom meeting", "zoom-meeting", (2700, 2700)),
        ("zoom minutes", "zoom-meeting", (1200, 2700)),
        ("zoom flat", "zoom-meeting", (2700, 2700)),
        ("teams", "teams", (2700, 2700)),
        ("teams older", "teams", (2700, 2700)),
        ("bbb dashboard", "bbb-dashboard", (2700, 2700)),
        ("bbb callback", "bbb-callback", (2700, 2700)),
        ("plain", "table", (2700, 2700)),
    ],
)
def test_each_layout_is_recognised_and_counted(
    kind: str, provider: str, ben: tuple[int, int]
) -> None:
    report = read(files.RIGHT[kind], zone=VIENNA)

    assert report.provider == provider
    assert counted(report, "Ana")[1] == 3600
    assert counted(report, "Ben") == ben


def test_zoom_tells_its_meeting_and_its_host() -> None:
    flat = read(files.RIGHT["zoom flat"], zone=VIENNA)

    assert (flat.topic, flat.webinar_id, flat.minutes) == ("IHE simply", "812 3456 7890", 115)
    assert flat.started_at == datetime(2026, 10, 14, 15, 45, tzinfo=UTC)
    assert person(flat, "Eva").role is Role.HOST
    assert [(one.line, one.reason) for one in flat.ignored] == [(3, Reason.WAITING_ROOM)]


def test_minutes_without_times_are_said_to_be_no_more_than_that() -> None:
    report = read(files.RIGHT["zoom minutes"], zone=VIENNA)

    assert report.notes == (Note.MINUTES,)
    assert counted(report, "Ana") == (2100, 3600), "25 of 115 minutes were outside the session"


def test_teams_is_read_by_its_stays_and_by_totals_where_it_has_no_others() -> None:
    without = read(files.lines(*files.SUMMARY, *files.PEOPLE), zone=VIENNA)
    with_stays = read(files.RIGHT["teams"], zone=VIENNA)

    assert len(person(with_stays, "Ben").intervals) == 2
    assert (with_stays.topic, with_stays.minutes) == ("IHE simply", 105)
    assert person(without, "Ben").intervals == ()
    assert counted(without, "Ben") == (2700, 2700), "45 minutes, all of them within the session"
    assert without.notes == (Note.TOTALS,)


def test_who_is_a_guest_in_teams_is_known_by_the_bare_name() -> None:
    ana = person(read(files.RIGHT["teams"], zone=VIENNA), "Ana")

    assert (ana.name, ana.address, ana.role) == ("Ana Lopez", "ana@example.org", Role.ATTENDEE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_teams_is_read_in_each_encoding(encoding: str) -> None:
    text = files.RIGHT["teams"].decode().replace("5:50:00 PM", "5:50:00\u202fPM")

    report = read(text.encode(encoding), zone=VIENNA)

    assert counted(report, "Ben") == (2700, 2700)


def test_the_big_endian_mark_is_known() -> None:
    marked = b"\xfe\xff" + files.RIGHT["teams"].decode().encode("utf-16-be")

    assert counted(read(marked, zone=VIENNA), "Ana") == (3600, 3600)


GERMAN = (
    "Name,Moderator,Aktivitätslevel,Sprechzeit,Webcam-Zeit,Nachrichten,Reaktionen,"
    "Abstimmungen,Handmeldungen,Beitritt,Verlassen,Dauer"
)


@pytest.mark.parametrize(
    ("joined", "left"),
    [
        ("14.10.2026, 18:00:00", "14.10.2026, 19:00:00"),
        ("14/10/2026 18:00:00", "14/10/2026 19:00:00"),
        ("14/10/2026, 6:00:00 pm", "14/10/2026, 7:00:00 pm"),
        ("2026-10-14 18:00:00", "2026-10-14 19:00:00"),
        ("2026/10/14 18:00:00", "2026/10/14 19:00:00"),
        ("14-10-2026, 18:00:00", "14-10-2026, 19:00:00"),
        ("14.10.2026 18.00.00", "14.10.2026 19.00.00"),
    ],
)
def test_a_dashboard_in_another_language_is_known_by_its_places(joined: str, left: str) -> None:
    row = f'"Ana","FALSE","5","00:01:00","-","3","0","0","1","{joined}","{left}","01:00:00"'

    report = read(files.lines(GERMAN, row), zone=VIENNA)

    assert report.provider == "bbb-dashboard"
    assert counted(report, "Ana") == (3600, 3600)


def test_the_duration_of_a_dashboard_begins_again_after_a_day() -> None:
    row = (
        '"Ana","FALSE","5","00:01:00","-","3","0","0","1",'
        '"10/13/2026, 6:00:00 PM","10/14/2026, 7:00:00 PM","01:00:00"'
    )

    ana = person(read(files.lines(files.DASHBOARD[0], row), zone=VIENNA), "Ana")

    assert ana.totals == ()
    assert ana.intervals[0].left - ana.intervals[0].joined == SESSION.left - SESSION.left.replace(
        day=13, hour=16, minute=30
    )


def test_the_callback_joins_what_all_devices_saw() -> None:
    report = read(files.RIGHT["bbb callback"], zone=ZoneInfo("Asia/Tokyo"))

    ben = person(report, "Ben")
    assert (ben.address, ben.external_id, ben.identity) == (None, "w-ben", "w-ben")
    assert (report.topic, report.webinar_id, report.minutes) == ("IHE simply", "ihe", 115)


def test_who_never_left_stayed_until_the_end() -> None:
    here = files.attendee("Ana", "", ["2026-10-14T16:00:00Z"], [])

    assert counted(read(files.callback(here), zone=VIENNA), "Ana") == (5400, 5400)


@pytest.mark.parametrize(
    "heading",
    [
        "name;e-mail;beigetreten;verlassen",
        "Teilnehmer;E-Mail-Adresse;von;bis",
        "Name;Address;Join time;Leave time",
        "full name\temail\tjoined at\tleft at",
    ],
)
def test_a_plain_table_may_be_headed_in_english_or_german(heading: str) -> None:
    mark = "\t" if "\t" in heading else ";"
    row = mark.join(("Ana", "ana@example.org", "14.10.2026 18:00", "14.10.2026 18:45"))

    report = read(files.lines(heading, row), zone=VIENNA)

    assert (report.provider, counted(report, "Ana")) == ("table", (2700, 2700))


def test_a_plain_table_needs_no_names_where_it_has_addresses() -> None:
    report = read(
        files.lines("address,joined,left", "Ana@Example.org,2026-10-14T16:00Z,2026-10-14T17:00Z"),
        zone=VIENNA,
    )

    assert (person(report, "ana").address, counted(report, "ana")) == (
        "ana@example.org",
        (3600, 3600),
    )
