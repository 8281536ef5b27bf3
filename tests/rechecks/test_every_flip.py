"""A bit flipped anywhere is found, and named where it is; where none is, nothing is found."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import ExitStack

import pytest

from app.clock import now
from app.rechecks import rounds
from tests.measure import measure
from tests.rechecks import flips

FLIPS, AT_ONCE = measure(1000, 120), 8


@pytest.mark.slow(240)
@pytest.mark.measured
def test_a_bit_flipped_anywhere_is_found_and_nothing_else_is_named(session, longer_world, capsys):
    """Several are flipped at once; where one hides another, each is looked at alone."""
    chance, at = random.Random(20261122), now()
    read, clean = rounds.read_all(session, at=at)
    assert clean == []
    wrong: list[str] = []
    tried: Counter[str] = Counter()
    checks = alone = 0

    def look(stack, chosen):
        nonlocal checks
        expected = [stack.enter_context(flips.flip(session, place, seed)) for place, seed in chosen]
        count, found = rounds.read_all(session, at=at)
        checks += count
        return expected, sorted({f"{one.part} {one.subject}" for one in found})

    for chosen in flips.groups(chance, FLIPS, AT_ONCE):
        tried.update(str(place) for place, _seed in chosen)
        with ExitStack() as stack:
            expected, named = look(stack, chosen)
        if named == sorted(expected):
            continue
        for one in chosen:
            alone += 1
            with ExitStack() as stack:
                expected, named = look(stack, [one])
            if named != expected:
                wrong.append(f"{one[0]}: {expected} was to be found, and {named} was")

    assert rounds.read_all(session, at=at) == (read, [])
    with capsys.disabled():
        print(f"\nflips: {sum(tried.values())} in {len(tried)} kinds of places ({alone} alone), "
              f"{len(wrong)} not found or named otherwise, {checks} checks", end=" ")  # fmt: skip
    assert wrong == []
