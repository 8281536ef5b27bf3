from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.models import Assessment, Grading, Sitting
from app.assessments.sitting import hand_in, open_sitting
from app.clock import now
from app.enrolments.booking import enrol, withdraw
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import Entry
from app.learning.models import Lesson, LessonCompletion
from tests.assessments.papers import answers
from tests.browser_client import Browser
from tests.cast import NOON


def begin(browser: Browser, session: Session, person: Person, course: Activity) -> Sitting:
    """Sign in, start the test, and leave its page open."""
    browser.sign_in(person).visit(f"/courses/{course.id}")
    browser.submit(f"/courses/{course.id}/sittings")
    return session.scalars(select(Sitting).order_by(Sitting.id.desc()).limit(1)).one()


def gradings(session: Session) -> list[Grading]:
    return list(session.scalars(select(Grading)))


def test_a_learner_starts_the_test_and_sees_every_question(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    page = browser.page
    assert page is not None

    assert page.url == f"/sittings/{sitting.id}"
    assert "4 questions, each with one right answer" in page.text
    assert all(text in page.text for text in ("What moves images?", "What stores an image?"))
    assert page.html.count("<fieldset") == page.html.count("<legend") == 4
    acts = session.scalars(select(Entry.act).where(Entry.act.startswith("sitting."))).all()
    assert acts == ["sitting.opened"]


def test_an_open_paper_stays_as_it_is(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    before = [item.choices for item in sitting.items]
    test_of_course.questions[0].change("Changed?", ["yes", "no"], right=1, by=eva, at=NOON)
    test_of_course.questions[1].retire(by=eva, at=NOON)
    Assessment.set(session, course, pass_mark=100, wait_hours=0, by=eva, at=NOON)
    browser.post(f"/courses/{course.id}/sittings")
    page = browser.visit(f"/sittings/{sitting.id}")

    assert len(session.scalars(select(Sitting)).all()) == 1
    assert [item.choices for item in sitting.items] == before
    assert "Changed?" not in page.text
    assert "What names a finding?" in page.text
    assert "Passed with 75% right" in page.text


def test_unanswered_questions_are_named_and_every_choice_is_kept(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    sent = answers(sitting, right=4)
    page = browser.submit(status=422, **{**sent, "question-2": None, "question-4": None})

    assert "2 questions are not answered yet" in page.text
    assert "Question 2: Please choose an answer." in page.text
    assert "Question 3: Please choose an answer." not in page.text
    assert page.form()["fields"]["question-1"] == [sent["question-1"]]
    assert page.form()["fields"]["question-3"] == [sent["question-3"]]
    assert gradings(session) == []


@pytest.mark.parametrize("value", ["7", "-1", "one", "1e0", ""])
def test_an_answer_that_the_paper_does_not_offer_is_refused(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment, value: str,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    sent = {**answers(sitting, right=4), "question-1": value}
    browser.post(f"/sittings/{sitting.id}/grading", sent, status=422)

    assert gradings(session) == []


def test_a_test_that_is_not_passed_says_what_to_look_at_and_when_to_try_again(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    page = browser.submit(**answers(sitting, right=2))

    assert "Not passed" in page.text
    assert "50% right" in page.text
    assert "2 of 4 questions answered right; 75% were needed" in page.text
    assert "What stores an image?" in page.text
    assert "What moves images?" not in page.text
    assert "You may try again from" in page.text
    browser.post(f"/courses/{course.id}/sittings", status=409)
    assert "You may take the test again from" in browser.visit(f"/courses/{course.id}").text


def test_three_of_four_pass_at_75_per_cent(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    page = browser.submit(**answers(sitting, right=3))

    assert "Passed" in page.text
    assert "75% right" in page.text
    assert gradings(session)[0].passed
    browser.post(f"/courses/{course.id}/sittings", status=409)


def test_the_first_hand_in_counts_and_a_second_tab_sees_its_result(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    browser.submit(**answers(sitting, right=1))
    browser.post(f"/sittings/{sitting.id}/grading", answers(sitting, right=4))
    browser.post(f"/sittings/{sitting.id}/grading", {})

    assert [grading.right for grading in gradings(session)] == [1]
    assert "25% right" in browser.visit(f"/sittings/{sitting.id}").text


def test_after_the_wait_the_test_may_be_tried_again_as_often_as_one_likes(
    session: Session, course: Activity, test_of_course: Assessment, anas_place: Enrolment
) -> None:
    at = NOON
    for number in range(1, 5):
        sitting = open_sitting(session, anas_place, at=at, seed=number)
        session.flush()
        hand_in(session, sitting, [-1] * 4, at=at)
        session.flush()
        with pytest.raises(Refusal, match="You may try again from"):
            open_sitting(session, anas_place, at=at + timedelta(hours=23), seed=0)
        at += timedelta(hours=24)

    assert open_sitting(session, anas_place, at=at, seed=5).number == 5


def test_a_wait_that_was_told_holds_when_the_test_asks_for_a_longer_one(
    session: Session, course: Activity, eva: Person, test_of_course: Assessment,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = open_sitting(session, anas_place, at=NOON, seed=1)
    session.flush()
    hand_in(session, sitting, [-1] * 4, at=NOON)
    Assessment.set(session, course, pass_mark=75, wait_hours=500, by=eva, at=NOON)
    session.flush()
    again = open_sitting(session, anas_place, at=NOON + timedelta(hours=24), seed=2)

    assert (again.number, again.wait_hours) == (2, 500)


def test_leaving_and_coming_back_does_not_shorten_the_wait(
    session: Session, course: Activity, ana: Person, test_of_course: Assessment,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = open_sitting(session, anas_place, at=NOON, seed=1)
    session.flush()
    hand_in(session, sitting, [-1] * 4, at=NOON)
    withdraw(session, anas_place, by=ana, at=NOON)
    again = enrol(session, course, ana, at=NOON)
    session.flush()

    with pytest.raises(Refusal, match="You may try again from"):
        open_sitting(session, again, at=NOON + timedelta(hours=1), seed=2)
    assert open_sitting(session, again, at=NOON + timedelta(hours=24), seed=2).number == 1


def test_the_lessons_come_before_the_test(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    lesson = Lesson.add(session, course, title="Pixels", body="x", minutes=5, by=eva, at=NOON)
    page = browser.sign_in(ana).visit(f"/courses/{course.id}")
    assert "It opens when all lessons are done." in page.text
    refused = browser.post(f"/courses/{course.id}/sittings", status=409)
    assert "The test opens when all lessons are done: one is left." in refused.text
    LessonCompletion.mark(session, lesson, anas_place, at=NOON)
    begin(browser, session, ana, course)


def test_someone_who_left_the_course_can_no_longer_hand_in(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    withdraw(session, anas_place, by=ana, at=now())
    browser.post(f"/sittings/{sitting.id}/grading", answers(sitting, right=4), status=409)

    assert gradings(session) == []


def test_a_sitting_is_the_learners_alone(
    session: Session, browser: Browser, another_browser: Browser, ana: Person, ben: Person,
    eva: Person, course: Activity, test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    enrol(session, course, ben, at=NOON)
    another_browser.visit(f"/sittings/{sitting.id}", status=302)
    for person in (ben, eva):
        another_browser.sign_in(person).visit(f"/sittings/{sitting.id}", status=404)
        another_browser.post(
            f"/sittings/{sitting.id}/grading", answers(sitting, right=4), status=404
        )

    assert gradings(session) == []
