"""Whether somebody was there, by the rule stamped on the webinar. The one place that decides it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.agenda.kinds import Proof
from app.attendance.presence import NOT_THERE, Measure, has_reached

TWO_THIRDS = (2, 3)


class Outcome(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    OPEN = "open"
    """The report tells only a sum: it may have been long enough, but that is not proved."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs of attention: how many codes and polls were shown, and how many somebody answered."""

    shown: int = 0
    answered: int = 0

    @property
    def needed(self) -> int:
        """Two thirds of those shown, rounded up: 1 of 1, 2 of 2, 2 of 3, 3 of 4, 4 of 5, 4 of 6."""
        part, whole = TWO_THIRDS
        return -(-self.shown * part // whole)

    @property
    def suffice(self) -> bool:
        return self.shown > 0 and self.answered >= self.needed


NO_SIGNS = Signs()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody was there, and what proves it."""

    outcome: Outcome
    by: Proof | None = None

    @property
    def is_present(self) -> bool:
        return self.outcome is Outcome.PRESENT


def verdict(
    proofs: Collection[Proof], measured: Measure = NOT_THERE, *, of: int, threshold: int,
    signs: Signs = NO_SIGNS,
) -> Verdict:  # fmt: skip
    """Weigh what is known of one person against the rule of the webinar.

    The report proves presence when the seconds that it proves reach the threshold. When it tells of
    time in the session and even the most that it allows is too short, it proves absence, and no
    code outweighs it. Where it is silent about somebody, leaves it open, or does not count, two
    thirds of the codes and polls that were shown prove presence, if the webinar counts them.
    """
    by_report = Proof.REPORT in proofs
    if by_report and has_reached(measured.seconds, of=of, threshold=threshold):
        return Verdict(Outcome.PRESENT, Proof.REPORT)
    may_reach = has_reached(measured.most, of=of, threshold=threshold)
    if by_report and measured.most and not may_reach:
        return Verdict(Outcome.ABSENT, Proof.REPORT)
    by_signs = next((one for one in (Proof.CODE, Proof.POLL) if one in proofs), None)
    if by_signs and signs.suffice:
        return Verdict(Outcome.PRESENT, by_signs)
    return Verdict(Outcome.OPEN if by_report and may_reach else Outcome.ABSENT)
