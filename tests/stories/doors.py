"""Every address of the house: how it is filled in on each side, and whom it lets in."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.assets import tree_digest
from tests.stories.badge_doors import BADGE_DOORS
from tests.stories.conftest import STRANGER
from tests.stories.design_doors import DESIGN_DOORS
from tests.stories.door import (
    ADMINISTRATORS,
    AUDITORS,
    EUSOMII_OFFICERS,
    EVERYONE,
    NOBODY,
    OFFICERS,
    OUR_ADMINISTRATORS,
    OUR_OFFICERS,
    PIA,
    STAFF,
    THEIR_ADMINISTRATORS,
    THEIR_OFFICERS,
    Door,
    held,
    keys,
    led,
    only,
    own,
    personal,
    platform,
    public,
    scheme,
)
from tests.stories.house import Nouns
from tests.stories.key_doors import KEY_DOORS
from tests.stories.log_doors import LOG_DOORS
from tests.stories.seal_doors import SEAL_DOORS
from tests.stories.verification_doors import VERIFICATION_DOORS
from tests.stories.webinar_doors import WEBINAR_DOORS

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


DESK = "/desk/activities/<int:id>"
LIST = "/desk/awards/<int:id>"
ISSUED = "/desk/credentials/<serial>"

DOORS = [
    # ------------------------------------------------------------ open to everyone
    public("GET", "/"),
    public("GET", "/healthz"),
    public("GET", "/readyz"),
    Door("GET", "/style", EVERYONE, NOBODY, NOBODY),  # only where the application is being built
    public("GET", "/favicon.ico"),
    public("GET", "/static/<digest>/<path:path>", nouns={"digest": "digest", "path": "path"}),
    public("GET", "/societies.css"),
    public("GET", "/societies"),
    public("GET", "/societies/<code>", nouns={"code": "society"}),
    public("GET", "/societies/<code>.svg", nouns={"code": "society"}),
    public("GET", "/agreements"),
    public("GET", "/agreements/<int:id>", nouns={"id": "agreement"}),
    public("GET", "/agenda"),
    public("GET", "/agenda/feed.ics"),
    public("GET", "/agenda/month/"),
    public("GET", "/agenda/month/<month>", nouns={"month": "month"}),
    public("GET", "/agenda/<int:id>", nouns={"id": "coming"}),
    Door("GET", "/agenda/<int:id>", EVERYONE, NOBODY, NOBODY, {"id": "draft"}),
    public("GET", "/agenda/<int:id>.ics", nouns={"id": "coming"}),
    Door("GET", "/agenda/<int:id>.ics", EVERYONE, NOBODY, NOBODY, {"id": "draft"}),
    public("POST", "/agenda/<int:id>/enrolment", nouns={"id": "coming"}),
    Door("POST", "/agenda/<int:id>/enrolment", EVERYONE, NOBODY, NOBODY, {"id": "draft"}),
    Door(
        "GET",
        "/agenda/<int:id>/enrolment",
        EVERYONE,
        only(STRANGER),
        only(STRANGER),
        {"id": "coming"},
        beyond="led to enrol",
    ),
    public("GET POST", "/zone"),
    public("GET", "/certificates"),
    public("GET", "/certificates/<code>", nouns={"code": "scheme"}),
    public("GET", "/schemes"),
    public("GET", "/schemes/<code>", nouns={"code": "scheme"}),
    # ------------------------------------------------------------ the ways in
    public("GET POST", "/sign-up"),
    public("GET", "/sign-up/sent"),
    public("GET POST", "/sign-up/<token>", nouns={"token": "sign-up letter"}, nothing=410),
    public("GET POST", "/sign-in", form={"address": "={who}@nowhere.example"}),
    public("POST", "/sign-out"),
    public("GET POST", "/password/forgotten"),
    public("GET", "/password/forgotten/sent"),
    public("GET POST", "/password/<token>", nouns={"token": "reset letter"}, nothing=410),
    # ------------------------------------------------------------ a person's own
    personal("GET POST", "/me"),
    personal("GET POST", "/me/password"),
    personal("GET POST", "/me/addresses"),
    own(
        "GET POST",
        "/me/addresses/confirmation/<token>",
        nouns={"token": "address letter"},
        beyond=410,
        nothing=410,
    ),
    own("POST", "/me/addresses/<int:id>/first", nouns={"id": "address"}),
    own("POST", "/me/addresses/<int:id>/removal", nouns={"id": "address"}),
    personal("GET", "/me/sessions"),
    personal("POST", "/me/sessions/others/end"),
    own("POST", "/me/sessions/<int:id>/end", nouns={"id": "session"}),
    personal("GET", "/my/enrolments"),
    own("GET", "/enrolments/<int:id>", nouns={"id": "enrolment"}),
    own("GET POST", "/enrolments/<int:id>/withdrawal", nouns={"id": "enrolment"}),
    own("GET", "/enrolments/<int:id>/calendar.ics", nouns={"id": "enrolment"}),
    own("GET", "/courses/<int:id>", nouns={"id": "course"}, beyond="led to enrol"),
    own(
        "GET",
        "/courses/<int:id>/lessons/<int:position>",
        nouns={"id": "course", "position": "position"},
        beyond="led to enrol",
    ),
    own("POST", "/courses/<int:id>/sittings", nouns={"id": "course"}, beyond="led to enrol"),
    own("POST", "/courses/<int:id>/completion", nouns={"id": "course"}, beyond="led to enrol"),
    own("POST", "/lessons/<int:id>/completion", nouns={"id": "lesson"}, beyond="led to enrol"),
    own("GET", "/sittings/<int:id>", nouns={"id": "sitting"}),
    own("POST", "/sittings/<int:id>/grading", nouns={"id": "sitting"}),
    personal("POST", "/certificates/<code>/candidacy", nouns={"code": "scheme"}),
    personal("GET", "/my/certificates"),
    *(
        own("GET", "/my/certificates/<serial>" + more, nouns={"serial": noun})
        for more in ("", "/file")
        for noun in ("certificate", "diploma")
    ),
    own("POST", "/my/certificates/<serial>/name", nouns={"serial": "diploma"}),
    own("POST", "/my/certificates/<serial>/correction", nouns={"serial": "certificate"}),
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
        held("GET", DESK + more, nouns={"id": noun})
        for more in ("", "/preview")
        for noun in ("coming", "draft", "course")
    ),
    led("GET POST", DESK + "/plan", nouns={"id": "draft"}),
    led("GET POST", DESK + "/texts", nouns={"id": "coming"}),
    led("POST", DESK + "/announcement", nouns={"id": "draft"}),
    held("GET", DESK + "/participants", nouns={"id": "coming"}),
    held("GET", DESK + "/participants.csv", nouns={"id": "coming"}),
    led("POST", DESK + "/capacity", nouns={"id": "coming"}),
    held("GET", DESK + "/presence", nouns={"id": "webinar"}),
    held("GET POST", DESK + "/presence/report", nouns={"id": "webinar"}),
    held(
        "POST",
        DESK + "/presence/report/<int:report_id>/withdrawal",
        nouns={"id": "webinar", "report_id": "report"},
    ),
    held(
        "GET POST",
        DESK + "/presence/<int:participant_id>",
        nouns={"id": "webinar", "participant_id": "participant"},
    ),
    held("GET POST", DESK + "/settlement", nouns={"id": "webinar"}),
    held("GET", DESK + "/learners", nouns={"id": "course"}),
    held("GET", DESK + "/lessons", nouns={"id": "course"}),
    held("GET POST", DESK + "/lessons/new", nouns={"id": "course"}),
    held("GET POST", "/desk/lessons/<int:id>", nouns={"id": "lesson"}),
    held(
        "POST",
        "/desk/lessons/<int:id>/position",
        nouns={"id": "lesson"},
        form={"direction": "=down"},
    ),
    held("POST", "/desk/lessons/<int:id>/removal", nouns={"id": "lesson"}),
    held("GET POST", DESK + "/test", nouns={"id": "course"}),
    held("GET POST", DESK + "/questions/new", nouns={"id": "course"}),
    held("GET POST", "/desk/questions/<int:id>", nouns={"id": "question"}),
    held("POST", "/desk/questions/<int:id>/retirement", nouns={"id": "question"}),
    # ------------------------------------------------------------ officers
    Door("GET", "/desk/awards", OFFICERS, OFFICERS, OFFICERS),
    keys("GET POST", "/desk/awards/editions/<int:id>", nouns={"id": "edition"}),
    *(keys("GET", LIST, nouns={"id": state + " list"}) for state in ("open", "frozen", "released")),
    keys("GET", LIST + "/content", nouns={"id": "frozen list"}),
    keys("POST", LIST + "/freezing", nouns={"id": "open list"}),
    keys("POST", LIST + "/reopening", nouns={"id": "frozen list"}),
    keys("POST", LIST + "/reopening", nouns={"id": "released list"}),
    keys(
        "POST",
        LIST + "/approvals",
        nouns={"id": "frozen list"},
        form={"society": "society", "digest": "frozen digest"},
    ),
    keys(
        "GET POST",
        LIST + "/awards/<int:award_id>/strike",
        nouns={"id": "open list", "award_id": "award"},
    ),
    Door("GET", "/desk/schemes", OFFICERS | PIA, OFFICERS | PIA, OFFICERS | PIA),
    Door("GET POST", "/desk/schemes/new", OFFICERS | PIA, OFFICERS | PIA, OFFICERS | PIA),
    scheme("GET POST", "/desk/schemes/<code>/editions/new", nouns={"code": "scheme"}),
    scheme(
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
        _issued("GET POST", ISSUED + act, noun, deciding=True)
        for noun in ("certificate", "diploma")
        for act in ("/revocation", "/suspension", "/reinstatement")
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
    platform("GET", "/desk/societies"),
    platform("GET POST", "/desk/societies/new"),
    platform("GET POST", "/desk/societies/<code>", nouns={"code": "society"}),
    Door(
        "GET",
        "/desk/societies/<code>/mandates",
        STAFF,
        EUSOMII_OFFICERS | PIA,
        THEIR_OFFICERS | PIA,
        {"code": "society"},
    ),
    platform("GET POST", "/desk/societies/mandates/new"),
    platform("GET POST", "/desk/societies/mandates/<int:id>/end", nouns={"id": "mandate"}),
    platform("GET POST", "/desk/agreements/new"),
    platform("GET POST", "/desk/agreements/<int:id>/termination", nouns={"id": "agreement"}),
    platform("GET", "/outbox"),
    *(
        platform("GET", "/outbox/<int:id>" + more, nouns={"id": "letter"})
        for more in ("", "/letter")
    ),
    platform(
        "GET",
        "/outbox/<int:id>/attachments/<int:number>",
        nouns={"id": "letter", "number": "number"},
    ),
    platform("POST", "/outbox/<int:id>/again", nouns={"id": "unsent"}),
    *WEBINAR_DOORS,
    *KEY_DOORS,
    *LOG_DOORS,
    *VERIFICATION_DOORS,
    *BADGE_DOORS,
    *SEAL_DOORS,
    *DESIGN_DOORS,
]


def complete_nouns(app: Flask, side: Nouns) -> Nouns:
    """A side with what is the same on every side."""
    with app.app_context():
        return {
            "month": "2026-11",
            "kind": "webinar",
            "provider": "zoom",
            "digest": tree_digest(),
            "path": "favicon.svg",
            **side,
        }
