"""What happens in every course: lessons and a test are written, people learn, sit and complete."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts.models import Person
from app.assessments.models import Assessment, Sitting
from app.assessments.sitting import hand_in, open_sitting
from app.completions.fulfilment import complete
from app.credentials.issuing import issue_certificate
from app.credentials.jobs import verification_url
from app.demo.cast import GRADUATES, HALFWAY
from app.demo.programme import Entry, announce, plan_course
from app.demo.scene import Scene
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.learning.models import Lesson, LessonCompletion

FOUNDATIONS = "foundations"
BEGINS, FINISHES, KNOWS = 0.86, 0.72, 0.86
"""Of those who enrol most begin, fewer finish; somebody knows the answer to most questions."""


def stage(scene: Scene, entry: Entry) -> None:
    """Put everything around one course into the script."""
    planned_at = scene.day(entry.day if not entry.is_draft else -6, "10:00")
    scene.script.at(planned_at, plan_course, scene, entry)
    scene.script.at(planned_at + timedelta(minutes=5), writing, scene, entry)
    if entry.is_draft:
        return
    announced_at = planned_at + timedelta(days=2)
    scene.script.at(announced_at, announce, scene, entry)
    needed = [scene.learners[n] for n in (*GRADUATES, *HALFWAY)] if entry.key == FOUNDATIONS else []
    others = [p for p in scene.learners.values() if p not in needed]
    scene.dice.shuffle(others)
    last = announced_at + timedelta(days=60)
    for person, at in zip(needed, scene.moments(len(needed), announced_at, last), strict=True):
        scene.script.at(at, beginning, scene, entry, person)
    others = others[: entry.guests - len(needed)]
    for person, at in zip(others, scene.moments(len(others), announced_at, scene.now), strict=True):
        scene.script.at(at, beginning, scene, entry, person)


def writing(at: datetime, scene: Scene, entry: Entry) -> None:
    """The administrator writes the lessons and the test."""
    course = scene.activities[entry.name]
    by = scene.administrator(course)
    for facts in entry.lesson:
        Lesson.add(
            scene.session, course, title=facts["title"], body=facts["body"].strip(),
            minutes=facts["minutes"], by=by, at=at,
        )  # fmt: skip
    if not entry.question:
        return
    test = Assessment.set(scene.session, course, by=by, at=at)
    for facts in entry.question:
        test.ask(facts["text"], facts["choices"], right=0, by=by, at=at)


def beginning(at: datetime, scene: Scene, entry: Entry, person: Person) -> None:
    """Somebody enrols and, most likely, does the lessons one evening after the other."""
    enrolment = enrol(scene.session, scene.activities[entry.name], person, at=at)
    number = next(n for n, p in scene.learners.items() if p is person)
    in_story = entry.key == FOUNDATIONS and number in (*GRADUATES, *HALFWAY)
    if enrolment.waits or not (in_story or scene.dice.random() < BEGINS):
        return
    lessons = list(scene.session.scalars(Lesson.of(enrolment.activity)))
    finishes = number in GRADUATES if in_story else scene.dice.random() < FINISHES
    for lesson in lessons if finishes else lessons[:1]:
        at += timedelta(hours=scene.dice.uniform(3, 40))
        if at < scene.now:
            scene.script.at(at, doing, scene, enrolment, lesson)
    at += timedelta(hours=scene.dice.uniform(1, 30))
    if finishes and entry.question and at + timedelta(hours=1) < scene.now:
        scene.script.at(at, sitting, scene, enrolment, number in GRADUATES)


def doing(at: datetime, scene: Scene, enrolment: Enrolment, lesson: Lesson) -> None:
    LessonCompletion.mark(scene.session, lesson, enrolment, at=at)
    completing(at, scene, enrolment)


def sitting(at: datetime, scene: Scene, enrolment: Enrolment, is_sure: bool) -> None:
    """A try at the test; who fails comes back after the wait, once or twice."""
    seed = scene.dice.getrandbits(64)
    paper: Sitting = open_sitting(scene.session, enrolment, at=at, seed=seed)
    answers = [
        item.right
        if is_sure or scene.dice.random() < KNOWS
        else (item.right + 1) % len(item.choices)
        for item in paper.items
    ]
    handed_in_at = at + timedelta(minutes=scene.dice.randint(6, 25))
    grading = hand_in(scene.session, paper, answers, at=handed_in_at)
    again_at = handed_in_at + timedelta(hours=paper.wait_hours + scene.dice.randint(1, 60))
    if grading.passed:
        completing(handed_in_at, scene, enrolment)
    elif paper.number < 3 and again_at + timedelta(hours=1) < scene.now:
        scene.script.at(again_at, sitting, scene, enrolment, False)


def completing(at: datetime, scene: Scene, enrolment: Enrolment) -> None:
    """The certificate follows the completion, as the job would issue it."""
    completion = complete(scene.session, enrolment, at=at)
    if completion is not None and completion.at == at:
        issued_at = at + timedelta(minutes=2)
        issue_certificate(scene.session, completion, at=issued_at, address=verification_url)
