"""Who speaks in an activity, moderates or plans it, as the programme names them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import normal
from app.agenda.kinds import Part
from app.db import Base

if TYPE_CHECKING:
    from app.agenda.models import Activity
    from app.agenda.profiles import SpeakerProfile


TITLES = frozenset({"Dr", "Dra", "Prof", "Professor", "PD", "Mr", "Mrs", "Ms"})
FOLDED_TITLES = frozenset(title.casefold() for title in TITLES)
LIKE = 0.75
"""How like each other two words are of which one may be the other, corrected."""


class Named(NamedTuple):
    """A row of the programme."""

    name: str
    affiliation: str = ""
    part: Part = Part.SPEAKER
    address: str = ""


class Speaker(Base):
    """Someone who speaks in an activity, moderates or plans it, as the programme names them."""

    __tablename__ = "speakers"
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    part: Mapped[Part] = mapped_column(default=Part.SPEAKER, server_default="speaker")
    address: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """Where the link to the personal page goes. Nobody but staff sees it."""
    has_left: Mapped[bool] = mapped_column(default=False, server_default="0")
    """No longer on the programme. The row stays, with what was declared and reviewed."""

    activity: Mapped[Activity] = relationship(back_populates="named")
    profile: Mapped[SpeakerProfile | None] = relationship(back_populates="speaker")

    @property
    def named(self) -> Named:
        """The row of the programme from which it came."""
        return Named(self.name, self.affiliation, self.part, self.address)

    @property
    def initial(self) -> str:
        """The letter that stands where there is no photograph: of the name, not of a title."""
        words = [word for word in self.name.split() if not word.endswith(".")]
        return next((word[0] for word in words if word not in TITLES), self.name[:1])

    @property
    def speaks(self) -> bool:
        return self.part is Part.SPEAKER

    def __str__(self) -> str:
        return self.name


def seated(known: Sequence[Speaker], people: Sequence[Named]) -> list[Speaker]:
    """The row of everyone who is named, in order.

    Whoever was named before keeps the row, and with it what hangs on it: found by the same name, or
    by the same address under a name like it. Nobody inherits the row of somebody else, not even of
    whoever shares the address of a secretariat.
    """
    rows = _rows(known, people)
    return [
        _seat(rows.get(place) or Speaker(), place + 1, person)
        for place, person in enumerate(people)
    ]


def newcomers(known: Sequence[Speaker], people: Sequence[Named]) -> list[Named]:
    """Who is named and was not on the programme until now."""
    rows = _rows([speaker for speaker in known if not speaker.has_left], people)
    return [person for place, person in enumerate(people) if place not in rows]


def _rows(known: Sequence[Speaker], people: Sequence[Named]) -> dict[int, Speaker]:
    free = sorted(known, key=lambda s: s.has_left)
    rows: dict[int, Speaker] = {}
    for is_same in (_is_named, _is_reached):
        for place, person in enumerate(people):
            found = next((s for s in free if place not in rows and is_same(s, person)), None)
            if found is not None:
                free.remove(found)
                rows[place] = found
    return rows


def _is_named(speaker: Speaker, person: Named) -> bool:
    return speaker.name == person.name


def _is_reached(speaker: Speaker, person: Named) -> bool:
    is_same_address = bool(person.address) and normal(speaker.address) == normal(person.address)
    return is_same_address and _are_alike(speaker.name, person.name)


def _are_alike(one: str, other: str) -> bool:
    """Whether two names may be of the same person: their family names share a word, or nearly."""
    return any(
        SequenceMatcher(None, mine, theirs).ratio() >= LIKE
        for mine in _family(one)
        for theirs in _family(other)
    )


def _family(name: str) -> list[str]:
    """The words of a name without title, accents and the given name in front."""
    letters = unicodedata.normalize("NFKD", name.replace("-", " ").casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    before, comma, _ = bare.partition(",")
    words = [word for word in before.split() if word.rstrip(".") not in FOLDED_TITLES]
    return words if comma else words[1:] or words


def _seat(speaker: Speaker, position: int, person: Named) -> Speaker:
    speaker.position, speaker.has_left = position, False
    speaker.name, speaker.affiliation, speaker.part, speaker.address = person
    return speaker
