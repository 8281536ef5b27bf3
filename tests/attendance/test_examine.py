import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.attendance.examine import examine
from tests.attendance.reports import SAMPLES, TITLE, expected_seconds

SAMPLE = str(SAMPLES / "zoom-webinar.csv")
SESSION = ["--starts", "2026-10-14T18:00:00+02:00", "--ends", "2026-10-14T19:30:00+02:00"]
VIENNA = ["--zone", "Europe/Vienna"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(examine, arguments)


def told(*arguments: str) -> Any:
    result = run(SAMPLE, *VIENNA, *SESSION, "--json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_answer_equals_the_expected_presence_to_the_second() -> None:
    people = told()["people"]

    assert {one["address"]: one["seconds"] for one in people} == expected_seconds()
    assert len(people) == 42


def expected_of(file: str) -> list[dict[str, str]]:
    with (SAMPLES / "expected-presence.csv").open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["file"] == file]


@pytest.mark.parametrize(
    ("file", "provider"),
    [
        ("zoom-webinar.csv", "zoom-webinar"),
        ("zoom-meeting.csv", "zoom-meeting"),
        ("teams.tsv", "teams"),
        ("bbb-dashboard.csv", "bbb-dashboard"),
        ("bbb-callback.json", "bbb-callback"),
    ],
)
def test_every_sample_is_recognised_and_equals_its_oracle(file: str, provider: str) -> None:
    answer = json.loads(run(str(SAMPLES / file), *VIENNA, *SESSION, "--json").stdout)
    expected = expected_of(file)
    known = {one["address"] or one["name"]: one for one in answer["people"]}
    found = {
        row["person_name"]: known.get(row["person_email"]) or known[row["person_name"]]
        for row in expected
    }

    assert (answer["provider"], len(answer["people"]), len(expected)) == (provider, 42, 42)
    assert {
        name: str(one["seconds"]) if one["known_from"] == "times" else one["known_from"]
        for name, one in found.items()
    } == {row["person_name"]: row["seconds_present"] for row in expected}
    assert answer["doubts"] == []


def test_who_is_known_by_a_sum_only_has_bounds_that_hold_the_truth() -> None:
    """The callback of the same meeting tells what the dashboard leaves open."""
    dashboard = json.loads(
        run(str(SAMPLES / "bbb-dashboard.csv"), *VIENNA, *SESSION, "--json").stdout
    )
    truth = {
        row["person_name"]: int(row["seconds_present"]) for row in expected_of("bbb-callback.json")
    }
    unsure = [one for one in dashboard["people"] if one["known_from"] != "times"]

    assert len(unsure) == 12
    assert all(one["seconds"] <= truth[one["name"]] <= one["most"] for one in unsure)
    assert [note["kind"] for note in dashboard["notes"]] == ["by name", "totals"]


def test_the_answer_tells_the_report_and_the_session() -> None:
    answer = told("--title", TITLE)

    assert (answer["provider"], answer["topic"]) == ("zoom-webinar", TITLE)
    assert answer["webinar_id"] == "328-972-509"
    assert answer["session"] == {
        "starts": "2026-10-14T16:00:00+00:00",
        "ends": "2026-10-14T17:30:00+00:00",
        "seconds": 5400,
        "zone": "Europe/Vienna",
        "threshold": 80,
    }
    assert [(one["name"], one["role"]) for one in answer["panel"]] == [
        ("Course Office", "host"),
        ("First Speaker", "panelist"),
    ]
    assert len(answer["registered_not_attended"]) == 12
    assert (answer["ignored"], answer["doubts"]) == ([], [])


def test_intervals_are_merged_and_clipped_to_the_session() -> None:
    (white,) = (one for one in told()["people"] if one["name"] == "Lauren White")

    assert white == {
        "name": "Lauren White",
        "address": "learner041@hospital.example",
        "role": "attendee",
        "seconds": 5400,
        "most": 5400,
        "known_from": "times",
        "intervals": [["2026-10-14T16:00:00+00:00", "2026-10-14T17:30:00+00:00"]],
        "between": [],
        "reached": True,
    }


def test_the_threshold_decides_who_reached_it() -> None:
    def reached(threshold: str) -> set[str]:
        people = told("--threshold", threshold)["people"]
        return {one["address"] for one in people if one["reached"]}

    assert reached("80") == {a for a, s in expected_seconds().items() if s >= 4320}
    assert reached("0") == set(expected_seconds())
    assert reached("100") == {a for a, s in expected_seconds().items() if s == 5400}


def test_a_time_without_an_offset_is_taken_in_the_zone() -> None:
    local = ["--starts", "2026-10-14T18:00:00", "--ends", "2026-10-14 19:30"]

    answer = json.loads(run(SAMPLE, *VIENNA, *local, "--json").stdout)

    assert answer["session"]["starts"] == "2026-10-14T16:00:00+00:00"
    assert {one["address"]: one["seconds"] for one in answer["people"]} == expected_seconds()


def test_the_wrong_zone_is_doubted() -> None:
    answer = json.loads(run(SAMPLE, "--zone", "UTC", *SESSION, "--json").stdout)

    assert [doubt["kind"] for doubt in answer["doubts"]] == ["other zone"]
    assert "moved by −2:00 hours" in answer["doubts"][0]["sentence"]


def test_people_read_lines() -> None:
    result = run(SAMPLE, *VIENNA, *SESSION)

    assert result.exit_code == 0
    assert (
        "  5400 s   90 min  reached   Lauren White <learner041@hospital.example>" in result.stdout
    )
    assert "    22 s    0 min  below     Albert Ślimak <learner091@example.org>" in result.stdout
    assert "42 people, " in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((str(SAMPLES / "session.json"), *VIENNA, *SESSION), "This is a JSON file, not an "),
        (("nowhere.csv", *VIENNA, *SESSION), "nowhere.csv cannot be opened: "),
        ((SAMPLE, "--zone", "Mars/Olympus", *SESSION), "--zone: “Mars/Olympus” is no time zone; "),
        ((SAMPLE, "--zone", "../etc", *SESSION), "--zone: “../etc” is no time zone; "),
        ((SAMPLE, *VIENNA, "--starts", "soon", "--ends", "later"), "--starts: “soon” is no date "),
        ((SAMPLE, *VIENNA, SESSION[0], SESSION[3], SESSION[2], SESSION[1]), "--ends must come "),
        ((SAMPLE, *VIENNA, *SESSION, "--threshold", "101"), "--threshold must be a percentage "),
    ],
)
def test_what_cannot_be_read_is_answered_in_one_sentence(
    arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def test_half_a_file_is_answered_with_its_line(tmp_path: Path) -> None:
    half = tmp_path / "half.csv"
    whole = (SAMPLES / "zoom-webinar.csv").read_bytes()
    half.write_bytes(whole[: len(whole) // 2])

    result = run(str(half), *VIENNA, *SESSION)

    assert result.exit_code == 2
    assert result.stderr.startswith("Line ")
    assert "breaks off, so the file is only a part of the report" in result.stderr
