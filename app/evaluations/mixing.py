"""How answers stay nobody's: held back until there are enough of them, and mixed each time.

Whoever watches a report could tell whose answer came last, if each appeared at once; whoever reads
the tables could, if rows lay there in the order of writing. So the latest answers to an item are
held back while an evaluation is open: from ten on, five of them are shown, drawn at random, and the
rest waits. Each time somebody answers, all that wait are written anew in a random order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

GROUP = 5
"""Fewer answers than these are shown to nobody."""


@dataclass(frozen=True)
class Said:
    """An answer to an item, about a speaker or about the whole."""

    item_id: int
    speaker_id: int | None
    value: int | None = None
    text: str | None = None
    is_shown: bool = False


def deal(waiting: Iterable[Said], chance: Random) -> list[Said]:
    """All that wait, in a random order, some of them to be shown from now on."""
    piles: defaultdict[tuple[int, int | None], list[Said]] = defaultdict(list)
    for one in waiting:
        piles[one.item_id, one.speaker_id].append(one)
    dealt: list[Said] = []
    for pile in piles.values():
        chance.shuffle(pile)
        held = GROUP + len(pile) % GROUP if len(pile) >= 2 * GROUP else len(pile)
        dealt += pile[:held]
        dealt += [replace(one, is_shown=True) for one in pile[held:]]
    chance.shuffle(dealt)
    return dealt
