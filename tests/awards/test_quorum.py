"""No sequence of acts releases a list without a complete, current quorum on a fit list.

A machine plays acts at random against the pure rules; an oracle that knows nothing of them checks
every release. Each control takes one rule away and must be caught by the same machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.awards.quorum import (
    Case,
    Holder,
    Key,
    Party,
    Turn,
    against_approving,
    against_freezing,
    against_release,
    quorum,
)

SOCIETIES = tuple(Party(n, f"S{n}") for n in range(1, 7))
OFFICERS = (11, 12, 13, 14)
HOLDERS = (21, 22, 14)  # one officer is a holder too


class Unsafe(AssertionError):
    """A list was released that the oracle would not release."""


def as_it_is(case: Case) -> Case:
    return case


def without_digests(case: Case) -> Case:
    return replace(case, keys=tuple(replace(k, digest=case.digest or "") for k in case.keys))


def without_lapse(case: Case) -> Case:
    return replace(case, keys=tuple(replace(k, is_current=True) for k in case.keys))


def without_ties(case: Case) -> Case:
    return replace(case, is_tied=True)


def with_a_look_at_the_first_holder_only(case: Case) -> Case:
    return replace(case, holders=case.holders[:1])


def with_one_person_for_many(case: Case) -> Case:
    return replace(case, keys=tuple(replace(k, person=-n) for n, k in enumerate(case.keys, 1)))


def with_holders_approving(case: Case) -> Case:
    return replace(case, holders=tuple(replace(h, person=-h.person) for h in case.holders))


def without_the_last_society(case: Case) -> Case:
    return replace(case, awarding=case.awarding[:-1])


class Desk(RuleBasedStateMachine):
    """Officers, mandates, agreements and a list that changes, all at once."""

    def __init__(self, guard: Callable[[Case], Case] = as_it_is) -> None:
        super().__init__()
        self.guard = guard

    @initialize(count=st.integers(1, 3))
    def begin(self, count: int) -> None:
        self.awarding = SOCIETIES[:count]
        self.offices = {(p, s.id) for p, s in zip(OFFICERS, self.awarding, strict=False)}
        self.on_list = list(HOLDERS[:2])
        self.unfit: set[int] = set()
        self.tied = self.released = False
        self.tied = True
        self.digest: str | None = None
        self.seen = ["never"]
        self.turned: list[tuple[int, int, str]] = []

    def case(self) -> Case:
        return Case(
            awarding=self.awarding,
            holders=tuple(
                Holder(p, f"Holder {p}", ("lacks the course",) if p in self.unfit else ())
                for p in self.on_list
            ),
            keys=tuple(Key(s, p, d, (p, s) in self.offices) for p, s, d in self.turned),
            digest=self.digest,
            content_digest=self.digest,
            is_tied=self.tied,
            is_released=self.released,
        )

    @rule()
    def freeze(self) -> None:
        if self.digest is None and not against_freezing(self.case()):
            self.digest = f"digest {len(self.seen)}"
            self.seen.append(self.digest)

    @rule()
    def reopen(self) -> None:
        if not self.released:
            self.digest = None

    @rule(who=st.sampled_from(HOLDERS))
    def change_the_list(self, who: int) -> None:
        if not self.released:
            self.on_list = [p for p in {*self.on_list} ^ {who}]
            self.digest = None

    @rule(who=st.sampled_from(OFFICERS), where=st.integers(0, 2))
    def give_or_end_a_mandate(self, who: int, where: int) -> None:
        self.offices ^= {(who, SOCIETIES[where].id)}

    @rule()
    def end_or_renew_the_agreement(self) -> None:
        self.tied = not self.tied

    @rule(who=st.sampled_from(HOLDERS))
    def lose_or_regain_a_completion(self, who: int) -> None:
        self.unfit ^= {who}

    @rule(who=st.sampled_from(OFFICERS), where=st.integers(0, 2), back=st.integers(0, 1))
    def approve(self, who: int, where: int, back: int) -> None:
        """As `release.approve` does it; sometimes with the digest of an older page."""
        society = SOCIETIES[where]
        seen = self.seen[-1 - min(back, len(self.seen) - 1)]
        turn = Turn(who, society, seen, (who, society.id) in self.offices)
        if against_approving(self.guard(self.case()), turn):
            return
        if (who, society.id, self.digest) not in self.turned:
            self.turned.append((who, society.id, self.digest or ""))
        if not against_release(self.guard(self.case())):
            self.released = True
            self.check()

    @rule(which=st.integers(0, 2))
    def whoever_may_approves(self, which: int) -> None:
        """The ordinary way, so that sequences do reach releases."""
        if self.offices:
            who, where = sorted(self.offices)[which % len(self.offices)]
            self.approve(who, where - 1, 0)

    @rule()
    def go_on_with_the_next_list(self) -> None:
        if self.released:
            self.released, self.digest, self.turned = False, None, []

    def check(self) -> None:
        """The oracle: written from the promise, not from the rules."""
        if self.digest is None or not self.tied or not self.on_list:
            raise Unsafe("open, empty or untied")
        if self.unfit & {*self.on_list}:
            raise Unsafe("an unfit holder")
        ways = [
            {p for p, s, d in self.turned
             if s == party.id and d == self.digest and (p, s) in self.offices}
            - {*self.on_list}
            for party in self.awarding
        ]  # fmt: skip
        if not _can_each_have_their_own(ways):
            raise Unsafe(f"no quorum: {ways}")


def _can_each_have_their_own(ways: list[set[int]], used: frozenset[int] = frozenset()) -> bool:
    return not ways or any(_can_each_have_their_own(ways[1:], used | {p}) for p in ways[0] - used)


def play(guard: Callable[[Case], Case], sequences: int, steps: int) -> None:
    def machine() -> Any:
        return Desk(guard)

    factory: Any = machine  # Hypothesis takes a factory too; its types know only the class
    run_state_machine_as_test(
        factory,
        settings=settings(
            max_examples=sequences, stateful_step_count=steps, deadline=None, derandomize=True,
            database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def _acts(desk: Desk, die: Random) -> list[Callable[[], None]]:
    return [
        desk.freeze,
        desk.freeze,
        desk.reopen,
        desk.go_on_with_the_next_list,
        desk.end_or_renew_the_agreement,
        lambda: desk.change_the_list(die.choice(HOLDERS)),
        lambda: desk.lose_or_regain_a_completion(die.choice(HOLDERS)),
        lambda: desk.give_or_end_a_mandate(die.choice(OFFICERS), die.randint(0, 2)),
        lambda: desk.approve(die.choice(OFFICERS), die.randint(0, 2), die.randint(0, 1)),
        lambda: desk.whoever_may_approves(die.randint(0, 2)),
        lambda: desk.whoever_may_approves(die.randint(0, 2)),
    ]


def play_at_random(guard: Callable[[Case], Case], sequences: int, steps: int) -> int:
    """The same acts drawn by a plain die: many more sequences in the same time."""
    die, releases = Random(18), 0
    for _sequence in range(sequences):
        desk = Desk(guard)
        desk.begin(die.randint(1, 3))
        acts = _acts(desk, die)
        for _step in range(steps):
            die.choice(acts)()
            releases += desk.released
    return releases


def test_no_sequence_of_acts_releases_without_a_complete_current_quorum():
    play(as_it_is, 60, 30)


def test_neither_do_two_thousand_longer_ones():
    assert play_at_random(as_it_is, 2000, 50) > 100, "lists were released all the same"


@pytest.mark.parametrize(
    "guard",
    [
        without_digests,
        without_lapse,
        without_ties,
        with_a_look_at_the_first_holder_only,
        with_one_person_for_many,
        with_holders_approving,
        without_the_last_society,
    ],
)
def test_the_machine_finds_every_rule_that_is_taken_away(guard):
    with pytest.raises(Unsafe):
        play_at_random(guard, 4000, 50)


@pytest.mark.parametrize("count", [1, 2, 7, 30])
def test_one_unfit_holder_at_any_position_is_found(count):
    fit = tuple(Holder(n, f"Holder {n}") for n in range(count))
    keys = (Key(1, 101, "d", True), Key(2, 102, "d", True))
    case = Case(SOCIETIES[:2], fit, keys, "d", "d")
    assert against_release(case) == []

    for position in range(count):
        unfit = replace(fit[position], lacks=("does not meet “the course”",))
        spoiled = replace(case, holders=(*fit[:position], unfit, *fit[position + 1 :]))

        for found in (against_freezing(spoiled), against_release(spoiled)):
            assert [str(o) for o in found] == [f"Holder {position}: does not meet “the course”"]


@pytest.mark.parametrize("count", range(1, 7))
def test_every_single_missing_key_is_named(count):
    keys = tuple(Key(s.id, 100 + s.id, "d", True) for s in SOCIETIES[:count])
    case = Case(SOCIETIES[:count], (Holder(1, "Ana Lopez"),), keys, "d", "d")
    assert quorum(case).is_complete

    for left_out in SOCIETIES[:count]:
        rest = replace(case, keys=tuple(k for k in keys if k.society != left_out.id))
        assert quorum(rest).missing == (left_out,)
        assert [o.about for o in against_release(rest)] == [left_out.short]


def test_a_key_of_a_society_that_does_not_award_counts_for_nothing():
    keys = (Key(1, 101, "d", True), Key(3, 103, "d", True))
    case = Case(SOCIETIES[:2], (Holder(1, "Ana Lopez"),), keys, "d", "d")

    assert quorum(case).missing == (SOCIETIES[1],)
