import csv
from datetime import UTC, datetime

import pytest

from app.attendance.matching import (
    Candidate,
    How,
    Match,
    WhyNot,
    intervals_by_enrolment,
    match,
)
from app.attendance.names import folded
from app.attendance.report import Participant, Provider, Report, Role, Row
from tests.attendance.reports import SAMPLES, the_sample

SIX, SEVEN = datetime(2026, 10, 14, 16, tzinfo=UTC), datetime(2026, 10, 14, 17, tzinfo=UTC)


def enrolled() -> list[Candidate]:
    with (SAMPLES / "people.csv").open(newline="", encoding="utf-8") as file:
        return [
            Candidate(number, row["name"], row["email"])
            for number, row in enumerate(csv.DictReader(file), start=1)
        ]


def somebody(
    name: str, address: str | None = None, role: Role = Role.ATTENDEE, *others: str
) -> Participant:
    row = Row(name, address, SIX, SEVEN, 7, role, others)
    (one,) = Report(Provider.ZOOM_WEBINAR, "IHE", (row,)).participants
    return one


def matched(one: Participant, candidates: list[Candidate] | None = None) -> Match:
    (found,) = match([one], enrolled() if candidates is None else candidates)
    return found


def suggested(one: Match) -> dict[int, int]:
    return {suggestion.enrolment_id: suggestion.likeness for suggestion in one.suggestions}


def test_everybody_in_the_sample_is_settled_by_address() -> None:
    by_id = {candidate.enrolment_id: candidate for candidate in enrolled()}
    audience = [p for p in the_sample().participants if p.role is Role.ATTENDEE]

    matches = match(audience, enrolled())

    assert all(one.is_settled and one.how is How.ADDRESS for one in matches)
    assert [by_id[one.enrolment_id or 0].address for one in matches] == [
        p.address for p in audience
    ]


def test_another_proven_address_settles_too_and_says_so() -> None:
    ben = Candidate(5, "Ben Ek", "ben@example.org", frozenset({"Ben@Hospital.example"}))

    found = matched(somebody("B.", "ben@hospital.example"), [ben])

    assert (found.enrolment_id, found.how) == (5, How.OTHER_ADDRESS)
    assert found.sentence() == "ben@hospital.example is another address of somebody enrolled."


def test_a_name_alone_settles_nothing_and_suggests_somebody() -> None:
    found = matched(somebody("Zoë Łukasiewicz-Ångström"))

    assert not found.is_settled
    assert (found.why_not, suggested(found)) == (WhyNot.NO_ADDRESS, {1: 100})
    assert found.sentence() == "The report has no address for Zoë Łukasiewicz-Ångström."


def test_an_unknown_address_settles_nothing_although_the_name_is_known() -> None:
    found = matched(somebody("Siân Ŵyn-Ŷale", "private@example.net"))

    assert not found.is_settled
    assert (found.why_not, suggested(found)) == (WhyNot.UNKNOWN_ADDRESS, {3: 100})


def test_two_people_called_ana_lopez_stay_for_a_person_to_tell_apart() -> None:
    for address in (None, "private@example.net"):
        found = matched(somebody("ana LÓPEZ", address))

        assert found.why_not is WhyNot.SHARED_NAME
        assert suggested(found) == {20: 100, 21: 100}

    known = matched(somebody("Ana Lopez", "learner021@hospital.example"))
    assert known.enrolment_id == 21, "her address tells them apart"


def test_an_address_that_two_people_share_settles_nothing() -> None:
    two = [Candidate(1, "Ana", "office@example.org"), Candidate(2, "Ben", "OFFICE@example.org ")]

    found = matched(somebody("Ana", "office@example.org"), two)

    assert found.why_not is WhyNot.SHARED_ADDRESS
    assert set(suggested(found)) == {1, 2}


def test_hosts_and_panelists_are_not_expected_among_the_learners() -> None:
    for role, why in ((Role.HOST, WhyNot.HOST), (Role.PANELIST, WhyNot.PANELIST)):
        stranger = matched(somebody("First Speaker", "speaker1@example.org", role))
        learner = matched(somebody("Ana Lopez", "learner020@example.org", role))

        assert (stranger.why_not, stranger.suggestions) == (why, ())
        assert not learner.is_settled
        assert (learner.why_not, suggested(learner)) == (why, {20: 100})


def test_a_stranger_is_suggested_to_be_nobody() -> None:
    found = matched(somebody("Nobody Whatsoever", "nobody@example.net"))

    assert (found.why_not, found.suggestions) == (WhyNot.UNKNOWN_ADDRESS, ())
    assert found.sentence() == "Nobody enrolled has the address nobody@example.net."


@pytest.mark.parametrize(
    ("written", "likeness"),
    [
        ("María Fernández", 80),
        ("Maria de los Angeles Fernandez Villaverde y Gutierrez de la Concha", 100),
        ("Dr. Hubert Blaine Wolfeschlegelsteinhausenbergerdorff", 80),
        ("Hubert Blain Wolfeschlegelsteinhausenbergerdorff", 99),
    ],
)
def test_a_name_that_is_like_another_is_suggested_with_its_likeness(
    written: str, likeness: int
) -> None:
    best = matched(somebody(written)).suggestions[0]

    assert best.enrolment_id in {2, 11}
    assert best.likeness >= likeness - 1


def test_one_word_in_common_suggests_nobody() -> None:
    assert matched(somebody("Siân Thomas-Evans")).suggestions == ()


def test_every_spelling_in_the_report_is_compared() -> None:
    found = matched(somebody("iPad (2)", None, Role.ATTENDEE, "Renée Müller-Sørensen"))

    assert suggested(found) == {19: 100}


def test_the_likeliest_come_first_and_only_a_few() -> None:
    many = [Candidate(n, f"Ana Maria Lopez {n}", f"{n}@example.org") for n in range(2, 40)]
    found = matched(somebody("Ana Lopez"), [*many, Candidate(99, "López Ana", "a@example.org")])

    assert [one.enrolment_id for one in found.suggestions] == [99, 2, 3, 4, 5]


def test_who_came_with_two_addresses_has_the_stays_of_both() -> None:
    ben = Candidate(5, "Ben Ek", "ben@example.org", frozenset({"ben@hospital.example"}))
    matches = match(
        [
            somebody("Ben", "ben@example.org"),
            somebody("Ben Ek", "ben@hospital.example"),
            somebody("Ben Ek"),
        ],
        [ben],
    )

    stays = intervals_by_enrolment(matches)

    assert list(stays) == [5]
    assert len(stays[5]) == 2, "the one that is only suggested does not count"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siân Ŵyn-Ŷale", "WYN YALE, Sian"),
        ("Siobhán O’Neill", "siobhan oneill"),
        ("Jean-Noël d’Arc", "D'Arc Jean Noel"),
        ("Jane Đặng", "jane dang"),
        ("İbrahim Çağlayan Işık", "Ibrahim Caglayan Isik"),
        ("Þórður Æðvarðsson", "thordur aedvardsson"),
        ("Αλέξανδρος Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ Αλεξανδρος"),
        ("שרה כהן־לוי", "שרה כהן לוי"),
        ("مُحَمَّد بن عبد الله", "محمد بن عبد الله"),
        ("Ａｎａ　Lopez", "ana lopez"),
        ("\u202bAna\u200b Lopez\u202c", "Ana Lopez"),
    ],
)
def test_spellings_of_one_name_are_the_same_words(one: str, other: str) -> None:
    assert sorted(folded(one)) == sorted(folded(other))


def test_vowel_signs_that_make_another_name_are_kept() -> None:
    assert folded("सुरेश") != folded("सरश")
    assert folded("ガク") != folded("カク")
    assert folded("김 민지") == ("김", "민지")


def test_a_name_written_without_its_space_is_the_same_name() -> None:
    assert suggested(matched(somebody("田中太郎"))) == {16: 100}
