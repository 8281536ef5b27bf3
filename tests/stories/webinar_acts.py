"""What people do around webinars, with good forms."""

from __future__ import annotations

from datetime import timedelta

from app.clock import today
from tests.stories.act import Act
from tests.stories.conftest import STRANGER
from tests.stories.file import File

DESK = "/desk/activities/"
NEXT_MONTH = (today() + timedelta(days=30)).isoformat()
PDF, PNG = b"%PDF-1.7\n% other slides", b"\x89PNG\r\n\x1a\n a list"
MEETING = {"where": "link", "link": "https://meet.example/other"}
BBB = {
    "name": "Another",
    "society": "@society",
    "address": "https://9.9.9.9/bigbluebutton",
    "flavour": "sha256",
    "secret": "a shared secret",
}
POLL = {"text": "Which?", "choice_1": "this", "choice_2": "that"}
FREE = {"kind": "text", "text": "What else?"}
MISTAKE = {"reason": "A mistake"}

WEBINAR_ACTS = [
    # ------------------------------------------------------------ the plan
    Act(
        "moving a webinar",
        "eva",
        DESK + "{coming}/hours",
        {"on": NEXT_MONTH, "reason": "The speaker is ill.", "sure": "1"},
        page=True,
    ),
    Act("cancelling", "eva", DESK + "{coming}/cancellation", {**MISTAKE, "sure": "1"}),
    Act("setting terms", "eva", DESK + "{coming}/registration", {"entry": "everyone"}),
    Act("asking for consent", "eva", DESK + "{awaited}/consent/asked"),
    Act("consenting", "sam", DESK + "{awaited}/consent", on=DESK + "{awaited}"),
    Act(
        "bringing speakers",
        "sam",
        DESK + "{draft}/own-speakers",
        {"speakers-0-name": "Dr Ola Berg", "speakers-0-part": "speaker"},
        page=True,
    ),
    Act("moving a draft", "eva", "/desk/board/{draft}/move", {"on": NEXT_MONTH}, page=True),
    Act("saving a template", "eva", DESK + "{coming}/template", {"name": "Another"}),
    Act("removing a template", "eva", "/desk/templates/{template}/removal"),
    Act("announcing a series", "eva", "/desk/series/{series}/announcement"),
    Act(
        "changing a series",
        "eva",
        "/desk/series/{series}/change",
        {"summary": "In other words."},
        page=True,
    ),
    Act(
        "loading a roster",
        "nils",
        "/desk/societies/{society}/members",
        {"file": File(b"address\nana@clinic.example\n", "members.csv")},
    ),
    Act("wishing to consent", "eva", "/desk/societies/{society}/members/consent", {"wants": "1"}),
    # ------------------------------------------------------------ who speaks
    Act("inviting a speaker", "eva", DESK + "{running}/speakers/{speaker}/invitation"),
    Act("closing a speaker's links", "eva", DESK + "{running}/speakers/{speaker}/revocation"),
    Act(
        "introducing oneself",
        STRANGER,
        "/speak/{speaker_letter}/introduction",
        {"affiliation": "Lund", "biography": "Reads chests."},
    ),
    Act(
        "handing in material",
        STRANGER,
        "/speak/{speaker_letter}/material",
        {"file": File(PDF, "more.pdf"), "release": "at once"},
    ),
    Act(
        "giving material out later",
        STRANGER,
        "/speak/{speaker_letter}/material/{material}/release",
        {"release": "afterwards"},
    ),
    Act("removing material", STRANGER, "/speak/{speaker_letter}/material/{material}/removal"),
    Act("linking an account", "ana", "/speak/{speaker_letter}/account"),
    Act("declaring", STRANGER, "/speak/{past_speaker_letter}/disclosure", {"answer": "none"}),
    Act(
        "recording a declaration",
        "erik",
        DESK + "{coming}/disclosures/{coming_speaker}/record",
        {"answer": "none", "source": "A letter"},
    ),
    Act(
        "reviewing a declaration",
        "nils",
        DESK + "{running}/disclosures/{speaker}",
        {"seen": "@disclosure", "decision": "accept"},
    ),
    Act("reminding of declarations", "eva", DESK + "{coming}/disclosures/reminder"),
    # ------------------------------------------------------------ a place, and the room
    Act("keeping a place", "ana", "/enrolments/{moved_place}/answer", {"keeps": "1"}),
    Act("giving a place up", "ana", "/enrolments/{moved_place}/answer", {"keeps": "0"}),
    Act("choosing reminders", "ana", "/my/reminders", {"kinds": ["week"]}),
    Act("ending reminders", STRANGER, "/reminders/stop/{stop_letter}", answer=200),
    Act("having a meeting made", "eva", DESK + "{coming}/meetings/1", MEETING),
    Act("taking a meeting back", "eva", "/desk/meetings/{meeting}/withdrawal"),
    Act("running a meeting", "sam", "/desk/meetings/{meeting}/entrance", answer=200),
    Act("entering an account", "eva", "/desk/platforms/new/bigbluebutton", BBB),
    Act(
        "changing an account",
        "eva",
        "/desk/platforms/{platform}/change",
        {"name": "Renamed", "address": BBB["address"], "secret": "another secret"},
        page=True,
    ),
    Act("trying an account", "eva", "/desk/platforms/{platform}/trial"),
    Act("retiring an account", "eva", "/desk/platforms/{platform}/retirement"),
    # ------------------------------------------------------------ who was there
    Act("planning codes", "sam", DESK + "{coming}/codes/schedule", {"count": "2", "minutes": "2"}),
    Act("calling a code off", "eva", DESK + "{coming}/codes/{planned_code}/withdrawal"),
    Act("giving the code", "ana", "/enrolments/{seat}/code", {"word": "@word on the screen"}),
    Act("following the code", "ana", "/here/{code_on_the_screen}"),
    Act("forgetting columns", "eva", "/desk/presence/columns/{columns}/withdrawal"),
    Act("forgetting somebody", "eva", "/desk/presence/recognitions/{recognition}/withdrawal"),
    Act(
        "contesting",
        "ana",
        "/enrolments/{contestable}/contest",
        {"cause": "by telephone", "account": "I listened.", "evidence": File(PNG, "list.png")},
    ),
    Act(
        "ruling",
        "sam",
        DESK + "{settled}/contests/{contest}",
        {"decision": "refuse", "reason": "Nothing shows it."},
    ),
    Act(
        "publishing a recording",
        "eva",
        DESK + "{webinar}/recording",
        {"address": "https://video.example/1"},
        page=True,
    ),
    # ------------------------------------------------------------ letters to those enrolled
    Act(
        "writing a letter",
        "sam",
        DESK + "{running}/letters/new",
        {"to_whom": "place", "subject": "Tonight", "body": "Dear {name}"},
    ),
    Act(
        "changing a letter",
        "eva",
        DESK + "{running}/letters/{round_letter}/text",
        {"subject": "This very night"},
        page=True,
    ),
    Act("sending a letter", "sam", DESK + "{running}/letters/{round_letter}/sending"),
    Act("dropping a letter", "eva", DESK + "{running}/letters/{round_letter}/withdrawal"),
    # ------------------------------------------------------------ questions and polls
    Act("asking a question", "ana", "/agenda/{running}/questions", {"text": "And IHE?"}),
    Act("hiding a question", "sam", "/desk/floor/{asked}/hiding", MISTAKE),
    Act("showing a question", "sam", "/desk/floor/{hidden}/showing"),
    Act("answering a question", "eva", "/desk/floor/{asked}/reply", {"text": "Both."}),
    Act("preparing a poll", "eva", DESK + "{running}/polls/new", POLL),
    Act("changing a poll", "eva", "/desk/polls/{prepared_poll}", POLL),
    Act("opening a poll", "sam", "/desk/polls/{prepared_poll}/opening"),
    Act("closing a poll", "sam", "/desk/polls/{open_poll}/closing"),
    Act("dropping a poll", "eva", "/desk/polls/{prepared_poll}/removal"),
    Act("answering a poll", "ana", "/polls/{unanswered_poll}", {"chosen": "0"}),
    # ------------------------------------------------------------ what people thought of it
    Act("drawing up an evaluation", "eva", DESK + "{coming}/evaluation", {"source": "usual"}),
    Act("keeping it open longer", "eva", DESK + "{settled}/evaluation/days", {"days": "20"}),
    Act(
        "keeping an evaluation as a template",
        "sam",
        DESK + "{webinar}/evaluation/template",
        {"name": "Ours"},
    ),
    Act("asking one thing more", "eva", DESK + "{webinar}/evaluation/items/new", FREE),
    Act("asking it otherwise", "eva", "/desk/evaluation-items/{item}", FREE),
    Act("asking it later", "eva", "/desk/evaluation-items/{item}/move", {"direction": "down"}),
    Act("asking it no more", "eva", "/desk/evaluation-items/{item}/removal"),
    # ------------------------------------------------------------ while a session runs
    Act("voting for a question", "ana", "/questions/{asked}/vote"),
    Act("answering a poll otherwise", "ana", "/polls/{open_poll}", {"chosen": "1"}),
    Act("joining by the link", STRANGER, "/join/{join_letter}"),
    Act("joining from one's own page", "ana", "/enrolments/{seat}/joining"),
]
