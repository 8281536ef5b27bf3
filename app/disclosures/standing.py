"""Where everyone on a programme stands: declared, reviewed, accepted; and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.agenda.speakers import Speaker
from app.disclosures.models import Disclosure, Review
from app.texts import gettext as _


class State(StrEnum):
    MISSING = "missing"
    UNREVIEWED = "unreviewed"
    REFUSED = "refused"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Standing:
    """One of the programme and the declaration of theirs that counts."""

    speaker: Speaker
    disclosure: Disclosure | None

    @property
    def review(self) -> Review | None:
        return self.disclosure.review if self.disclosure else None

    @property
    def state(self) -> State:
        if self.disclosure is None:
            return State.MISSING
        if self.review is None:
            return State.UNREVIEWED
        return State.ACCEPTED if self.review.is_accepted else State.REFUSED

    @property
    def is_accepted(self) -> bool:
        return self.state is State.ACCEPTED


@dataclass(frozen=True)
class Missing:
    """Someone's declaration, or the review of it, stands in the way."""

    name: str
    state: State
    field = "speakers"

    def __str__(self) -> str:
        if self.state is State.MISSING:
            return _("%(name)s has not declared financial relationships, nor that there are none.",
                     name=self.name)  # fmt: skip
        if self.state is State.UNREVIEWED:
            return _("Nobody has reviewed what %(name)s declared.", name=self.name)
        return _("What %(name)s declared was not accepted.", name=self.name)


@dataclass(frozen=True)
class NobodyNamed:
    """Credits, and nobody who answers for what is taught."""

    field = "speakers"

    def __str__(self) -> str:
        return _("Name who speaks: with credits, everyone on the programme makes a declaration.")


Obstacle = Missing | NobodyNamed


def obstacles(standings: Sequence[Standing]) -> list[Obstacle]:
    """What is missing before a programme with credits is announced, person by person."""
    if not standings:
        return [NobodyNamed()]
    return [Missing(s.speaker.name, s.state) for s in standings if not s.is_accepted]
