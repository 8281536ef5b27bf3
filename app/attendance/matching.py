"""Who of a report is who of the enrolled, how that is known, or why it is not.

An address settles a match, then the id of somebody's own link to join, then what a person has
decided about the same identity before. A name is a suggestion for a person to confirm: two people
may bear it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain, islice

from app.attendance.names import folded
from app.attendance.presence import Interval
from app.attendance.report import N_, Participant, Role, Translate, identity_of

SAME_NAME = 100
PART_OF_NAME = 80
ALIKE = 0.85
SUGGESTIONS = 5
# Those who share the rarest word of a name come first; further ones would suggest nobody.
COMPARED = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody enrolled. All addresses are proven to be theirs."""

    enrolment_id: int
    name: str
    address: str
    other_addresses: frozenset[str] = frozenset()
    link_ids: frozenset[str] = frozenset()
    """What their own links to join made the platforms call them."""
    recognised: frozenset[tuple[str, str]] = frozenset()
    """Identities that a person has said are theirs: see `report.identity_of`."""


class How(StrEnum):
    ADDRESS = "address"
    OTHER_ADDRESS = "other address"
    LINK = "personal link"
    RECOGNISED = "recognised"


class WhyNot(StrEnum):
    UNKNOWN_ADDRESS = "nobody enrolled has this address"
    SHARED_ADDRESS = "two people have this address"
    SHARED_NAME = "two people have this name"
    NO_ADDRESS = "no address in the report"
    PANELIST = "panelist"
    HOST = "host"


HOW = {
    How.ADDRESS: N_("Enrolled with the address %(address)s."),
    How.OTHER_ADDRESS: N_("%(address)s is another address of somebody enrolled."),
    How.LINK: N_("Came in by their own link to join."),
    How.RECOGNISED: N_("Known from an earlier decision about this name or address."),
}
WHY_NOT = {
    WhyNot.UNKNOWN_ADDRESS: N_("Nobody enrolled has the address %(address)s."),
    WhyNot.SHARED_ADDRESS: N_("Two people enrolled have the address %(address)s."),
    WhyNot.SHARED_NAME: N_("Two or more people enrolled are called %(name)s."),
    WhyNot.NO_ADDRESS: N_("The report has no address for %(name)s."),
    WhyNot.PANELIST: N_("%(name)s spoke on the panel and is not expected among the learners."),
    WhyNot.HOST: N_("%(name)s was the host and is not expected among the learners."),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody whom the name may mean, and how alike the names are, in percent."""

    enrolment_id: int
    name: str
    likeness: int


@dataclass(frozen=True, slots=True)
class Match:
    """What is known about one participant: settled with `how`, or open with `why_not`."""

    participant: Participant
    enrolment_id: int | None = None
    how: How | None = None
    why_not: WhyNot | None = None
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def is_settled(self) -> bool:
        return self.enrolment_id is not None

    def sentence(self, translate: Translate = str) -> str:
        text = HOW[self.how] if self.how else WHY_NOT[self.why_not or WhyNot.NO_ADDRESS]
        values = {"name": self.participant.name, "address": self.participant.address}
        return translate(text) % values


def match(
    participants: Iterable[Participant], candidates: Sequence[Candidate], provider: str = ""
) -> list[Match]:
    """One match for each participant, in their order. A name is known on its own platform only."""
    register = _Register(candidates)
    return [_matched(participant, register, provider) for participant in participants]


def intervals_by_enrolment(matches: Iterable[Match]) -> dict[int, tuple[Interval, ...]]:
    """The stays of everybody settled; who came with two addresses has the stays of both."""
    stays: defaultdict[int, tuple[Interval, ...]] = defaultdict(tuple)
    for one in matches:
        if one.enrolment_id is not None:
            stays[one.enrolment_id] += one.participant.intervals
    return dict(stays)


def _matched(participant: Participant, register: "_Register", provider: str) -> Match:
    found = register.with_address(participant.address)
    if participant.role is not Role.ATTENDEE:
        why = WhyNot.HOST if participant.role is Role.HOST else WhyNot.PANELIST
        by_address = tuple(Suggestion(c.enrolment_id, c.name, SAME_NAME) for c in found)
        return Match(participant, why_not=why, suggestions=by_address)
    if len(found) == 1:
        is_main = participant.address == _address(found[0].address)
        how = How.ADDRESS if is_main else How.OTHER_ADDRESS
        return Match(participant, found[0].enrolment_id, how)
    if known := register.with_link(participant.external_id):
        return Match(participant, known.enrolment_id, How.LINK)
    if known := register.recognised(participant, provider):
        return Match(participant, known.enrolment_id, How.RECOGNISED)
    if found:
        shared = tuple(Suggestion(c.enrolment_id, c.name, SAME_NAME) for c in found)
        return Match(participant, why_not=WhyNot.SHARED_ADDRESS, suggestions=shared)
    suggestions = register.suggestions(participant.names)
    return Match(participant, why_not=_why_not(participant, suggestions), suggestions=suggestions)


def _why_not(participant: Participant, suggestions: tuple[Suggestion, ...]) -> WhyNot:
    if sum(one.likeness == SAME_NAME for one in suggestions) > 1:
        return WhyNot.SHARED_NAME
    return WhyNot.UNKNOWN_ADDRESS if participant.address else WhyNot.NO_ADDRESS


def _address(written: str) -> str:
    return written.strip().lower()


@dataclass(frozen=True, slots=True)
class _Known:
    candidate: Candidate
    words: tuple[str, ...]

    @property
    def compact(self) -> str:
        return "".join(self.words)


@dataclass
class _Register:
    """The enrolled, found by address or by a word of their name."""

    candidates: Sequence[Candidate]
    _addresses: Mapping[str, list[Candidate]] = field(init=False)
    _words: Mapping[str, list[_Known]] = field(init=False)
    _same: Mapping[tuple[str, ...] | str, list[_Known]] = field(init=False)
    _links: Mapping[str, Candidate] = field(init=False)
    _recognised: Mapping[tuple[str, str], list[Candidate]] = field(init=False)

    def __post_init__(self) -> None:
        addresses: defaultdict[str, list[Candidate]] = defaultdict(list)
        words: defaultdict[str, list[_Known]] = defaultdict(list)
        same: defaultdict[tuple[str, ...] | str, list[_Known]] = defaultdict(list)
        for candidate in self.candidates:
            for address in {_address(a) for a in (candidate.address, *candidate.other_addresses)}:
                addresses[address].append(candidate)
            known = _Known(candidate, folded(candidate.name))
            for word in set(known.words):
                words[word].append(known)
            same[tuple(sorted(known.words))].append(known)
            same[known.compact].append(known)
        self._addresses, self._words, self._same = addresses, words, same
        self._links = {id: one for one in self.candidates for id in one.link_ids}
        recognised: defaultdict[tuple[str, str], list[Candidate]] = defaultdict(list)
        for candidate in self.candidates:
            for identity in candidate.recognised:
                recognised[identity].append(candidate)
        self._recognised = recognised

    def with_address(self, address: str | None) -> list[Candidate]:
        return self._addresses.get(_address(address), []) if address else []

    def with_link(self, id: str) -> Candidate | None:
        return self._links.get(id)

    def recognised(self, participant: Participant, provider: str) -> Candidate | None:
        """The one who is known to be this; nobody when two societies say different things."""
        identity = identity_of(participant.name, participant.address or "", provider)
        known = self._recognised.get(identity, [])
        return known[0] if len(known) == 1 else None

    def suggestions(self, names: Iterable[str]) -> tuple[Suggestion, ...]:
        """The likeliest first; all who bear exactly the name, then a few whose name is like it."""
        found: dict[int, Suggestion] = {}
        for words in map(folded, names):
            for known, likeness in self._like(words):
                one = Suggestion(known.candidate.enrolment_id, known.candidate.name, likeness)
                if one.enrolment_id not in found or found[one.enrolment_id].likeness < likeness:
                    found[one.enrolment_id] = one
        ranked = sorted(found.values(), key=lambda one: (-one.likeness, one.enrolment_id))
        return tuple(ranked[:SUGGESTIONS])

    def _like(self, words: tuple[str, ...]) -> Iterable[tuple[_Known, int]]:
        if not words:
            return
        for key in (tuple(sorted(words)), "".join(words)):
            for known in self._same.get(key, [])[:SUGGESTIONS]:
                yield known, SAME_NAME
        sharing = sorted((self._words.get(word, []) for word in set(words)), key=len)
        for known in islice(chain.from_iterable(sharing), COMPARED):
            if likeness := _likeness(words, known.words):
                yield known, likeness


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How alike two names are that share a word, in percent; 0 when not enough to suggest it."""
    shorter = min(set(one), set(other), key=len)
    if len(shorter) > 1 and set(one) & set(other) == shorter:
        return PART_OF_NAME
    pair = SequenceMatcher(None, " ".join(sorted(one)), " ".join(sorted(other)))
    # The quick ratios are upper bounds: most pairs are settled by them at little cost.
    if min(pair.real_quick_ratio(), pair.quick_ratio()) < ALIKE or pair.ratio() < ALIKE:
        return 0
    return int(pair.ratio() * 100)
