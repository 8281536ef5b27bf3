"""What a verb answers when it will not do what was asked."""

from __future__ import annotations

from collections.abc import Iterable


class Refusal(Exception):
    """The act is not allowed now; the message is a sentence for the person who asked.

    The web answers it with 409 and the reasons; nothing of the request is kept.
    """

    def __init__(self, *reasons: object) -> None:
        super().__init__(*reasons)
        self.reasons = [str(reason) for reason in reasons]

    def __str__(self) -> str:
        return " ".join(self.reasons)

    @classmethod
    def unless_none(cls, obstacles: Iterable[object]) -> None:
        """Raise with every obstacle; none means yes."""
        if found := list(obstacles):
            raise cls(*found)
