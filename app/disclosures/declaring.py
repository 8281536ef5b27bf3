"""What a declaration holds, and what stands against it.

After Standard 3 of the ACCME Standards for Integrity and Independence: all financial relationships
of the prior 24 months, of any amount; the absence of any is declared too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app import locale
from app.texts import gettext as _

MONTHS = 24
MOST_LINES = 30


class Nature(StrEnum):
    """What ties someone to a company."""

    EMPLOYEE = "employee"
    OWNER = "owner"
    CONSULTANT = "consultant"
    FEES = "speaker's fees"
    GRANT = "research grant"
    SHARES = "shares"
    ROYALTIES = "royalties or patents"
    OTHER = "other"

    @property
    def bars(self) -> bool:
        """Whether it keeps someone from a programme as long as it goes on, unless exempted."""
        return self in {Nature.EMPLOYEE, Nature.OWNER}


class Exemption(StrEnum):
    """Why an owner or employee may take part nevertheless (the three exceptions of Standard 3.2,
    and a company to which the standard does not apply)."""

    UNRELATED = "unrelated"
    EARLY_SCIENCE = "early science"
    SAFE_USE = "safe use"
    NOT_INELIGIBLE = "not ineligible"


@dataclass(frozen=True)
class Line:
    """One relationship with one company."""

    company: str
    nature: Nature
    words: str = ""
    ended_on: date | None = None

    @property
    def bars(self) -> bool:
        return self.nature.bars and self.ended_on is None


@dataclass(frozen=True)
class Declared:
    """What someone declares: that there is nothing, or these relationships."""

    has_none: bool
    lines: tuple[Line, ...] = ()

    @property
    def needs_exemption(self) -> bool:
        return any(line.bars for line in self.lines)


@dataclass(frozen=True)
class Contradiction:
    """Nothing to declare, and relationships beside it; or neither."""

    has_none: bool
    field = "answer"

    def __str__(self) -> str:
        if self.has_none:
            return _("You say that there is nothing, and name companies below. Which is right?")
        return _("Name at least one company, or say that there is nothing to declare.")


@dataclass(frozen=True)
class WithoutWords:
    """Of another kind, and nobody says of which."""

    number: int
    field = "words"

    def __str__(self) -> str:
        return _("Say in a few words what ties you to this company.")


@dataclass(frozen=True)
class NotYetOver:
    """It ends in the future: it goes on."""

    number: int
    field = "ended_on"

    def __str__(self) -> str:
        return _("This day is still to come. Leave it empty as long as it goes on.")


@dataclass(frozen=True)
class LongOver:
    """It ended before the months that count."""

    number: int
    since: date
    field = "ended_on"

    def __str__(self) -> str:
        return _(
            "This ended before %(day)s, more than 24 months ago, and need not be declared. "
            "Empty the row.",
            day=locale.day(self.since),
        )


Fault = Contradiction | WithoutWords | NotYetOver | LongOver


def against_declaring(declared: Declared, *, on: date) -> list[Fault]:
    """Every reason against a declaration on a day; `number` counts its lines from one."""
    found: list[Fault] = []
    if declared.has_none == bool(declared.lines):
        found.append(Contradiction(declared.has_none))
    return found + [fault for n, line in enumerate(declared.lines, 1) for fault in _of(n, line, on)]


def _of(number: int, line: Line, on: date) -> Iterable[Fault]:
    if line.nature is Nature.OTHER and not line.words:
        yield WithoutWords(number)
    if line.ended_on is not None and line.ended_on > on:
        yield NotYetOver(number)
    if line.ended_on is not None and line.ended_on < months_before(on):
        yield LongOver(number, months_before(on))


def months_before(on: date) -> date:
    """The same day 24 months earlier; of 29 February the day before."""
    try:
        return on.replace(year=on.year - MONTHS // 12)
    except ValueError:
        return on.replace(year=on.year - MONTHS // 12, day=28)
