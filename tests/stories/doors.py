"""Every address of the house: how it is filled in on each side, and whom it lets in.

A line names the methods, the rule, whom the audience admits, and of those who reaches *our* record
and who *theirs*. Whoever the audience does not admit is sent to sign in (strangers) or refused with
403; whoever it admits but does not reach the record finds nothing: 404, or what `beyond` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from app.assets import tree_digest
from tests.stories.conftest import STRANGER
from tests.stories.house import Nouns

Who = frozenset[str]


def _of(*names: str) -> Who:
    return frozenset(names)


OUR_ADMINISTRATORS, LEADING, THEIR_ADMINISTRATORS = _of("eva", "sam"), _of("eva"), _of("zoe")
OUR_OFFICERS, EUSOMII_OFFICERS, THEIR_OFFICERS = (
    _of("erik", "nils", "susan"),
    _of("erik", "nils"),
    _of("fay"),
)
ADMINISTRATORS = OUR_ADMINISTRATORS | THEIR_ADMINISTRATORS
OFFICERS = OUR_OFFICERS | THEIR_OFFICERS
OTTO, PIA = _of("otto"), _of("pia")
AUDITORS = OTTO | PIA
STAFF = ADMINISTRATORS | OFFICERS | AUDITORS
ANA, BEN = _of("ana"), _of("ben")
PEOPLE = STAFF | ANA | BEN | {"ida", "hugo"}
EVERYONE = PEOPLE | {STRANGER}
NOBODY = _of()

NO_SERIAL = "7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"
NONE: dict[str, str] = {
    "id": "999999",
    "report_id": "999999",
    "participant_id": "999999",
    "award_id": "999999",
    "speaker_id": "999999",
    "material_id": "999999",
    "position": "77",
    "number": "77",
    "serial": NO_SERIAL,
    "code": "nowhere",
    "token": "x" * 43,
    "month": "2026-13",
    "path": "nothing.css",
}
"""For each kind of parameter one that names no record."""


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
        if len(self.nouns) > 1 and last not in {"position", "number", "path"}:
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


def _public(methods: str, rule: str, **more: Any) -> Door:
    return Door(methods, rule, EVERYONE, EVERYONE, EVERYONE, **more)


def _own(methods: str, rule: str, **more: Any) -> Door:
    """A learner's own records."""
    return Door(methods, rule, PEOPLE, ANA, BEN, **more)


def _personal(methods: str, rule: str, **more: Any) -> Door:
    """A page about whoever is signed in."""
    return Door(methods, rule, PEOPLE, PEOPLE, PEOPLE, **more)


def _held(methods: str, rule: str, **more: Any) -> Door:
    """What the administrators of every society that holds an activity reach."""
    return Door(methods, rule, ADMINISTRATORS, OUR_ADMINISTRATORS, THEIR_ADMINISTRATORS, **more)


def _led(methods: str, rule: str, **more: Any) -> Door:
    """What only the leading society's administrators change."""
    return Door(methods, rule, ADMINISTRATORS, LEADING, THEIR_ADMINISTRATORS, **more)


def _keys(methods: str, rule: str, **more: Any) -> Door:
    """Award lists: the officers of the awarding societies."""
    return Door(methods, rule, OFFICERS, OUR_OFFICERS, THEIR_OFFICERS, **more)


def _disclosed(methods: str, rule: str, **more: Any) -> Door:
    """Disclosures: administrators and officers of the societies that hold the activity."""
    ours, theirs = OUR_ADMINISTRATORS | OUR_OFFICERS, THEIR_ADMINISTRATORS | THEIR_OFFICERS
    return Door(methods, rule, STAFF, ours, theirs, **more)


def _scheme(methods: str, rule: str, **more: Any) -> Door:
    """Schemes: the officers of the awarding societies, and the platform's administrators."""
    return Door(methods, rule, OFFICERS | PIA, OUR_OFFICERS | PIA, THEIR_OFFICERS | PIA, **more)


def _platform(methods: str, rule: str, **more: Any) -> Door:
    return Door(methods, rule, PIA, PIA, PIA, **more)


CERTIFICATE = (
    OUR_ADMINISTRATORS | OUR_OFFICERS | AUDITORS,
    THEIR_ADMINISTRATORS | THEIR_OFFICERS | PIA,
)
DIPLOMA = (OUR_OFFICERS | AUDITORS, THEIR_OFFICERS | PIA)


def _issued(methods: str, rule: str, noun: str, *, deciding: bool = False, **more: Any) -> Door:
    """Certificates: those who held the activity; diplomas: those who award them. All see their
    society's; administrators decide about certificates, officers about diplomas."""
    is_diploma = noun == "diploma"
    sees, they_see = DIPLOMA if is_diploma else CERTIFICATE
    if not deciding:
        return Door(methods, rule, STAFF, sees, they_see, {"serial": noun}, **more)
    office = OFFICERS if is_diploma else ADMINISTRATORS
    return Door(
        methods,
        rule,
        STAFF,
        sees & office,
        they_see & office,
        {"serial": noun, **more.pop("also", {})},
        refused=(sees - office, they_see - office),
        **more,
    )


SPEAK = "/speak/<token>"
DESK = "/desk/activities/<int:id>"
LIST = "/desk/awards/<int:id>"
ISSUED = "/desk/credentials/<serial>"

DOORS = [
    # ------------------------------------------------------------ open to everyone
    _public("GET", "/"),
    _public("GET", "/healthz"),
    _public("GET", "/readyz"),
    Door("GET", "/style", EVERYONE, NOBODY, NOBODY),  # only where the application is being built
    _public("GET", "/favicon.ico"),
    _public("GET", "/static/<digest>/<path:path>", nouns={"digest": "digest", "path": "path"}),
    _public("GET", "/societies.css"),
    _public("GET", "/societies"),
    _public("GET", "/societies/<code>", nouns={"code": "society"}),
    _public("GET", "/societies/<code>.svg", nouns={"code": "society"}),
    _public("GET", "/agreements"),
    _public("GET", "/agreements/<int:id>", nouns={"id": "agreement"}),
    _public("GET", "/agenda"),
    _public("GET", "/agenda/feed.ics"),
    _public("GET", "/agenda/month/"),
    _public("GET", "/agenda/month/<month>", nouns={"month": "month"}),
    _public("GET", "/agenda/<int:id>", nouns={"id": "coming"}),
    Door("GET", "/agenda/<int:id>", EVERYONE, NOBODY, NOBODY, {"id": "draft"}),
    _public("GET", "/agenda/<int:id>.ics", nouns={"id": "coming"}),
    Door("GET", "/agenda/<int:id>.ics", EVERYONE, NOBODY, NOBODY, {"id": "draft"}),
    _public("POST", "/agenda/<int:id>/enrolment", nouns={"id": "coming"}),
    Door("POST", "/agenda/<int:id>/enrolment", EVERYONE, NOBODY, NOBODY, {"id": "draft"}),
    Door(
        "GET",
        "/agenda/<int:id>/enrolment",
        EVERYONE,
        _of(STRANGER),
        _of(STRANGER),
        {"id": "coming"},
        beyond="led to enrol",
    ),
    _public("GET POST", "/zone"),
    _public("GET", "/certificates"),
    _public("GET", "/certificates/<code>", nouns={"code": "scheme"}),
    _public("GET POST", "/verify"),
    _public("POST", "/verify/file"),
    _public("GET", "/v/<serial>", nouns={"serial": "diploma"}),
    _public("GET", "/v/<serial>", nouns={"serial": "certificate"}),
    _public("GET POST", "/v/<serial>/name", nouns={"serial": "certificate"}),
    # ------------------------------------------------------------ the ways in
    _public("GET POST", "/sign-up"),
    _public("GET", "/sign-up/sent"),
    _public("GET POST", "/sign-up/<token>", nouns={"token": "sign-up letter"}, nothing=410),
    _public("GET POST", "/sign-in", form={"address": "={who}@nowhere.example"}),
    _public("POST", "/sign-out"),
    _public("GET POST", "/password/forgotten"),
    _public("GET", "/password/forgotten/sent"),
    _public("GET POST", "/password/<token>", nouns={"token": "reset letter"}, nothing=410),
    # ------------------------------------------------------------ a speaker's own, by a letter
    _public("GET", "/portraits/<digest>.jpg", nouns={"digest": "portrait"}),
    *(
        _public(methods, SPEAK + more, nouns={"token": "speaker letter"}, nothing=410)
        for methods, more in (
            ("GET", ""),
            ("GET POST", "/introduction"),
            ("GET POST", "/material"),
            ("GET POST", "/disclosure"),
        )
    ),
    Door(
        "POST",
        SPEAK + "/account",
        EVERYONE,
        PEOPLE,
        PEOPLE,
        {"token": "speaker letter"},
        beyond="sign in",
        nothing=410,
    ),
    *(
        _public(
            method,
            SPEAK + "/material/<int:id>" + more,
            nouns={"token": "speaker letter", "id": "material"},
            form={"release": "=afterwards"},
            nothing=410,
        )
        for method, more in (("GET", ""), ("POST", "/release"), ("POST", "/removal"))
    ),
    # ------------------------------------------------------------ a person's own
    _personal("GET POST", "/me"),
    _personal("GET POST", "/me/password"),
    _personal("GET POST", "/me/addresses"),
    _own(
        "GET POST",
        "/me/addresses/confirmation/<token>",
        nouns={"token": "address letter"},
        beyond=410,
        nothing=410,
    ),
    _own("POST", "/me/addresses/<int:id>/first", nouns={"id": "address"}),
    _own("POST", "/me/addresses/<int:id>/removal", nouns={"id": "address"}),
    _personal("GET", "/me/sessions"),
    _personal("POST", "/me/sessions/others/end"),
    _own("POST", "/me/sessions/<int:id>/end", nouns={"id": "session"}),
    _personal("GET", "/my/enrolments"),
    _own("GET", "/enrolments/<int:id>", nouns={"id": "enrolment"}),
    _own("GET POST", "/enrolments/<int:id>/withdrawal", nouns={"id": "enrolment"}),
    _own("GET", "/enrolments/<int:id>/calendar.ics", nouns={"id": "enrolment"}),
    _own(
        "GET",
        "/enrolments/<int:id>/material/<int:material_id>",
        nouns={"id": "enrolment", "material_id": "material"},
    ),
    _own("GET", "/courses/<int:id>", nouns={"id": "course"}, beyond="led to enrol"),
    _own(
        "GET",
        "/courses/<int:id>/lessons/<int:position>",
        nouns={"id": "course", "position": "position"},
        beyond="led to enrol",
    ),
    _own("POST", "/courses/<int:id>/sittings", nouns={"id": "course"}, beyond="led to enrol"),
    _own("POST", "/courses/<int:id>/completion", nouns={"id": "course"}, beyond="led to enrol"),
    _own("POST", "/lessons/<int:id>/completion", nouns={"id": "lesson"}, beyond="led to enrol"),
    _own("GET", "/sittings/<int:id>", nouns={"id": "sitting"}),
    _own("POST", "/sittings/<int:id>/grading", nouns={"id": "sitting"}),
    _personal("POST", "/certificates/<code>/candidacy", nouns={"code": "scheme"}),
    _personal("GET", "/my/certificates"),
    *(
        _own("GET", "/my/certificates/<serial>" + more, nouns={"serial": noun})
        for more in ("", "/file")
        for noun in ("certificate", "diploma")
    ),
    _own("POST", "/my/certificates/<serial>/name", nouns={"serial": "diploma"}),
    _own("POST", "/my/certificates/<serial>/correction", nouns={"serial": "certificate"}),
    # ------------------------------------------------------------ course administrators
    Door("GET", "/desk", STAFF, STAFF, STAFF),
    Door("GET", "/desk/activities", ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS),
    Door(
        "GET POST",
        "/desk/activities/new/<any(webinar, course):kind>",
        ADMINISTRATORS,
        ADMINISTRATORS,
        ADMINISTRATORS,
        {"kind": "kind"},
    ),
    *(
        _held("GET", DESK + more, nouns={"id": noun})
        for more in ("", "/preview")
        for noun in ("coming", "draft", "course")
    ),
    _led("GET POST", DESK + "/plan", nouns={"id": "draft"}),
    _led("GET POST", DESK + "/texts", nouns={"id": "coming"}),
    _led("POST", DESK + "/announcement", nouns={"id": "draft"}),
    _held("GET", DESK + "/speakers", nouns={"id": "coming"}),
    *(
        _held(
            "POST",
            DESK + "/speakers/<int:speaker_id>" + more,
            nouns={"id": "coming", "speaker_id": "speaker"},
        )
        for more in ("/invitation", "/revocation")
    ),
    _held(
        "GET",
        DESK + "/speakers/material/<int:material_id>",
        nouns={"id": "coming", "material_id": "material"},
    ),
    _disclosed("GET", DESK + "/disclosures", nouns={"id": "coming"}),
    _disclosed("POST", DESK + "/disclosures/reminder", nouns={"id": "coming"}),
    *(
        _disclosed(
            "GET POST",
            DESK + "/disclosures/<int:speaker_id>" + more,
            nouns={"id": "coming", "speaker_id": "speaker"},
        )
        for more in ("", "/record")
    ),
    _held("GET", DESK + "/participants", nouns={"id": "coming"}),
    _held("GET", DESK + "/participants.csv", nouns={"id": "coming"}),
    _held("POST", DESK + "/capacity", nouns={"id": "coming"}),
    _held("GET", DESK + "/presence", nouns={"id": "webinar"}),
    _held("GET POST", DESK + "/presence/report", nouns={"id": "webinar"}),
    _held(
        "POST",
        DESK + "/presence/report/<int:report_id>/withdrawal",
        nouns={"id": "webinar", "report_id": "report"},
    ),
    _held(
        "GET POST",
        DESK + "/presence/<int:participant_id>",
        nouns={"id": "webinar", "participant_id": "participant"},
    ),
    _held("GET POST", DESK + "/settlement", nouns={"id": "webinar"}),
    _held("GET", DESK + "/learners", nouns={"id": "course"}),
    _held("GET", DESK + "/lessons", nouns={"id": "course"}),
    _held("GET POST", DESK + "/lessons/new", nouns={"id": "course"}),
    _held("GET POST", "/desk/lessons/<int:id>", nouns={"id": "lesson"}),
    _held(
        "POST",
        "/desk/lessons/<int:id>/position",
        nouns={"id": "lesson"},
        form={"direction": "=down"},
    ),
    _held("POST", "/desk/lessons/<int:id>/removal", nouns={"id": "lesson"}),
    _held("GET POST", DESK + "/test", nouns={"id": "course"}),
    _held("GET POST", DESK + "/questions/new", nouns={"id": "course"}),
    _held("GET POST", "/desk/questions/<int:id>", nouns={"id": "question"}),
    _held("POST", "/desk/questions/<int:id>/retirement", nouns={"id": "question"}),
    # ------------------------------------------------------------ officers
    Door("GET", "/desk/awards", OFFICERS, OFFICERS, OFFICERS),
    _keys("GET POST", "/desk/awards/editions/<int:id>", nouns={"id": "edition"}),
    *(
        _keys("GET", LIST, nouns={"id": state + " list"})
        for state in ("open", "frozen", "released")
    ),
    _keys("GET", LIST + "/content", nouns={"id": "frozen list"}),
    _keys("POST", LIST + "/freezing", nouns={"id": "open list"}),
    _keys("POST", LIST + "/reopening", nouns={"id": "frozen list"}),
    _keys("POST", LIST + "/reopening", nouns={"id": "released list"}),
    _keys(
        "POST",
        LIST + "/approvals",
        nouns={"id": "frozen list"},
        form={"society": "society", "digest": "frozen digest"},
    ),
    _keys(
        "GET POST",
        LIST + "/awards/<int:award_id>/strike",
        nouns={"id": "open list", "award_id": "award"},
    ),
    Door("GET", "/desk/schemes", OFFICERS | PIA, OFFICERS | PIA, OFFICERS | PIA),
    Door("GET POST", "/desk/schemes/new", OFFICERS | PIA, OFFICERS | PIA, OFFICERS | PIA),
    _scheme("GET POST", "/desk/schemes/<code>/editions/new", nouns={"code": "scheme"}),
    _scheme(
        "GET POST",
        "/desk/schemes/<code>/editions/<int:id>",
        nouns={"code": "scheme", "id": "edition"},
    ),
    # ------------------------------------------------------------ issued documents
    Door("GET", "/desk/credentials", STAFF, STAFF, STAFF),
    Door("POST", "/desk/credentials/attempts", STAFF, STAFF, STAFF),
    _issued("GET", ISSUED, "certificate"),
    _issued("GET", ISSUED, "diploma"),
    *(
        _issued("GET POST", ISSUED + "/revocation", noun, deciding=True)
        for noun in ("certificate", "diploma")
    ),
    _issued("POST", ISSUED + "/attempt", "failed", deciding=True),
    *(
        _issued(
            "POST",
            ISSUED + f"/corrections/<int:id>/{answer}",
            noun,
            deciding=True,
            also={"id": asked},
        )
        for answer in ("grant", "decline")
        for noun, asked in (("certificate", "correction"), ("diploma", "diploma correction"))
    ),
    # ------------------------------------------------------------ auditors and the platform
    Door("GET", "/desk/journal", AUDITORS, AUDITORS, AUDITORS),
    Door("GET", "/desk/journal/<int:id>", AUDITORS, AUDITORS, PIA, {"id": "entry"}),
    _platform("GET", "/desk/societies"),
    _platform("GET POST", "/desk/societies/new"),
    _platform("GET POST", "/desk/societies/<code>", nouns={"code": "society"}),
    Door(
        "GET",
        "/desk/societies/<code>/mandates",
        STAFF,
        EUSOMII_OFFICERS | PIA,
        THEIR_OFFICERS | PIA,
        {"code": "society"},
    ),
    _platform("GET POST", "/desk/societies/mandates/new"),
    _platform("GET POST", "/desk/societies/mandates/<int:id>/end", nouns={"id": "mandate"}),
    _platform("GET POST", "/desk/agreements/new"),
    _platform("GET POST", "/desk/agreements/<int:id>/termination", nouns={"id": "agreement"}),
    _platform("GET", "/outbox"),
    *(
        _platform("GET", "/outbox/<int:id>" + more, nouns={"id": "letter"})
        for more in ("", "/letter")
    ),
    _platform(
        "GET",
        "/outbox/<int:id>/attachments/<int:number>",
        nouns={"id": "letter", "number": "number"},
    ),
    _platform("POST", "/outbox/<int:id>/again", nouns={"id": "unsent"}),
]


def complete_nouns(app: Flask, side: Nouns) -> Nouns:
    """A side with what is the same on every side."""
    with app.app_context():
        return {
            "month": "2026-11",
            "kind": "webinar",
            "digest": tree_digest(),
            "path": "favicon.svg",
            **side,
        }
