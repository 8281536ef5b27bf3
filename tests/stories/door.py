"""A line of the table of doors: whom it lets in, and what everybody finds there.

A line names the methods, the rule, whom the audience admits, and of those who reaches *our* record
and who *theirs*. Whoever the audience does not admit is sent to sign in (strangers) or refused with
403; whoever it admits but does not reach the record finds nothing: 404, or what `beyond` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from tests.stories.conftest import STRANGER
from tests.stories.house import Nouns

Who = frozenset[str]


def only(*names: str) -> Who:
    return frozenset(names)


OUR_ADMINISTRATORS, LEADING, THEIR_ADMINISTRATORS = only("eva", "sam"), only("eva"), only("zoe")
OUR_OFFICERS, EUSOMII_OFFICERS, THEIR_OFFICERS = (
    only("erik", "nils", "susan"),
    only("erik", "nils"),
    only("fay"),
)
ADMINISTRATORS = OUR_ADMINISTRATORS | THEIR_ADMINISTRATORS
OFFICERS = OUR_OFFICERS | THEIR_OFFICERS
OTTO, PIA = only("otto"), only("pia")
AUDITORS = OTTO | PIA
STAFF = ADMINISTRATORS | OFFICERS | AUDITORS
ANA, BEN = only("ana"), only("ben")
PEOPLE = STAFF | ANA | BEN | {"ida", "hugo"}
EVERYONE = PEOPLE | {STRANGER}
NOBODY = only()

NO_SERIAL = "7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"
NUMBERS = ("id", "report_id", "participant_id", "award_id", "check_id", "contest_id", "speaker_id",
           "material_id", "enrolment_id", "letter_id", "size")  # fmt: skip
NONE: dict[str, str] = {
    **dict.fromkeys(NUMBERS, "999999"),
    "position": "77",
    "number": "77",
    "digest": "0" * 64,
    "serial": NO_SERIAL,
    "code": "nowhere",
    "token": "x" * 43,
    "month": "2026-13",
    "path": "nothing.css",
}
"""For each kind of parameter one that names no record."""
SMALL = {"kind", "position", "number", "path", "part", "start", "form"}
"""Parameters that mean the same on both sides."""


@dataclass(frozen=True)
class Door:
    """One line of the table."""

    methods: str
    rule: str
    audience: Who
    ours: Who
    theirs: Who
    nouns: dict[str, str] = field(default_factory=dict)
    """Which noun of a side fills which parameter."""
    form: dict[str, str] = field(default_factory=dict)
    """What is sent with a POST: `=text` as it stands (`{who}` is whoever sends it), or a noun."""
    beyond: int | str = 404
    """What the audience finds where its reach ends."""
    nothing: int | str = 404
    """What the audience finds where no record is."""
    refused: tuple[Who, Who] = (NOBODY, NOBODY)
    """Those who see our record, and theirs, but may not decide about it: 403."""
    bears_token: bool = True
    """Whether a form sent here has to bear the token of our own forms."""

    @property
    def keys(self) -> set[tuple[str, str]]:
        return {(method, self.rule) for method in self.methods.split()}

    def targets(
        self, app: Flask, ours: Nouns, theirs: Nouns
    ) -> Iterator[tuple[str, str, Who, dict[str, Any]]]:
        """(name of the target, its address, who reaches it, the form to send there)."""
        if not self.nouns:
            yield "here", self.rule, self.ours, self._form(ours)
            return
        for name, side, reach in (("ours", ours, self.ours), ("theirs", theirs, self.theirs)):
            yield (
                name,
                self._url(app, {p: side[n] for p, n in self.nouns.items()}),
                reach,
                self._form(side),
            )
        none = {p: NONE[p] for p in self.nouns if p in NONE}
        given = {p: ours[n] for p, n in self.nouns.items()}
        if none:
            yield "none", self._url(app, {**given, **none}), NOBODY, self._form(ours)
        *_, last = self.nouns
        if len(self.nouns) > 1 and last not in SMALL:
            mixed = {**given, last: theirs[self.nouns[last]]}
            yield "theirs under ours", self._url(app, mixed), NOBODY, self._form(ours)

    def expected(self, who: str, target: str, reach: Who, method: str) -> int | str:
        """What this person finds there."""
        if who not in self.audience:
            return "sign in" if who == STRANGER else 403
        if who in reach:
            return "in"
        ours, theirs = self.refused
        if who in {"none": NOBODY, "theirs": theirs}.get(target, ours):
            return 403
        return self.nothing if target == "none" else self.beyond

    def _url(self, app: Flask, values: dict[str, Any]) -> str:
        url = self.rule
        for name, value in values.items():
            start = url.index("<", 0)
            while not url[start : url.index(">", start)].endswith(name):
                start = url.index("<", start + 1)
            url = url[:start] + str(value) + url[url.index(">", start) + 1 :]
        assert "<" not in url, url
        return url

    def _form(self, side: Nouns) -> dict[str, Any]:
        return {k: v[1:] if v.startswith("=") else side[v] for k, v in self.form.items()}


def public(methods: str, rule: str, **more: Any) -> Door:
    return Door(methods, rule, EVERYONE, EVERYONE, EVERYONE, **more)


def own(methods: str, rule: str, **more: Any) -> Door:
    """A learner's own records."""
    return Door(methods, rule, PEOPLE, ANA, BEN, **more)


def personal(methods: str, rule: str, **more: Any) -> Door:
    """A page about whoever is signed in."""
    return Door(methods, rule, PEOPLE, PEOPLE, PEOPLE, **more)


def held(methods: str, rule: str, **more: Any) -> Door:
    """What the administrators of every society that holds an activity reach."""
    return Door(methods, rule, ADMINISTRATORS, OUR_ADMINISTRATORS, THEIR_ADMINISTRATORS, **more)


def led(methods: str, rule: str, **more: Any) -> Door:
    """What only the leading society's administrators change."""
    return Door(methods, rule, ADMINISTRATORS, LEADING, THEIR_ADMINISTRATORS, **more)


def keys(methods: str, rule: str, **more: Any) -> Door:
    """Award lists: the officers of the awarding societies."""
    return Door(methods, rule, OFFICERS, OUR_OFFICERS, THEIR_OFFICERS, **more)


def scheme(methods: str, rule: str, **more: Any) -> Door:
    """Schemes: the officers of the awarding societies, and the platform's administrators."""
    return Door(methods, rule, OFFICERS | PIA, OUR_OFFICERS | PIA, THEIR_OFFICERS | PIA, **more)


def platform(methods: str, rule: str, **more: Any) -> Door:
    return Door(methods, rule, PIA, PIA, PIA, **more)
