from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.models import Sitting
from app.assessments.sitting import hand_in
from app.completions.fulfilment import complete
from app.enrolments.booking import enrol, withdraw
from app.enrolments.models import Enrolment
from app.journal.models import Entry
from app.learning.models import LessonCompletion
from tests.browser_client import Browser
from tests.cast import NOON, Societies
from tests.completions.coursework import (
    add_lessons,
    add_test,
    all_right,
    as_form,
    completions,
    do_all,
    open_paper,
)


@pytest.fixture
def anas_place(session: Session, course: Activity, ana: Person) -> Enrolment:
    enrolment = enrol(session, course, ana, at=NOON)
    session.flush()
    return enrolment


def test_the_passed_test_completes_the_course(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    do_all(session, anas_place, add_lessons(session, course, eva))
    add_test(session, course, eva)
    browser.sign_in(ana).visit(f"/courses/{course.id}")
    browser.submit(f"/courses/{course.id}/sittings")
    sitting = session.scalars(select(Sitting)).one()
    page = browser.submit(**as_form(all_right(sitting)))

    assert "You have completed Foundations of imaging informatics." in page.text
    (completion,) = completions(session)
    assert (completion.person_id, completion.activity_id) == (ana.id, course.id)
    assert (completion.score, completion.pass_mark, completion.seconds) == (100, 75, None)
    entry = session.scalars(select(Entry).where(Entry.act == "course.completed")).one()
    assert entry.actor_name == "Ana Lopez"
    page = browser.visit(f"/courses/{course.id}")
    assert "You completed this course on" in page.text
    assert "3 of 3 steps done" in page.text


def test_the_last_lesson_completes_a_course_without_a_test(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    first, last = add_lessons(session, course, eva)
    browser.sign_in(ana).post(f"/lessons/{first.id}/completion")
    assert completions(session) == []
    browser.visit(f"/courses/{course.id}/lessons/2")
    page = browser.submit(f"/lessons/{last.id}/completion")

    assert "You have completed" in page.text
    (completion,) = completions(session)
    assert (completion.score, completion.pass_mark) == (None, None)


def test_a_lesson_added_after_the_test_was_passed_may_come_last(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    add_test(session, course, eva)
    sitting = open_paper(session, anas_place)
    (lesson,) = add_lessons(session, course, eva, count=1)
    browser.sign_in(ana).post(f"/sittings/{sitting.id}/grading", as_form(all_right(sitting)))
    assert completions(session) == []
    browser.post(f"/lessons/{lesson.id}/completion")

    assert [completion.score for completion in completions(session)] == [100]


def test_a_failed_test_completes_nothing(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    add_test(session, course, eva)
    sitting = open_paper(session, anas_place)
    wrong = [1 - answer for answer in all_right(sitting)]
    browser.sign_in(ana).post(f"/sittings/{sitting.id}/grading", as_form(wrong))

    assert completions(session) == []


def test_who_lacked_only_what_was_taken_out_completes_the_course_by_a_button(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    done, dropped = add_lessons(session, course, eva)
    do_all(session, anas_place, [done])
    browser.sign_in(ana).post(f"/courses/{course.id}/completion")
    assert completions(session) == []
    dropped.remove(by=eva, at=NOON)
    browser.visit(f"/courses/{course.id}")
    page = browser.submit(f"/courses/{course.id}/completion")

    assert "You completed this course on" in page.text
    assert len(completions(session)) == 1


def test_a_course_completed_twice_is_completed_once(
    session: Session, ana: Person, eva: Person, course: Activity, anas_place: Enrolment
) -> None:
    lessons = add_lessons(session, course, eva)
    do_all(session, anas_place, lessons)
    first = complete(session, anas_place, at=NOON)
    session.flush()
    assert complete(session, anas_place, at=NOON + timedelta(days=1)) is first

    withdraw(session, anas_place, by=ana, at=NOON)
    again = enrol(session, course, ana, at=NOON)
    session.flush()
    do_all(session, again, lessons)
    assert complete(session, again, at=NOON) is first
    assert len(completions(session)) == 1


def test_someone_without_a_place_completes_nothing(
    session: Session, ana: Person, ben: Person, eva: Person, course: Activity
) -> None:
    course.capacity = 1
    enrol(session, course, ana, at=NOON)
    waiting = enrol(session, course, ben, at=NOON)
    session.flush()
    for lesson in add_lessons(session, course, eva):
        session.add(LessonCompletion(enrolment=waiting, lesson=lesson, at=NOON))
    session.flush()

    assert complete(session, waiting, at=NOON) is None


def test_what_is_added_later_takes_no_completion_away(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    do_all(session, anas_place, add_lessons(session, course, eva))
    complete(session, anas_place, at=NOON)
    add_lessons(session, course, eva)
    page = browser.sign_in(ana).visit(f"/courses/{course.id}")

    assert "You completed this course on" in page.text
    assert len(completions(session)) == 1


def test_a_course_is_not_completed_for_someone_who_only_knows_the_address(
    session: Session, browser: Browser, ben: Person, eva: Person, course: Activity
) -> None:
    add_lessons(session, course, eva)
    browser.post(f"/courses/{course.id}/completion")
    browser.sign_in(ben).post(f"/courses/{course.id}/completion")

    assert completions(session) == []


def test_the_administrator_sees_how_far_the_learners_are(
    session: Session, browser: Browser, ana: Person, ben: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    lessons = add_lessons(session, course, eva)
    do_all(session, anas_place, lessons)
    add_test(session, course, eva)
    hand_in(session, sitting := open_paper(session, anas_place), all_right(sitting), at=NOON)
    complete(session, anas_place, at=NOON)
    do_all(session, enrol(session, course, ben, at=NOON), lessons[:1])
    page = browser.sign_in(eva).visit(f"/desk/activities/{course.id}/learners")

    assert "Ana Lopez 1 Sept 2026 2 of 2 100% passed, 1 try 1 Sept 2026" in page.text
    assert "Ben Okoro 1 Sept 2026 1 of 2" in page.text


def test_many_learners_are_listed_fifty_a_page_in_as_many_statements(
    session: Session, browser: Browser, make_person, eva: Person, societies: Societies,
    course: Activity,
) -> None:  # fmt: skip
    for number in range(101):
        enrol(session, course, make_person(f"Person{number:03} Example"), at=NOON)
    browser.sign_in(eva)
    seen, url = [], f"/desk/activities/{course.id}/learners"
    for _page in range(3):
        page = browser.visit(url)
        seen += [word for word in page.text.split() if word.startswith("Person")]
        url = next((link for link in page.links if "after=" in link), "")

    assert seen == [f"Person{number:03}" for number in range(101)]
    assert url == ""
    assert (
        "Nobody further"
        in browser.visit(f"/desk/activities/{course.id}/learners?after=999999999").text
    )
