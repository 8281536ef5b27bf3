"""Whether a person may apply now: every reason against it; none means welcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from app.schemes.requirements import Required, Standing
from app.texts import gettext as _


@dataclass(frozen=True)
class NotOpenYet:
    opens_on: date

    def __str__(self) -> str:
        return _("Applications open on %(day)s.", day=_words(self.opens_on))


@dataclass(frozen=True)
class Closed:
    closed_on: date

    def __str__(self) -> str:
        return _("Applications closed on %(day)s.", day=_words(self.closed_on))


@dataclass(frozen=True)
class Lacking:
    """A requirement that is not met, and how much of it is missing."""

    required: Required
    missing: int

    def __str__(self) -> str:
        if self.required.count == 1:
            return _("Still missing: %(requirement)s.", requirement=self.required)
        return _(
            "Still missing: %(missing)d of “%(requirement)s”.",
            missing=self.missing,
            requirement=self.required,
        )


Obstacle = NotOpenYet | Closed | Lacking


def obstacles(
    opens_on: date, closes_on: date | None, standings: Sequence[Standing], *, on: date
) -> list[Obstacle]:
    """Every reason that stands between a person and a candidacy."""
    found: list[Obstacle] = []
    if on < opens_on:
        found.append(NotOpenYet(opens_on))
    if closes_on is not None and on > closes_on:
        found.append(Closed(closes_on))
    found += [Lacking(s.required, s.missing) for s in standings if not s.met]
    return found


def _words(day: date) -> str:
    return str(format_date(day, "d MMMM yyyy", locale="en_GB"))
