"""Twenty parallel hand-ins of one paper are graded once; two last acts complete a course once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.models import Grading
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from tests.browser_client import Browser
from tests.cast import NOON
from tests.completions.coursework import (
    add_lessons,
    add_test,
    all_right,
    as_form,
    completions,
    do_all,
    open_paper,
)

pytestmark = pytest.mark.race
HANDS = 20


@pytest.fixture
def anas_place(session: Session, course: Activity, ana: Person) -> Enrolment:
    enrolment = enrol(session, course, ana, at=NOON)
    session.flush()
    return enrolment


class Hands:
    """The same person's browser, opened so many times; they all let go at once."""

    def __init__(self, app: Flask, browser: Browser, count: int) -> None:
        self.token = browser.token()
        with browser.client.session_transaction() as cookie:
            held = dict(cookie)
        self.clients = [app.test_client() for _ in range(count)]
        for client in self.clients:
            with client.session_transaction() as cookie:
                cookie.update(held)
        self.gate = Barrier(count)

    def send(self, posts: list[tuple[str, dict[str, str]]]) -> list[int]:
        def one(hand: int) -> int:
            url, form = posts[hand]
            self.gate.wait(timeout=30)
            answer = self.clients[hand].post(url, data={**form, "csrf_token": self.token})
            return answer.status_code

        with ThreadPoolExecutor(len(self.clients)) as pool:
            return list(pool.map(one, range(len(self.clients))))


def test_twenty_hand_ins_at_once_are_graded_once_and_all_see_the_same_result(
    stage: Flask, session: Session, browser: Browser, ana: Person, eva: Person,
    course: Activity, anas_place: Enrolment,
) -> None:  # fmt: skip
    add_test(session, course, eva)
    sitting = open_paper(session, anas_place)
    right = all_right(sitting)
    browser.sign_in(ana).visit(f"/sittings/{sitting.id}")
    different = [
        as_form([1 - a if (hand >> n) & 1 else a for n, a in enumerate(right)])
        for hand in range(HANDS)
    ]
    url = f"/sittings/{sitting.id}/grading"
    session.commit()
    hands = Hands(stage, browser, HANDS)
    answered = hands.send([(url, form) for form in different])

    assert answered == [303] * HANDS
    session.expire_all()
    (grading,) = session.scalars(select(Grading)).all()
    assert as_form(grading.answers) in different
    results = {
        client.get(f"/sittings/{sitting.id}").text.split('id="main"')[1] for client in hands.clients
    }
    assert len(results) == 1
    assert f"{grading.score}% right" in results.pop()
    assert len(completions(session)) == (1 if grading.passed else 0)


def test_a_second_grading_of_a_paper_is_impossible_even_past_the_verb(
    session: Session, eva: Person, course: Activity, anas_place: Enrolment
) -> None:
    add_test(session, course, eva)
    sitting = open_paper(session, anas_place)
    facts = {"sitting_id": sitting.id, "at": NOON, "answers": [], "total": 4, "passed": False}
    session.execute(insert(Grading).values(right=1, **facts))

    with pytest.raises(IntegrityError):
        session.execute(insert(Grading).values(right=2, **facts))


def test_the_last_lesson_and_the_passed_test_that_arrive_together_complete_the_course_once(
    stage: Flask, session: Session, browser: Browser, ana: Person, eva: Person,
    course: Activity, anas_place: Enrolment,
) -> None:  # fmt: skip
    add_test(session, course, eva)
    sitting = open_paper(session, anas_place)
    first, last = add_lessons(session, course, eva)
    do_all(session, anas_place, [first])
    browser.sign_in(ana).visit(f"/courses/{course.id}")
    last_acts = [
        (f"/sittings/{sitting.id}/grading", as_form(all_right(sitting))),
        (f"/lessons/{last.id}/completion", {}),
    ]
    session.commit()
    answered = Hands(stage, browser, 2).send(last_acts)

    assert answered == [303, 303]
    session.expire_all()
    assert len(completions(session)) == 1
