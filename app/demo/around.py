"""What else happens around webinars, from declarations and questions to a contested presence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.agenda import acts
from app.agenda.models import Activity
from app.agenda.planning import Texts
from app.agenda.recurrence import Every, Rule, occurrences
from app.agenda.series import plan_series
from app.agenda.speakers import Named
from app.attendance import queries as attendance
from app.attendance.presence import Interval
from app.completions.models import Completion
from app.contests.contesting import contest, rule
from app.contests.models import Cause
from app.demo import reports
from app.demo.programme import Entry, webinars
from app.demo.scene import Scene
from app.dialogue import asking, polls
from app.disclosures import reviewing
from app.disclosures.declaring import Declared, Line, Nature
from app.disclosures.models import declare
from app.enrolments.models import Enrolment
from app.evaluations.drawing_up import draw_up
from app.evaluations.evaluating import evaluate
from app.evaluations.kinds import Kind, usual
from app.evaluations.mixing import Said
from app.evaluations.models import EvaluationItem
from app.evaluations.queries import form_of
from app.recordings.publishing import Publication, publish
from app.societies.models import Office

QUESTIONS = (
    "How do you keep the mapping up to date when a vendor changes its codes?",
    "What did it cost, in people rather than in licences?",
    "Which part would you do differently today?",
    "Is there a checklist that a small hospital can start from?",
)
POLL = ("Where do your images live today?", ("One archive", "Several archives", "I do not know"))
PRAISE = (
    "The live example was worth the hour.",
    "Slides before the session would help.",
    "More time for questions, please.",
    "I shall use the checklist on Monday.",
)


def stage(scene: Scene) -> None:
    """Put all of it into the script, each at its own moment."""
    entries = [one for one in webinars() if not one.is_draft]
    sample = next(one for one in entries if one.report)
    _content, held_at = reports.sample(scene.now)
    ended_at = held_at + timedelta(minutes=sample.minutes)
    script = scene.script
    script.at(held_at - timedelta(days=6), asking_questions, scene, sample)
    script.at(held_at - timedelta(days=4), preparing_an_evaluation, scene, sample)
    script.at(held_at - timedelta(minutes=5), opening_a_poll, scene, sample)
    script.at(ended_at + timedelta(hours=3), evaluating, scene, sample)
    script.at(ended_at + timedelta(days=2), contesting, scene, sample)
    script.at(ended_at + timedelta(days=9), publishing, scene, sample)
    to_come = [one for one in entries if one.day > 3]
    recently = scene.now - timedelta(days=1)
    for entry in to_come:
        script.at(recently, declaring, scene, entry)
    script.at(recently, asking_questions, scene, to_come[0])
    script.at(recently, moving, scene, to_come[1])
    script.at(scene.now, calling_off, scene, to_come[-1])
    script.at(recently, planning_a_series, scene)


def declaring(at: datetime, scene: Scene, entry: Entry) -> None:
    """Everyone on the programme declares; one works for a company, and that is looked at."""
    activity = scene.activities[entry.name]
    officer = scene.officers[activity.lead.code, Office.COURSE_ADMINISTRATOR]
    for number, speaker in enumerate(activity.speakers):
        paid = Line("Northlight Imaging (sample)", Nature.FEES)
        declared = Declared(False, (paid,)) if number == 1 else Declared(True)
        made = declare(speaker, declared, at=at)
        done = "" if declared.has_none else "The slides were read before; no product is named."
        reviewing.review(
            made, reviewing.Verdict(is_accepted=True, mitigation=done), activity=activity,
            by=officer, is_latest=True, at=at + timedelta(minutes=30),
        )  # fmt: skip


def asking_questions(at: datetime, scene: Scene, entry: Entry) -> None:
    """Some of those enrolled ask, others want to know the same."""
    people = _with_a_place(scene, entry)
    for number, words in enumerate(QUESTIONS):
        asker, *others = people[number * 5 : number * 5 + 9 - 2 * number]
        question = asking.ask(scene.session, asker, words, is_named=number % 2 == 0, at=at)
        scene.session.flush()
        for enrolment in others:
            asking.vote(question, enrolment, at=at + timedelta(minutes=20))


def opening_a_poll(at: datetime, scene: Scene, entry: Entry) -> None:
    activity = scene.activities[entry.name]
    by, (text, choices) = scene.administrator(activity), POLL
    opens = at + timedelta(minutes=15)
    poll = polls.prepare(
        scene.session, activity, text, choices, takes_several=False, is_attention=False, by=by,
        at=at,
    )  # fmt: skip
    polls.open_poll(poll, by=by, at=opens)
    for enrolment in _with_a_place(scene, entry)[:40]:
        chosen = scene.dice.choice((0, 0, 1, 1, 1, 2))
        polls.answer(poll, enrolment, [chosen], at=opens + timedelta(minutes=1))
    polls.close(poll, by=by, at=opens + timedelta(minutes=4))


def preparing_an_evaluation(at: datetime, scene: Scene, entry: Entry) -> None:
    activity = scene.activities[entry.name]
    draw_up(scene.session, activity, usual(), by=scene.administrator(activity), at=at)


def evaluating(at: datetime, scene: Scene, entry: Entry) -> None:
    """Two dozen people say what they think; nothing tells who said what."""
    activity = scene.activities[entry.name]
    form = form_of(scene.session, activity.id)
    assert form is not None
    for number, enrolment in enumerate(_with_a_place(scene, entry)[:24]):
        said = [
            one
            for item in form.items
            for speaker_id in (
                [speaker.id for speaker in activity.speakers] if item.per_speaker else [None]
            )
            if (one := _said(scene, item, speaker_id, number))
        ]
        evaluate(scene.session, form, enrolment, said, at=at, chance=scene.dice)


def _said(scene: Scene, item: EvaluationItem, speaker_id: int | None, number: int) -> Said | None:
    """One answer of one person; every third writes something, at the end."""
    if item.kind is Kind.SCALE:
        return Said(item.id, speaker_id, value=scene.dice.choice((3, 4, 4, 5, 5)))
    if item.kind is Kind.SINGLE:
        return Said(item.id, speaker_id, value=scene.dice.choice((1, 1, 1, 2)))
    if number % 3 or "improve" not in item.text:
        return None
    return Said(item.id, speaker_id, text=PRAISE[number // 3 % len(PRAISE)])


def contesting(at: datetime, scene: Scene, entry: Entry) -> None:
    """Three who were seen too little contest it: one is granted, one refused, one waits."""
    activity = scene.activities[entry.name]
    by = scene.administrator(activity)
    known = attendance.presence(scene.session, activity)
    completed = set(scene.session.scalars(select(Completion.enrolment_id)))
    missed = [one for one in _with_a_place(scene, entry) if one.id not in completed]
    missed = [one for one in missed if known.get(one.id)][:3]
    accounts = (
        (Cause.TELEPHONE, "I listened by telephone from the ward; the call list shows it."),
        (Cause.OTHER, "I believe that I was there."),
        (Cause.TOGETHER, "Four of us sat in the seminar room before one screen."),
    )
    made = [
        contest(scene.session, one, cause=cause, account=words, evidence=None, by=one.person, at=at)
        for one, (cause, words) in zip(missed, accounts, strict=True)
    ]  # fmt: skip
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    whole, later = Interval(activity.starts_at, activity.ends_at), at + timedelta(hours=20)
    rule(scene.session, made[0], granted=whole, reason="The call list shows it.", by=by, at=later)
    rule(scene.session, made[1], granted=None, reason="Nothing shows it.", by=by, at=later)


def publishing(at: datetime, scene: Scene, entry: Entry) -> None:
    """The recording becomes a course of its own; its test is still to be written."""
    activity = scene.activities[entry.name]
    wanted = Publication(
        f"{activity.title}: the recording", "https://video.example/confer/dicomweb",
        (at + timedelta(days=730)).date(), activity.minutes or 60,
    )  # fmt: skip
    publish(scene.session, activity, wanted, by=scene.administrator(activity), at=at)


def moving(at: datetime, scene: Scene, entry: Entry) -> None:
    activity = scene.activities[entry.name]
    hours = [replace(one, on=one.on and one.on + timedelta(days=1)) for one in activity.plan.hours]
    acts.reschedule(
        activity, hours, activity.zone, reason="The speaker examines students that evening.",
        by=scene.administrator(activity), at=at,
    )  # fmt: skip


def calling_off(at: datetime, scene: Scene, entry: Entry) -> None:
    activity = scene.activities[entry.name]
    acts.cancel(
        activity, reason="The speaker is ill. We plan it again in spring.",
        by=scene.administrator(activity), at=at,
    )  # fmt: skip


def planning_a_series(at: datetime, scene: Scene) -> None:
    """A journal club on every second Wednesday of the month, still drafts."""
    lead, other = scene.societies["eusomii"], scene.societies["siim"]
    rule = Rule(
        every=Every.MONTH, start=time(17), zone="Europe/Vienna", minutes=45,
        from_on=at.date() + timedelta(days=25), times=5, ordinal=2, weekday=2,
    )  # fmt: skip
    hours = [one.hour for one in occurrences(rule)]
    texts = Texts(
        title="Journal club", summary="One paper, three readers, forty-five minutes.",
        description="We read one paper of the month together.",
        speakers=(Named("Dr Ilse Vandermeer", "Nordhafen University Hospital (sample)"),),
    )  # fmt: skip
    plan_series(
        scene.session, rule, hours, texts, is_numbered=True, capacity=60, lead=lead,
        others=[other], by=scene.officers[lead.code, Office.COURSE_ADMINISTRATOR], at=at,
    )  # fmt: skip


def _with_a_place(scene: Scene, entry: Entry) -> Sequence[Enrolment]:
    activity: Activity = scene.activities[entry.name]
    scene.session.flush()
    return scene.session.scalars(
        select(Enrolment)
        .where(
            Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None),
            Enrolment.place.has(),
        )
        .options(joinedload(Enrolment.person), joinedload(Enrolment.place))
        .order_by(Enrolment.id)
    ).unique().all()  # fmt: skip
