"""The doors around webinars: moving them, joining, presence, questions, polls, what speakers send.

Some are opened by a link alone; there everybody finds the same, and nothing without the link.
"""

from __future__ import annotations

from typing import Any

from tests.stories.door import (
    ADMINISTRATORS,
    ANA,
    BEN,
    EVERYONE,
    NOBODY,
    OUR_ADMINISTRATORS,
    OUR_OFFICERS,
    PEOPLE,
    STAFF,
    THEIR_ADMINISTRATORS,
    THEIR_OFFICERS,
    Door,
    held,
    led,
    only,
    own,
    personal,
    public,
)

DESK = "/desk/activities/<int:id>"
RUNNING = {"id": "running"}
TO_ENROL = "led to enrol"


def _asked(methods: str, rule: str, **more: Any) -> Door:
    """What whoever plans, educates or presides in a society of the activity reads of interests."""
    ours, theirs = OUR_ADMINISTRATORS | OUR_OFFICERS, THEIR_ADMINISTRATORS | THEIR_OFFICERS
    return Door(methods, rule, STAFF, ours, theirs, **more)


def _link(methods: str, rule: str, noun: str = "speaker letter", **also: str) -> Door:
    """The page of a speaker, for whoever holds the link; a link that is none says so."""
    return public(methods, "/speak/<token>" + rule, nouns={"token": noun, **also}, nothing=410)


def _moderated(methods: str, rule: str, nouns: dict[str, str]) -> Door:
    """Questions, for the administrators and whoever has an account and moderates: the learners
    moderate nothing here."""
    return Door(methods, rule, PEOPLE, OUR_ADMINISTRATORS, THEIR_ADMINISTRATORS, nouns)


def _called(rule: str, **nouns: str) -> Door:
    """Where a platform calls: without its signature nobody is heard."""
    return Door(
        "POST", rule, EVERYONE, NOBODY, NOBODY, nouns, beyond=403, nothing=403, bears_token=False
    )


def _desk(methods: str, rule: str) -> Door:
    """Pages that show every administrator what is of their own societies."""
    return Door(methods, rule, ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS)


WEBINAR_DOORS = [
    # ------------------------------------------------------------ the plan
    led("GET POST", DESK + "/hours", nouns={"id": "coming"}),
    led("GET POST", DESK + "/cancellation", nouns={"id": "coming"}),
    *(led("GET POST", DESK + "/registration", nouns={"id": one}) for one in ("coming", "draft")),
    held("POST", DESK + "/consent", nouns={"id": "draft"}),
    led("POST", DESK + "/consent/asked", nouns={"id": "draft"}),
    _desk("GET", "/desk/board"),
    *(led("GET POST", "/desk/board/<int:id>/move", nouns={"id": n}) for n in ("draft", "coming")),
    _desk("GET", "/desk/templates"),
    held("GET POST", DESK + "/template", nouns={"id": "draft"}),
    led("POST", "/desk/templates/<int:id>/removal", nouns={"id": "template"}),
    _desk("GET", "/desk/series"),
    _desk("GET POST", "/desk/series/new"),
    led("GET", "/desk/series/<int:id>", nouns={"id": "series"}),
    led("GET POST", "/desk/series/<int:id>/dates", nouns={"id": "series"}),
    led("GET POST", "/desk/series/<int:id>/change", nouns={"id": "series"}),
    led(
        "GET POST",
        "/desk/series/<int:id>/change/<int:start>",
        nouns={"id": "series", "start": "first of series"},
    ),
    led("POST", "/desk/series/<int:id>/announcement", nouns={"id": "series"}),
    *(
        Door(
            methods,
            "/desk/societies/<code>/members" + more,
            STAFF,
            only("eva", "nils"),
            only("zoe", "fay"),
            {"code": "society"},
        )
        for methods, more in (("GET POST", ""), ("POST", "/consent"))
    ),
    # ------------------------------------------------------------ who speaks
    Door("GET POST", DESK + "/own-speakers", ADMINISTRATORS, only("sam"), NOBODY, {"id": "draft"}),
    held("GET", DESK + "/speakers", nouns=RUNNING),
    led(
        "POST",
        DESK + "/speakers/<int:speaker_id>/invitation",
        nouns={**RUNNING, "speaker_id": "speaker"},
    ),
    led(
        "POST",
        DESK + "/speakers/<int:speaker_id>/revocation",
        nouns={**RUNNING, "speaker_id": "speaker"},
    ),
    held(
        "GET",
        DESK + "/speakers/material/<int:material_id>",
        nouns={**RUNNING, "material_id": "material"},
    ),
    _link("GET", ""),
    _link("GET POST", "/introduction"),
    _link("GET POST", "/material"),
    _link("GET", "/material/<int:id>", id="material"),
    Door(
        "POST",
        "/speak/<token>/material/<int:id>/release",
        EVERYONE,
        EVERYONE,
        EVERYONE,
        {"token": "speaker letter", "id": "material"},
        {"release": "=afterwards"},
        nothing=410,
    ),
    _link("POST", "/material/<int:id>/removal", id="material"),
    Door(
        "POST",
        "/speak/<token>/account",
        PEOPLE,
        PEOPLE,
        PEOPLE,
        {"token": "speaker letter"},
        nothing=410,
    ),
    _link("GET POST", "/disclosure"),
    _link("GET", "/evaluation", "past speaker letter"),
    public("GET", "/portraits/<digest>.jpg", nouns={"digest": "portrait"}),
    _asked("GET", DESK + "/disclosures", nouns=RUNNING),
    _asked("POST", DESK + "/disclosures/reminder", nouns=RUNNING),
    *(
        _asked(
            "GET POST",
            DESK + "/disclosures/<int:speaker_id>" + more,
            nouns={**RUNNING, "speaker_id": "speaker"},
        )
        for more in ("", "/record")
    ),
    # ------------------------------------------------------------ a place
    own("POST", "/enrolments/<int:id>/answer", nouns={"id": "moved place"}, form={"keeps": "=1"}),
    own(
        "GET",
        "/enrolments/<int:id>/material/<int:material_id>",
        nouns={"id": "seat", "material_id": "material"},
    ),
    personal("GET POST", "/my/reminders"),
    public("GET", "/reminders/stop/<token>", nouns={"token": "stop letter"}),
    public("POST", "/reminders/stop/<token>", nouns={"token": "stop letter"}, bears_token=False),
    # ------------------------------------------------------------ the room
    *(
        public(methods, "/join/<token>" + more, nouns={"token": "join letter"})
        for methods, more in (("GET POST", ""), ("GET", "/room"))
    ),
    own("GET POST", "/enrolments/<int:id>/joining", nouns={"id": "seat"}),
    own("GET", "/enrolments/<int:id>/room", nouns={"id": "seat"}),
    _desk("GET", "/desk/platforms"),
    Door(
        "GET POST",
        "/desk/platforms/new/<any(bigbluebutton, zoom, teams):provider>",
        ADMINISTRATORS,
        ADMINISTRATORS,
        ADMINISTRATORS,
        {"provider": "provider"},
    ),
    led("GET", "/desk/platforms/<int:id>", nouns={"id": "platform"}),
    led("GET POST", "/desk/platforms/<int:id>/change", nouns={"id": "platform"}),
    led("POST", "/desk/platforms/<int:id>/trial", nouns={"id": "platform"}),
    led("POST", "/desk/platforms/<int:id>/retirement", nouns={"id": "platform"}),
    held("GET", DESK + "/meetings", nouns=RUNNING),
    held("GET POST", DESK + "/meetings/<int:part>", nouns={"id": "coming", "part": "part"}),
    *(
        held("POST", f"/desk/meetings/<int:id>/{act}", nouns={"id": "meeting"})
        for act in ("retry", "withdrawal", "report", "entrance")
    ),
    _called("/hooks/zoom/<token>", token="zoom hook"),
    _called("/hooks/bbb/<token>/events/<key>", token="bbb hook", key="meeting key"),
    _called("/hooks/bbb/<token>/minutes", token="bbb hook"),
    # ------------------------------------------------------------ who was there
    held("GET", DESK + "/codes", nouns=RUNNING),
    held("GET", DESK + "/codes/screen", nouns=RUNNING),
    held("POST", DESK + "/codes/schedule", nouns=RUNNING),
    held("POST", DESK + "/codes/now", nouns=RUNNING),
    held(
        "POST",
        DESK + "/codes/<int:check_id>/withdrawal",
        nouns={"id": "coming", "check_id": "planned code"},
    ),
    own("GET POST", "/enrolments/<int:id>/code", nouns={"id": "seat"}),
    own("GET", "/enrolments/<int:id>/presence", nouns={"id": "seat"}),
    Door("GET", "/here/<token>", PEOPLE, PEOPLE, PEOPLE, {"token": "code on the screen"}),
    own("POST", "/here/<token>", nouns={"token": "code on the screen"}),
    held("GET POST", DESK + "/presence/columns", nouns={"id": "webinar"}),
    held("POST", DESK + "/presence/confirmations", nouns={"id": "webinar"}),
    held("POST", DESK + "/presence/report/told", nouns={"id": "webinar"}),
    held(
        "GET",
        DESK + "/presence/report/<int:report_id>/file",
        nouns={"id": "webinar", "report_id": "report"},
    ),
    _desk("GET", "/desk/presence/remembered"),
    led("POST", "/desk/presence/columns/<int:id>/withdrawal", nouns={"id": "columns"}),
    led("POST", "/desk/presence/recognitions/<int:id>/withdrawal", nouns={"id": "recognition"}),
    own("GET POST", "/enrolments/<int:id>/contest", nouns={"id": "contestable"}),
    held("GET", DESK + "/contests", nouns={"id": "settled"}),
    held(
        "GET POST",
        DESK + "/contests/<int:contest_id>",
        nouns={"id": "settled", "contest_id": "contest"},
    ),
    held(
        "GET",
        DESK + "/contests/<int:contest_id>/evidence",
        nouns={"id": "settled", "contest_id": "contest"},
    ),
    *(
        held("GET", DESK + more, nouns={"id": "webinar"})
        for more in ("/figures", "/tables.xlsx", "/tables.zip", "/recording/found")
    ),
    held("GET POST", DESK + "/recording", nouns={"id": "webinar"}),
    # ------------------------------------------------------------ letters to those enrolled
    held("GET", DESK + "/letters", nouns=RUNNING),
    held("GET POST", DESK + "/letters/new", nouns=RUNNING),
    *(
        held(
            methods,
            DESK + "/letters/<int:letter_id>" + more,
            nouns={**RUNNING, "letter_id": "round letter"},
        )
        for methods, more in (
            ("GET", ""), ("GET POST", "/text"), ("POST", "/sending"), ("POST", "/withdrawal"),
        )
    ),
    held(
        "GET",
        DESK + "/letters/<int:letter_id>/preview/<int:number>",
        nouns={**RUNNING, "number": "number", "letter_id": "round letter"},
    ),
    # ------------------------------------------------------------ questions and polls
    own("GET POST", "/agenda/<int:id>/questions", nouns=RUNNING, beyond=TO_ENROL),
    own("GET", "/agenda/<int:id>/questions/now", nouns=RUNNING),
    *(
        own("POST", "/questions/<int:id>/" + act, nouns={"id": "asked"}, beyond=TO_ENROL)
        for act in ("vote", "vote/withdrawal")
    ),
    Door("POST", "/questions/<int:id>/vote", PEOPLE, NOBODY, NOBODY, {"id": "hidden"}),
    own("GET POST", "/polls/<int:id>", nouns={"id": "open poll"}, beyond=TO_ENROL),
    *(
        Door(methods, "/polls/<int:id>" + more, PEOPLE, NOBODY, NOBODY, {"id": "prepared poll"})
        for methods, more in (("GET POST", ""), ("GET", "/results"))
    ),
    Door(
        "GET",
        "/polls/<int:id>/results",
        PEOPLE,
        ANA | OUR_ADMINISTRATORS,
        BEN | THEIR_ADMINISTRATORS,
        {"id": "open poll"},
        beyond=TO_ENROL,
    ),
    _moderated("GET", DESK + "/questions", RUNNING),
    *(_moderated("GET POST", f"/desk/floor/<int:id>/{act}", {"id": "asked"})
      for act in ("hiding", "reply")),
    _moderated("POST", "/desk/floor/<int:id>/showing", {"id": "hidden"}),
    held("GET", DESK + "/polls", nouns=RUNNING),
    held("GET POST", DESK + "/polls/new", nouns=RUNNING),
    *(held("GET POST", "/desk/polls/<int:id>", nouns={"id": n})
      for n in ("prepared poll", "open poll")),
    held("GET", "/desk/polls/<int:id>/screen", nouns={"id": "open poll"}),
    *(held("POST", f"/desk/polls/<int:id>/{act}", nouns={"id": noun})
      for act, noun in (("opening", "prepared poll"), ("closing", "open poll"),
                        ("removal", "prepared poll"))),
    # ------------------------------------------------------------ what people thought of it
    own("GET POST", "/enrolments/<int:id>/evaluation", nouns={"id": "contestable"}),
    held("GET", DESK + "/evaluation", nouns={"id": "webinar"}),
    led("POST", DESK + "/evaluation", nouns={"id": "webinar"}),
    led("POST", DESK + "/evaluation/days", nouns={"id": "webinar"}),
    held("POST", DESK + "/evaluation/template", nouns={"id": "webinar"}),
    held("GET POST", DESK + "/evaluation/items/new", nouns={"id": "webinar"}),
    *(held("GET", DESK + "/evaluation/" + more, nouns={"id": "webinar"})
      for more in ("preview", "report", "report.csv", "missing")),
    held(
        "GET POST",
        DESK + "/evaluation/missing/<int:enrolment_id>",
        nouns={"id": "webinar", "enrolment_id": "place"},
    ),
    held("GET POST", "/desk/evaluation-items/<int:id>", nouns={"id": "item"}),
    held(
        "POST",
        "/desk/evaluation-items/<int:id>/move",
        nouns={"id": "item"},
        form={"direction": "=down"},
    ),
    held("POST", "/desk/evaluation-items/<int:id>/removal", nouns={"id": "item"}),
]  # fmt: skip
"""Of the addresses of the webinars' rooms."""
