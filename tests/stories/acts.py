"""Acts that people do with good forms: who, on which page the form stands, what is filled in."""

from __future__ import annotations

from datetime import timedelta

from app.clock import today
from tests.cast import PASSWORD
from tests.stories.act import Act
from tests.stories.badge_acts import BADGE_ACTS
from tests.stories.conftest import STRANGER
from tests.stories.design_acts import DESIGN_ACTS
from tests.stories.key_acts import KEY_ACTS
from tests.stories.log_acts import LOG_ACTS
from tests.stories.seal_acts import SEAL_ACTS
from tests.stories.verification_acts import VERIFICATION_ACTS
from tests.stories.webinar_acts import WEBINAR_ACTS

TEXT = {"title": "A new title", "body": "## A new text", "minutes": "20"}
QUESTION = {"text": "Which is it?", "choice_1": "this", "choice_2": "that", "right": "1"}
NEXT_MONTH = (today() + timedelta(days=30)).isoformat()
TODAY = today().isoformat()
NEWCOMER = {
    "name": "Nora Lind",
    "address": "nora@clinic.example",
    "password": PASSWORD,
    "profession": "engineer",
    "country": "SE",
    "zone": "Europe/Stockholm",
}
SOCIETY = {
    "name": "A Society of Its Own",
    "short": "ASOIO",
    "code": "asoio",
    "country": "SE",
    "colour": "#112233",
}
DESK = "/desk/activities/"
ISSUED = "/desk/credentials/"

ACTS = [
    Act("signing up", STRANGER, "/sign-up", NEWCOMER),
    Act("confirming a sign-up", STRANGER, "/sign-up/{sign_up_letter}"),
    Act("asking for a letter", STRANGER, "/password/forgotten", {"address": "ana@clinic.example"}),
    Act(
        "choosing a password by letter",
        STRANGER,
        "/password/{reset_letter}",
        {"password": PASSWORD},
    ),
    Act("signing out", "ana", "/sign-out"),
    Act("choosing a zone", "ana", "/zone", {"zone": "Asia/Tokyo"}),
    Act("changing a profile", "ana", "/me", {"name": "Ana López"}, page=True),
    Act("adding an address", "ana", "/me/addresses", {"address": "fourth@ours.example"}),
    Act("confirming an address", "ana", "/me/addresses/confirmation/{address_letter}"),
    Act("putting an address first", "ana", "/me/addresses/{address}/first"),
    Act("removing an address", "ana", "/me/addresses/{address}/removal"),
    Act("ending a session", "ana", "/me/sessions/{session}/end"),
    Act("ending all other sessions", "ana", "/me/sessions/others/end"),
    Act("enrolling", "ben", "/agenda/{coming}/enrolment"),
    Act("leaving", "ana", "/enrolments/{enrolment}/withdrawal", page=True),
    Act("finishing a lesson", "ana", "/lessons/{news}/completion"),
    Act(
        "handing in a test",
        "ana",
        "/sittings/{sitting}/grading",
        {"question-1": "0", "question-2": "0"},
    ),
    Act("showing one's name", "ana", "/my/certificates/{diploma}/name", {"shows": "yes"}),
    Act(
        "planning a webinar",
        "eva",
        DESK + "new/webinar",
        {
            "title": "A plan",
            "lead": "@society_id",
            "on": NEXT_MONTH,
            "start": "18:00",
            "minutes": "60",
        },
        page=True,
    ),
    Act(
        "planning a course",
        "eva",
        DESK + "new/course",
        {"title": "A plan", "lead": "@society_id"},
        page=True,
    ),
    Act("revising a draft", "eva", DESK + "{draft}/plan", {"title": "A better plan"}, page=True),
    Act("announcing", "eva", DESK + "{draft}/announcement"),
    Act(
        "changing the texts", "eva", DESK + "{coming}/texts", {"title": "A better title"}, page=True
    ),
    Act("changing the size", "eva", DESK + "{coming}/capacity", {"capacity": "40"}),
    Act("taking a report out", "eva", DESK + "{webinar}/presence/report/{report}/withdrawal"),
    Act(
        "setting a participant aside",
        "sam",
        DESK + "{webinar}/presence/{participant}",
        {"decision": "aside", "reason": "A colleague"},
    ),
    Act("adding a lesson", "eva", DESK + "{course}/lessons/new", TEXT),
    Act("changing a lesson", "eva", "/desk/lessons/{lesson}", TEXT),
    Act("moving a lesson", "eva", "/desk/lessons/{lesson}/position", {"direction": "down"}),
    Act("removing a lesson", "eva", "/desk/lessons/{lesson}/removal"),
    Act("setting a test", "eva", DESK + "{course}/test", {"pass_mark": "80", "wait_hours": "1"}),
    Act("adding a question", "eva", DESK + "{course}/questions/new", QUESTION, page=True),
    Act(
        "changing a question",
        "eva",
        "/desk/questions/{question}",
        {"text": "Is it, really?"},
        page=True,
    ),
    Act("retiring a question", "eva", "/desk/questions/{question}/retirement"),
    Act(
        "drawing up a list",
        "erik",
        "/desk/awards/editions/{edition}",
        {"title": "Winter", "candidacies": "@waiting"},
    ),
    Act("freezing a list", "erik", "/desk/awards/{open_list}/freezing"),
    Act("opening a list again", "susan", "/desk/awards/{frozen_list}/reopening"),
    Act(
        "turning a key",
        "susan",
        "/desk/awards/{frozen_list}/approvals",
        {"society": "siim", "digest": "@frozen digest"},
    ),
    Act(
        "striking somebody out",
        "nils",
        "/desk/awards/{open_list}/awards/{award}/strike",
        {"reason": "A mistake"},
    ),
    Act(
        "withdrawing a diploma",
        "erik",
        ISSUED + "{diploma}/revocation",
        {"reason": "It was issued by mistake.", "on": TODAY},
    ),
    Act(
        "suspending a diploma",
        "erik",
        ISSUED + "{diploma}/suspension",
        {"reason": "Two lists contradict each other.", "on": TODAY},
    ),
    Act("trying again to set a certificate", "eva", ISSUED + "{failed}/attempt"),
    Act(
        "granting the correction of a diploma",
        "erik",
        ISSUED + "{diploma}/corrections/{diploma_correction}/grant",
    ),
    Act(
        "declining a correction",
        "eva",
        ISSUED + "{certificate}/corrections/{correction}/decline",
        {"reason": "No."},
    ),
    Act("entering a society", "pia", "/desk/societies/new", SOCIETY, page=True),
    Act(
        "changing a society",
        "pia",
        "/desk/societies/{society}",
        {"name": "Another Name"},
        page=True,
    ),
    Act(
        "giving a mandate",
        "pia",
        "/desk/societies/mandates/new",
        {"address": "ben@clinic.example", "office": "auditor", "society": "@society"},
        page=True,
    ),
    Act(
        "ending a mandate", "pia", "/desk/societies/mandates/{mandate}/end", {"reason": "Elections"}
    ),
    Act(
        "concluding an agreement",
        "pia",
        "/desk/agreements/new",
        {
            "title": "A new one",
            "parties": ["2", "3"],
            "scopes": ["webinars"],
            "announced_on": TODAY,
            "from_on": TODAY,
        },
    ),
    Act(
        "ending an agreement",
        "pia",
        "/desk/agreements/{agreement}/termination",
        {"on": TODAY, "reason": "Elections"},
    ),
    Act("sending a letter again", "pia", "/outbox/{unsent}/again"),
    *WEBINAR_ACTS,
    *KEY_ACTS,
    *LOG_ACTS,
    *VERIFICATION_ACTS,
    *BADGE_ACTS,
    *SEAL_ACTS,
    *DESIGN_ACTS,
]
