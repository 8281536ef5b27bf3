"""What an evaluation can ask, and the set of questions to start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.texts import gettext as _

STEPS = 5
"""A scale goes from 1 to 5."""
FEWEST_CHOICES, MOST_CHOICES = 2, 8
MOST_ITEMS = 30


class Kind(StrEnum):
    """How an item is answered."""

    SCALE = "scale"
    SINGLE = "single"
    SEVERAL = "several"
    TEXT = "text"


@dataclass(frozen=True)
class Wording:
    """An item as it is written: a scale has the words of its two ends as choices."""

    kind: Kind
    text: str
    choices: Sequence[str] = field(default_factory=tuple)
    per_speaker: bool = False


def usual() -> list[Wording]:
    """A sensible set, with what EACCME asks of every event: quality, relevance and bias."""
    return [
        Wording(Kind.SCALE, _("How relevant was this webinar to your work?"),
                (_("not at all"), _("very"))),
        Wording(Kind.SCALE, _("How do you rate its quality?"), (_("poor"), _("excellent"))),
        Wording(Kind.SINGLE, _("Did it do what its outcomes announced?"),
                (_("Yes"), _("In part"), _("No"))),
        Wording(Kind.SINGLE, _("Was it free of commercial bias?"),
                (_("Yes, entirely"), _("For the most part"), _("No"))),
        Wording(Kind.TEXT, _("If you saw bias, where was it?")),
        Wording(Kind.SCALE, _("How clear and useful was the talk?"),
                (_("not at all"), _("very")), per_speaker=True),
        Wording(Kind.SCALE, _("Would you recommend it to a colleague?"),
                (_("certainly not"), _("certainly"))),
        Wording(Kind.TEXT, _("What should we improve?")),
    ]  # fmt: skip
