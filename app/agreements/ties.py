"""Whether agreements tie societies together."""

from __future__ import annotations

from collections.abc import Iterable, Set


def tied(societies: Iterable[int], agreements: Iterable[Set[int]]) -> bool:
    """Whether these agreements connect all of these societies, through others if need be.

    A society alone is tied to itself. (Decision 2 of the founding societies: the graph whose edges
    are the agreements in force must connect all who act together.)
    """
    return len(groups(societies, agreements)) < 2


def groups(societies: Iterable[int], agreements: Iterable[Set[int]]) -> list[frozenset[int]]:
    """These societies in groups, each tied within itself and to none of the others.

    The groups stand in the order of their first society.
    """
    order = list(dict.fromkeys(societies))
    knots = [{society} for society in order]
    for parties in agreements:
        touched = [knot for knot in knots if knot & parties]
        knots = [knot for knot in knots if not knot & parties]
        knots.append(set(parties).union(*touched))
    found = [frozenset(society for society in order if society in knot) for knot in knots]
    return sorted((group for group in found if group), key=lambda g: min(map(order.index, g)))
