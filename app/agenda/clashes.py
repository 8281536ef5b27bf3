"""Which webinars stand in each other's way: the same hour for the same people, and worse."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.accounts.models import normal
from app.agenda.speakers import TITLES


class Reason(StrEnum):
    """Why two webinars at the same hour clash, the worst first."""

    SPEAKER = "speaker"
    SOCIETY = "society"
    AUDIENCE = "audience"


@dataclass(frozen=True)
class Voice:
    """Someone who has to be there: found again by their address or by their name."""

    name: str
    address: str = ""

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        by_name = ("name", folded(self.name))
        return frozenset(
            {by_name, ("address", normal(self.address))} if self.address else {by_name}
        )


@dataclass(frozen=True)
class Slot:
    """A session of a webinar on the board."""

    id: int
    """Of the webinar; 0 for one that is only thought of."""
    title: str
    starts_at: datetime
    ends_at: datetime
    societies: tuple[int, ...]
    """The leading one first."""
    audiences: frozenset[str] = frozenset()
    """None means everyone."""
    voices: tuple[Voice, ...] = ()
    is_announced: bool = False
    zone: str = "UTC"
    number: int = 1
    """Which of its sessions."""

    @property
    def lead(self) -> int:
        return self.societies[0]


@dataclass(frozen=True)
class Clash:
    """What stands between two sessions at the same hour."""

    one: Slot
    other: Slot
    reasons: tuple[Reason, ...]
    speakers: tuple[str, ...]
    """The names, as the first of the two writes them."""
    societies: tuple[int, ...]
    audiences: frozenset[str]
    """The professions both are meant for; none where one of them is for everyone."""

    @property
    def worst(self) -> Reason:
        return self.reasons[0]

    @property
    def hours(self) -> tuple[datetime, datetime]:
        """From when until when both are on."""
        begins = max(self.one.starts_at, self.other.starts_at)
        return begins, min(self.one.ends_at, self.other.ends_at)

    def seen_from(self, slot: Slot) -> Slot:
        """The one in the way of this one."""
        return self.other if slot == self.one else self.one


def clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Every pair of webinars at the same hour that share a speaker, a society or their people.

    Read once along the time: whatever has not ended when the next one starts is at its hour.
    """
    found: list[Clash] = []
    running: list[Slot] = []
    for slot in sorted(slots, key=lambda s: (s.starts_at, s.ends_at, s.id, s.number)):
        running = [one for one in running if one.ends_at > slot.starts_at]
        found += [clash for one in running if (clash := between(one, slot))]
        running.append(slot)
    return found


def between(one: Slot, other: Slot) -> Clash | None:
    """What stands between two sessions, or nothing. Those of one webinar never clash."""
    if (one.id == other.id and one.id) or not overlap(one, other):
        return None
    speakers = tuple(v.name for v in one.voices if any(v.keys & w.keys for w in other.voices))
    societies = tuple(s for s in one.societies if s in other.societies)
    for_all = not one.audiences or not other.audiences
    people = one.audiences & other.audiences
    weighed = (
        (Reason.SPEAKER, bool(speakers)),
        (Reason.SOCIETY, bool(societies)),
        (Reason.AUDIENCE, bool(people) or for_all),
    )
    reasons = tuple(reason for reason, is_so in weighed if is_so)
    return Clash(one, other, reasons, speakers, societies, people) if reasons else None


def overlap(one: Slot, other: Slot) -> bool:
    """Whether they share a moment; one that starts as the other ends does not."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def by_webinar(found: Sequence[Clash]) -> dict[int, list[Clash]]:
    """The clashes of each webinar, the worst first."""
    told: dict[int, list[Clash]] = defaultdict(list)
    for clash in sorted(found, key=lambda c: [*Reason].index(c.worst)):
        told[clash.one.id].append(clash)
        told[clash.other.id].append(clash)
    return dict(told)


def folded(name: str) -> str:
    """A name as it is compared: small letters without marks, titles or dots, in one order.

    Dr Ida Nyström, Nystrom Ida and IDA NYSTRÖM are one person.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    titles = {title.casefold() for title in TITLES}
    words = [word for word in letters.split() if word not in titles]
    return " ".join(sorted(words)) or name.casefold()
