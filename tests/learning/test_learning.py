from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.clock import now
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.journal.models import Entry
from app.learning.models import Lesson, LessonCompletion
from tests.browser_client import Browser
from tests.cast import NOON, Societies, make_webinar


def test_a_learner_reads_the_lessons_one_after_the_other(
    browser: Browser, ana: Person, course: Activity, anas_place: Enrolment, lessons: list[Lesson]
) -> None:
    page = browser.sign_in(ana).visit(f"/courses/{course.id}")
    assert "Start with lesson 1: Pixels" in page.text
    assert "0 of 2 lessons done" in page.text

    page = browser.visit(f"/courses/{course.id}/lessons/1")
    assert "A number with a place." in page.text
    assert "Lesson 1 of 2" in page.text

    page = browser.submit(f"/lessons/{lessons[0].id}/completion")
    assert page.h1 == ["Networks"]
    assert "1 of 2 lessons done" in page.text
    assert "Go on with lesson 2: Networks" in browser.visit(f"/courses/{course.id}").text


def test_a_lesson_marked_twice_is_done_once(
    session: Session, browser: Browser, ana: Person, anas_place: Enrolment, lessons: list[Lesson]
) -> None:
    browser.sign_in(ana).post(f"/lessons/{lessons[0].id}/completion")
    browser.post(f"/lessons/{lessons[0].id}/completion")

    assert len(session.scalars(select(LessonCompletion)).all()) == 1
    assert len(session.scalars(select(Entry).where(Entry.act == "lesson.done")).all()) == 1


def test_a_lesson_that_is_done_can_be_read_again(
    browser: Browser, ana: Person, course: Activity, anas_place: Enrolment, lessons: list[Lesson]
) -> None:
    browser.sign_in(ana).post(f"/lessons/{lessons[0].id}/completion")
    page = browser.visit(f"/courses/{course.id}/lessons/1")

    assert "A number with a place." in page.text
    assert "Mark as done" not in page.text
    assert "Next lesson" in page.text


def test_someone_who_is_not_enrolled_is_led_to_the_course(
    browser: Browser, ben: Person, course: Activity, lessons: list[Lesson]
) -> None:
    browser.sign_in(ben)
    for address in (f"/courses/{course.id}", f"/courses/{course.id}/lessons/1"):
        answer = browser.visit(address, status=303)
        assert answer.response.headers["Location"] == f"/agenda/{course.id}"
    assert browser.post(f"/lessons/{lessons[0].id}/completion").status == 303
    assert "for those who are enrolled" in browser.visit(f"/agenda/{course.id}", budget=20).text


def test_someone_on_the_waiting_list_is_told_that_the_lessons_open_with_a_place(
    session: Session, browser: Browser, ana: Person, ben: Person, course: Activity,
    lessons: list[Lesson],
) -> None:  # fmt: skip
    course.capacity = 1
    enrol(session, course, ana, at=NOON)
    enrol(session, course, ben, at=NOON)
    browser.sign_in(ben).visit(f"/courses/{course.id}", status=303)
    browser.post(f"/lessons/{lessons[0].id}/completion")

    assert session.scalars(select(LessonCompletion)).all() == []
    assert "You are on the waiting list" in browser.visit(f"/agenda/{course.id}", budget=20).text


def test_before_the_day_on_which_a_course_opens_nobody_begins(
    session: Session, browser: Browser, ana: Person, course: Activity, anas_place: Enrolment,
    lessons: list[Lesson],
) -> None:  # fmt: skip
    course.starts_at = now() + timedelta(days=3)
    browser.sign_in(ana)

    browser.visit(f"/courses/{course.id}", status=303)
    assert "This course opens on" in browser.visit(f"/agenda/{course.id}").text
    browser.post(f"/lessons/{lessons[0].id}/completion")
    browser.post(f"/courses/{course.id}/sittings")
    assert session.scalars(select(LessonCompletion)).all() == []

    course.starts_at = now() - timedelta(seconds=1)
    browser.post(f"/lessons/{lessons[0].id}/completion")
    assert len(session.scalars(select(LessonCompletion)).all()) == 1, "control: from then on"


def test_the_lessons_of_a_webinar_or_of_an_unannounced_course_do_not_exist(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    societies: Societies, anas_place: Enrolment, lessons: list[Lesson],
) -> None:  # fmt: skip
    webinar = make_webinar(session, eva, societies.eusomii)
    draft = type(course)(title="A draft", created_at=NOON, created_by=eva)
    draft.held_by(societies.eusomii)
    session.add(draft)
    session.flush()
    hidden = Lesson.add(session, draft, title="Secret", body="x", minutes=5, by=eva, at=NOON)
    session.flush()
    browser.sign_in(ana)

    browser.visit(f"/courses/{webinar.id}", status=404)
    browser.visit(f"/courses/{draft.id}", status=404)
    browser.post(f"/lessons/{hidden.id}/completion", status=404)
    browser.visit(f"/courses/{course.id}/lessons/3", status=404)
    browser.visit(f"/courses/{course.id}/lessons/2")


def test_a_stranger_is_sent_to_sign_in(browser: Browser, course: Activity) -> None:
    answer = browser.visit(f"/courses/{course.id}/lessons/1", status=302)

    assert answer.response.headers["Location"].startswith("/sign-in")


def test_the_public_page_of_a_course_shows_its_lessons_and_hides_their_texts(
    browser: Browser, course: Activity, lessons: list[Lesson]
) -> None:
    page = browser.visit(f"/agenda/{course.id}", budget=20)

    assert "2 lessons, 50 minutes of reading" in page.text
    assert "A number with a place" not in page.text
    assert f"/courses/{course.id}/lessons/1" not in page.links


def test_the_public_page_shows_a_learner_how_far_they_are_in_nine_statements(
    browser: Browser, ana: Person, ben: Person, course: Activity, anas_place: Enrolment,
    lessons: list[Lesson],
) -> None:  # fmt: skip
    browser.sign_in(ana).post(f"/lessons/{lessons[0].id}/completion")
    page = browser.visit(f"/agenda/{course.id}")

    assert "1 of 2 lessons done" in page.text
    assert "Go to my course" in page.text
    assert len(page.statements) <= 1 + 9  # with BEGIN
    page = browser.sign_in(ben).visit(f"/agenda/{course.id}")
    assert "Go to my course" not in page.text
    assert len(page.statements) <= 1 + 9


def test_a_course_without_lessons_says_that_they_are_being_prepared(
    browser: Browser, ana: Person, course: Activity, anas_place: Enrolment
) -> None:
    page = browser.sign_in(ana).visit(f"/courses/{course.id}")

    assert "The lessons are still being prepared." in page.text


def test_a_lesson_of_a_stranger_holds_no_script(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment,
) -> None:  # fmt: skip
    Lesson.add(
        session, course, title="<img src=x>", minutes=5, by=eva, at=NOON,
        body="<script>alert(1)</script> [here](javascript:alert(1)) <b onclick=alert(1)>bold</b>",
    )  # fmt: skip
    page = browser.sign_in(ana).visit(f"/courses/{course.id}/lessons/1")

    assert "<script>alert" not in page.html
    assert 'href="javascript' not in page.html
    assert "<b onclick" not in page.html
    assert "<img src=x>" not in page.html


def test_sixty_lessons_take_no_more_statements_than_two(
    session: Session, browser: Browser, ana: Person, eva: Person, course: Activity,
    anas_place: Enrolment, lessons: list[Lesson],
) -> None:  # fmt: skip
    browser.sign_in(ana)
    few = len(browser.visit(f"/courses/{course.id}").statements)
    for number in range(58):
        Lesson.add(session, course, title=f"More {number}", body="x", minutes=5, by=eva, at=NOON)

    assert len(browser.visit(f"/courses/{course.id}").statements) == few
