"""What there is around a side's webinars: one that runs now, one that is settled, a series.

Everything is made by the verbs of the rooms, so that it stands as people would have made it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda import acts, profiles
from app.agenda.models import Activity, Speaker
from app.agenda.profiles import Release
from app.agenda.recurrence import Every, Rule, occurrences
from app.agenda.series import plan_series
from app.agenda.templates import WebinarTemplate
from app.attendance import checks
from app.attendance.mapping import ColumnPlan, Found
from app.attendance.models import PresenceReport
from app.attendance.remembered import ColumnMapping, Recognition
from app.attendance.table import Line
from app.clock import now, today
from app.completions.settling import settle
from app.contests.contesting import Evidence, contest
from app.contests.models import Cause
from app.dialogue import asking, polls
from app.disclosures.declaring import Declared
from app.disclosures.models import declare
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.evaluations.drawing_up import draw_up
from app.evaluations.kinds import Kind, Wording
from app.files import files
from app.letters import sending
from app.letters.models import Group
from app.meetings import making
from app.meetings.accounts import PlatformAccount
from app.meetings.joining import link_token
from app.meetings.platform import Provider
from app.reminders import stopping
from tests.cast import NOON

if TYPE_CHECKING:
    from tests.stories.house import Nouns, Side

JPEG, PDF, PICTURE = b"\xff\xd8\xff\xe0 a face", b"%PDF-1.7\n% slides", b"\x89PNG\r\n\x1a\n a list"
WORDINGS = [
    Wording(Kind.SCALE, "How clear was it?", ("not at all", "very"), per_speaker=True),
    Wording(Kind.TEXT, "What should we improve?"),
]
ZOOM = {"account_id": "a", "client_id": "c", "client_secret": "s", "webhook_secret": "w"}


def evening(session: Session, side: Side, held: Activity, coming: Activity) -> Nouns:
    """The nouns of the rooms that have to do with webinars."""
    begun = now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    running = side.webinar(session, "Running", starts_at=begun, capacity=None)
    seat = enrol(session, running, side.learner, at=NOON)
    session.flush()
    return {
        "running": running.id,
        "seat": seat.id,
        **_speaking(session, side, running, held, coming),
        **_talking(session, side, running, seat),
        **_joining(session, side, running, seat),
        **_showing(session, side, running, coming),
        **_remembering(session, side),
        **_settling(session, side),
        **_evaluating(session, side, held),
        **_planning(session, side, coming),
        **_writing(session, side, running),
    }


def _speaking(
    session: Session, side: Side, running: Activity, held: Activity, coming: Activity
) -> dict[str, Any]:
    """A speaker with their page, a photograph, what they handed in and declared."""
    [speaker], [past], [next_one] = running.speakers, held.speakers, coming.speakers
    letters = [_invited(side, one) for one in (speaker, past)]
    next_one.address = f"ida@{side.name}.example"
    face, at = files.keep(JPEG + side.name.encode()), now()
    profiles.show_face(speaker, face, alt="", at=at)
    slides = PDF + side.name.encode()
    material = profiles.hand_in(
        speaker, name="slides.pdf", type="application/pdf", content=slides,
        digest=files.keep(slides), release=Release.AT_ONCE, at=at,
    )  # fmt: skip
    disclosure = declare(speaker, Declared(has_none=True), at=at)
    session.flush()
    return {
        "speaker": speaker.id,
        "speaker letter": letters[0],
        "past speaker letter": letters[1],
        "portrait": face,
        "material": material.id,
        "disclosure": disclosure.id,
        "coming speaker": next_one.id,
    }


def _invited(side: Side, speaker: Speaker) -> str:
    speaker.address = f"ida@{side.name}.example"
    return profiles.invite(speaker, by=side.admin, at=now())


def _talking(session: Session, side: Side, running: Activity, seat: Enrolment) -> dict[str, Any]:
    """Questions to the speaker, and polls before and after their opening."""
    at, by = now(), side.admin
    asked = asking.ask(session, seat, "Why not FHIR?", is_named=True, at=at)
    hidden = asking.ask(session, seat, "Who won?", is_named=True, at=at)
    found = [
        polls.prepare(
            session, running, text, ["yes", "no"], takes_several=False, is_attention=False,
            by=by, at=at,
        )
        for text in ("Is it?", "Was it?", "Will it be?")
    ]  # fmt: skip
    asking.hide(hidden, reason="It is about football.", by=by, at=at)
    for opened in found[1:]:
        polls.open_poll(opened, by=by, at=at)
    polls.answer(found[1], seat, [0], at=at)
    session.flush()
    return {
        "asked": asked.id,
        "hidden": hidden.id,
        "prepared poll": found[0].id,
        "open poll": found[1].id,
        "unanswered poll": found[2].id,
    }


def _joining(session: Session, side: Side, running: Activity, seat: Enrolment) -> dict[str, Any]:
    """Accounts with platforms, the room of the webinar, and the learner's own link to it."""
    at, by = now(), side.admin
    bbb = PlatformAccount.enter(
        session, side.lead, Provider.BIGBLUEBUTTON, by=by, at=at, secrets={"secret": "s"},
        facts={"name": "BBB", "address": "https://127.0.0.1/bigbluebutton", "flavour": "sha256"},
    )  # fmt: skip
    zoom = PlatformAccount.enter(
        session, side.lead, Provider.ZOOM, by=by, at=at, secrets=ZOOM,
        facts={"name": "Zoom", "address": "https://127.0.0.1/v2", "host": "host@zoom.example",
               "sign_in_address": "https://127.0.0.1/oauth/token", "flavour": "meetings"},
    )  # fmt: skip
    meeting = making.ask(
        session, running, running.sessions[0], None, link="https://meet.example/tonight",
        by=by, at=at,
    )  # fmt: skip
    letter = link_token(session, seat, at=at)
    session.flush()
    return {
        "platform": bbb.id,
        "bbb hook": bbb.secrets["hook"],
        "zoom hook": zoom.secrets["hook"],
        "meeting": meeting.id,
        "meeting key": meeting.key,
        "part": 1,
        "join letter": letter,
        "stop letter": stopping.token(str(current_app.secret_key), side.learner.id),
    }


def _showing(session: Session, side: Side, running: Activity, coming: Activity) -> dict[str, Any]:
    """A code on the screen, and one that is planned."""
    shown = checks.show_now(
        session, running, open_for=timedelta(minutes=75), by=side.admin, at=now()
    )
    [planned] = checks.schedule(
        session, coming, 1, open_for=timedelta(minutes=2), by=side.admin, at=now()
    )
    session.flush()
    return {
        "code on the screen": shown.token, "word on the screen": shown.word,
        "planned code": planned.id,
    }  # fmt: skip


def _remembering(session: Session, side: Side) -> dict[str, Any]:
    """Columns and identities that the leading society has explained once."""
    table = Found(Line(1, ("Wer", "Von", "Bis")), ())
    at, by = now(), side.admin
    columns = ColumnMapping.remember(
        session, side.lead, table, ColumnPlan({"name": 0, "joined": 1, "left": 2}), by=by, at=at
    )
    known = Recognition.remember(
        session, side.lead, side.learner, name="radiology pc 3", address="", provider="table",
        by=by, at=at,
    )  # fmt: skip
    session.flush()
    return {"columns": columns.id, "recognition": known.id}


def _settling(session: Session, side: Side) -> dict[str, Any]:
    """A settled webinar at which nobody was seen: one has contested it, the learner may still."""
    over = side.webinar(session, "Settled", starts_at=now() - timedelta(days=3))
    mine, other = (
        enrol(session, over, person, at=NOON) for person in (side.learner, _somebody(side, "Fifth"))
    )
    session.add(
        PresenceReport(
            activity=over, provider="table", file_name="empty.csv", file_digest="1" * 64,
            zone="UTC", ignored=[], by=side.admin, at=now(),
        )
    )  # fmt: skip
    session.flush()
    settle(session, over, by=side.admin, at=now())
    draw_up(session, over, WORDINGS, by=side.admin, at=NOON)
    proof = Evidence(files.keep(PICTURE), "list.png", "image/png")
    made = contest(
        session, other, cause=Cause.TELEPHONE, account="I listened.", evidence=proof,
        by=other.person, at=now(),
    )  # fmt: skip
    session.flush()
    return {"settled": over.id, "contestable": mine.id, "contest": made.id}


def _somebody(side: Side, name: str) -> Person:
    return side.make_person(f"{name} of {side.name}", f"{name}@{side.name}.example".lower())


def _evaluating(session: Session, side: Side, held: Activity) -> dict[str, Any]:
    form = draw_up(session, held, WORDINGS, by=side.admin, at=NOON)
    session.flush()
    return {"form": form.id, "item": form.items[0].id}


def _writing(session: Session, side: Side, running: Activity) -> dict[str, Any]:
    """A letter to everybody with a place, drafted and not sent."""
    letter = sending.draft(
        session, running, to_whom=Group.PLACE, subject="Tonight", body="We begin at {when}.",
        by=side.admin, at=now(),
    )  # fmt: skip
    session.flush()
    return {"round letter": letter.id}


def _planning(session: Session, side: Side, coming: Activity) -> dict[str, Any]:
    """A series, a template, and a webinar that was moved."""
    at, by = now(), side.admin
    rule = Rule(
        every=Every.WEEK, start=time(12), zone="UTC", minutes=60, times=2,
        from_on=today() + timedelta(days=30),
    )  # fmt: skip
    hours = [one.hour for one in occurrences(rule)]
    series = plan_series(
        session, rule, hours, replace(coming.texts, title=f"Series ({side.name})"),
        is_numbered=True, capacity=30, lead=side.lead, others=side.others, by=by, at=at,
    )  # fmt: skip
    template = WebinarTemplate.save(
        session, coming, f"Template ({side.name})", society=side.lead, by=by, at=at
    )
    moved = side.webinar(session, "Moved")
    place = enrol(session, moved, side.learner, at=at - timedelta(days=1))
    [hour] = moved.plan.hours
    assert hour.on is not None
    later = replace(hour, on=hour.on + timedelta(days=1), fold=None)
    acts.reschedule(moved, [later], moved.zone, reason="The speaker is ill.", by=by, at=at)
    session.flush()
    return {
        "series": series.id,
        "first of series": series.places[0].activity_id,
        "template": template.id,
        "moved": moved.id,
        "moved place": place.id,
    }
