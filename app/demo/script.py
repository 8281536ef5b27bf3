"""Acts with their moments, played in the order of time: every record reads as it happened."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Concatenate, ParamSpec

P = ParamSpec("P")


class Script:
    """What is still to be played; an act may add later ones."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = count()

    def at(
        self,
        moment: datetime,
        act: Callable[Concatenate[datetime, P], object],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Play the act at this moment: it is called with the moment first."""
        call = (moment, next(self._numbers), lambda: act(moment, *args, **kwargs))
        heapq.heappush(self._waiting, call)

    def play(self) -> int:
        """Play everything up to the end; answer how many acts there were."""
        played = 0
        while self._waiting:
            _moment, _number, act = heapq.heappop(self._waiting)
            act()
            played += 1
        return played
