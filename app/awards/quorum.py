"""Who has turned their key, and what stands between a list and its release.

The same functions explain on the page and decide at the act: an empty answer means yes. A key
counts when it was turned for exactly what the list holds now, by someone who still holds the
office, for one society only, and who is not on the list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.texts import gettext as _


@dataclass(frozen=True)
class Party:
    """An awarding society."""

    id: int
    short: str


@dataclass(frozen=True)
class Holder:
    """Someone on the list, and what they lack or what speaks against printing their name."""

    person: int
    name: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """An approval, and whether its giver still holds the office in that society."""

    society: int
    person: int
    digest: str
    is_current: bool


@dataclass(frozen=True)
class Case:
    """Everything that a release weighs, as it stands at one moment."""

    awarding: tuple[Party, ...]
    holders: tuple[Holder, ...]
    keys: tuple[Key, ...] = ()
    digest: str | None = None
    """Of the content that was frozen; nothing while the list is open."""
    content_digest: str | None = None
    """Of what the rows say now; it must be the frozen one."""
    is_tied: bool = True
    is_released: bool = False


@dataclass(frozen=True)
class Turn:
    """The wish of a person to turn a society's key for the digest they saw."""

    person: int
    society: Party
    seen: str
    holds_office: bool


@dataclass(frozen=True)
class Quorum:
    """The societies whose key counts, and those whose key is missing, in agreed order."""

    turned: tuple[Party, ...]
    missing: tuple[Party, ...]

    @property
    def is_complete(self) -> bool:
        return bool(self.turned) and not self.missing


@dataclass(frozen=True)
class Obstacle:
    """A reason against freezing, approving or releasing; `about` is whom or what it concerns."""

    kind: str
    about: str = ""
    detail: str = ""

    def __str__(self) -> str:
        return _SENTENCES[self.kind](self)


_SENTENCES: dict[str, Callable[[Obstacle], str]] = {
    "released": lambda o: _("This list is released; nothing about it changes any more."),
    "open": lambda o: _("The list is not frozen yet."),
    "frozen": lambda o: _("The list is frozen. Open it again before you change it."),
    "stale": lambda o: _(
        "The list has changed since you opened it. Please read it again before you approve."
    ),
    "changed": lambda o: _(
        "What the list says has changed since it was frozen. Open it and freeze it again."
    ),
    "empty": lambda o: _("Nobody is on the list."),
    "not tied": lambda o: _(
        "%(societies)s are not tied today by agreements in force that cover certification.",
        societies=o.about,
    ),
    "unfit": lambda o: _("%(name)s: %(reason)s", name=o.about, reason=o.detail),
    "no office": lambda o: _(
        "Only an education officer or the president of %(society)s approves for it, "
        "under a mandate in force today.",
        society=o.about,
    ),
    "own award": lambda o: _(
        "You are on this list yourself, so another officer of %(society)s must approve it.",
        society=o.about,
    ),
    "second key": lambda o: _(
        "You have approved this list for another society; "
        "another officer must approve it for %(society)s.",
        society=o.about,
    ),
    "turned": lambda o: _("%(society)s has approved this list already.", society=o.about),
    "key missing": lambda o: _("%(society)s has not approved the list.", society=o.about),
}


def quorum(case: Case) -> Quorum:
    """Which awarding societies have approved exactly what the list holds now."""
    holders = {holder.person for holder in case.holders}
    used: set[int] = set()
    turned: set[int] = set()
    for key in case.keys:
        counts = key.is_current and case.digest is not None and key.digest == case.digest
        if counts and key.person not in used | holders and key.society not in turned:
            used.add(key.person)
            turned.add(key.society)
    return Quorum(
        tuple(p for p in case.awarding if p.id in turned),
        tuple(p for p in case.awarding if p.id not in turned),
    )


def against_freezing(case: Case) -> list[Obstacle]:
    """Every reason against putting this list before the officers."""
    found = [Obstacle("released")] if case.is_released else []
    if not case.holders:
        found.append(Obstacle("empty"))
    if not case.is_tied:
        found.append(Obstacle("not tied", ", ".join(p.short for p in case.awarding)))
    found += [
        Obstacle("unfit", holder.name, reason) for holder in case.holders for reason in holder.lacks
    ]
    return found


def against_approving(case: Case, turn: Turn) -> list[Obstacle]:
    """Every reason against this person turning this society's key now."""
    society = turn.society.short
    if case.is_released:
        return [Obstacle("released")]
    if case.digest is None:
        return [Obstacle("open")]
    found = []
    if turn.seen != case.digest:
        found.append(Obstacle("stale"))
    if not turn.holds_office or turn.society not in case.awarding:
        found.append(Obstacle("no office", society))
    if any(holder.person == turn.person for holder in case.holders):
        found.append(Obstacle("own award", society))
    mine = [k for k in case.keys if k.person == turn.person and k.digest == case.digest]
    if any(key.society != turn.society.id for key in mine):
        found.append(Obstacle("second key", society))
    if not mine and turn.society in quorum(case).turned:
        found.append(Obstacle("turned", society))
    if case.content_digest != case.digest:
        found.append(Obstacle("changed"))
    return found + against_freezing(case)


def against_release(case: Case) -> list[Obstacle]:
    """Every reason against making diplomas of this list now."""
    if case.is_released:
        return [Obstacle("released")]
    if case.digest is None:
        return [Obstacle("open")]
    found = [Obstacle("changed")] if case.content_digest != case.digest else []
    found += [Obstacle("key missing", party.short) for party in quorum(case).missing]
    return found + against_freezing(case)
