"""The stand on which everything is measured: a house full of people, its server, the empty one."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Self

from bench.house import House
from bench.servers import Served, serve_confer, serve_empty


@dataclass(frozen=True)
class Pace:
    """How long and how often is measured."""

    seconds: float = 2.0
    rounds: int = 3
    people: int = 2000
    activities: int = 300
    crowd: int = 10_000
    sheets: int = 40
    diplomas: int = 1000
    starts: int = 5


QUICK = Pace(seconds=1, rounds=1, people=200, activities=60, sheets=8, diplomas=60, starts=2)


@dataclass
class Stand:
    """Made as far as it is asked for, and cleared away at the end."""

    database: str
    pace: Pace
    _exit: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def house(self) -> House:
        return self._exit.enter_context(House.built(self.database, self.pace))

    @cached_property
    def confer(self) -> Served:
        return self._exit.enter_context(serve_confer(self.house))

    @cached_property
    def empty(self) -> Served:
        return self._exit.enter_context(serve_empty())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._exit.close()
