"""Whether agreements tie societies together."""

from __future__ import annotations

from collections.abc import Iterable, Set


def tied(societies: Iterable[int], agreements: Iterable[Set[int]]) -> bool:
    """Whether these agreements connect all of these societies, through others if need be.

    A society alone is tied to itself. (Decision 2 of the founding societies: the graph whose edges
    are the agreements in force must connect all who act together.)
    """
    wanted = set(societies)
    if len(wanted) < 2:
        return True
    reached = {min(wanted)}
    open_agreements = [set(a) for a in agreements]
    grown = True
    while grown:
        before = len(reached)
        for parties in open_agreements:
            if parties & reached:
                reached |= parties
        grown = len(reached) > before
    return wanted <= reached
