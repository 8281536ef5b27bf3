"""What clashes: against comparing every pair, and one sentence for each reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.agenda.clashes import Clash, Reason, Slot, Voice, between, by_webinar, clashes, folded

SIX = datetime(2027, 3, 10, 18, tzinfo=UTC)


def slot(id=1, minutes=60, begins=0, societies=(1,), audiences=(), voices=(), number=1):
    starts = SIX + timedelta(minutes=begins)
    return Slot(
        id, f"Webinar {id}", starts, starts + timedelta(minutes=minutes), tuple(societies),
        frozenset(audiences), tuple(Voice(*((v,) if isinstance(v, str) else v)) for v in voices),
        number=number,
    )  # fmt: skip


def reasons(one, other):
    """What clashes, the same from either side."""
    here, there = between(one, other), between(other, one)
    assert (here is None) == (there is None)
    if here and there:
        assert (here.reasons, set(here.societies)) == (there.reasons, set(there.societies))
    return set(here.reasons) if here else set()


def test_the_same_hour_for_the_same_people_clashes():
    ours = slot(1, audiences={"radiologist", "engineer"})
    theirs = slot(2, begins=30, societies=(2,), audiences={"radiologist"})

    assert reasons(ours, theirs) == {Reason.AUDIENCE}
    found = between(ours, theirs)
    assert found and found.audiences == {"radiologist"}


def test_the_same_hour_for_other_people_does_not():
    ours = slot(1, audiences={"engineer"})

    assert reasons(ours, slot(2, societies=(2,), audiences={"radiologist"})) == set()


def test_what_is_for_everyone_clashes_with_everything_at_its_hour():
    assert reasons(slot(1), slot(2, societies=(2,), audiences={"radiologist"})) == {Reason.AUDIENCE}


def test_one_that_starts_as_the_other_ends_does_not_clash():
    assert reasons(slot(1), slot(2, begins=60)) == set()
    assert reasons(slot(1), slot(2, begins=59)) == {Reason.SOCIETY, Reason.AUDIENCE}


def test_a_society_twice_an_hour_clashes_whoever_it_is_for():
    ours = slot(1, societies=(1, 2), audiences={"engineer"})
    theirs = slot(2, societies=(3, 2), audiences={"radiologist"})

    assert reasons(ours, theirs) == {Reason.SOCIETY}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dr Ida Nyström", "Ida Nystrom"),
        ("Ida Nyström", "NYSTRÖM, Ida"),
        (("Ida N.", "ida@uppsala.example"), ("Dr I. Nyström", "Ida@Uppsala.example")),
    ],
)
def test_the_same_speaker_is_known_by_name_or_address(one, other):
    ours = slot(1, audiences={"engineer"}, voices=[one])
    theirs = slot(2, societies=(2,), audiences={"radiologist"}, voices=[other])

    assert reasons(ours, theirs) == {Reason.SPEAKER}


def test_two_people_without_an_address_are_not_the_same_for_that():
    ours = slot(1, audiences={"engineer"}, voices=["Ida Nyström"])
    theirs = slot(2, societies=(2,), audiences={"radiologist"}, voices=["Ivar Nyström"])

    assert reasons(ours, theirs) == set()


def test_sessions_of_one_webinar_never_clash_but_two_that_are_only_thought_of_do():
    assert reasons(slot(7), slot(7, begins=10, number=2)) == set()
    assert reasons(slot(0), slot(0, begins=10, number=2)) == {Reason.SOCIETY, Reason.AUDIENCE}


def test_a_name_of_signs_alone_is_compared_all_the_same():
    assert folded("…") == "…"
    assert folded("李小龙") == folded("李小龙") != folded("李小")


slots = some.lists(
    some.builds(
        slot,
        id=some.integers(1, 12),
        minutes=some.integers(5, 200),
        begins=some.integers(0, 600),
        societies=some.lists(some.integers(1, 4), min_size=1, max_size=2, unique=True),
        audiences=some.sets(some.sampled_from(["a", "b", "c"]), max_size=2),
        voices=some.lists(some.sampled_from(["Ida", "Ben", "Eva", "Dr Ida"]), max_size=2),
        number=some.integers(1, 3),
    ),
    max_size=14,
    unique=True,
)


@given(slots)
def test_reading_along_the_time_finds_what_comparing_every_pair_finds(slots):
    def as_pairs(found: list[Clash]):
        return {(frozenset({c.one, c.other}), frozenset(c.reasons)) for c in found}

    every_pair = [c for one, other in combinations(slots, 2) if (c := between(one, other))]

    assert as_pairs(clashes(slots)) == as_pairs(every_pair)
    assert len(clashes(slots)) == len(every_pair)


def test_the_worst_stands_first():
    ours = slot(1, voices=["Ida"], audiences={"a"})
    twice = slot(2, societies=(2,), audiences={"a"})
    speaker = slot(3, societies=(2,), audiences={"b"}, voices=["Ida"])

    told = by_webinar(clashes([ours, twice, speaker]))

    assert [c.seen_from(ours).id for c in told[1]] == [3, 2]
