"""Drawing up a paper: questions as they stand now, their choices in an order of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What a learner sees of a question. There is no room in it for the right choice."""

    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A question of a paper with the index of its right choice: it stays on the server."""

    text: str
    choices: tuple[str, ...]
    right: int

    @property
    def asked(self) -> Asked:
        return Asked(self.text, self.choices)

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "choices": list(self.choices), "right": self.right}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Item:
        return cls(stored["text"], tuple(stored["choices"]), stored["right"])


def draw(questions: Sequence[Item], *, seed: int) -> list[Item]:
    """The paper of one sitting: every question in its order, the choices of each shuffled.

    The same questions and seed make the same paper. The seed must be a secret of the server:
    authors often write the right choice first, so a known order would tell it.
    """
    dice = Random(seed)
    return [_shuffled(question, dice) for question in questions]


def _shuffled(question: Item, dice: Random) -> Item:
    order = list(range(len(question.choices)))
    dice.shuffle(order)
    choices = tuple(question.choices[index] for index in order)
    return Item(question.text, choices, order.index(question.right))
