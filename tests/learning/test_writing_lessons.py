from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.enrolments.models import Enrolment
from app.journal.models import Entry
from app.learning.models import Lesson, LessonCompletion
from tests.browser_client import Browser
from tests.cast import NOON, Societies


def titles(session: Session, course: Activity) -> list[tuple[int, str]]:
    return [(one.position, one.title) for one in session.scalars(Lesson.of(course))]


def test_a_course_administrator_adds_a_lesson(
    session: Session, browser: Browser, eva: Person, course: Activity
) -> None:
    browser.sign_in(eva).visit(f"/desk/activities/{course.id}/lessons/new")
    page = browser.submit(title="Pixels", minutes="20", body="A *number*.")

    assert "Added: Pixels." in page.text
    assert titles(session, course) == [(1, "Pixels")]
    entry = session.scalars(select(Entry).where(Entry.act == "lesson.added")).one()
    assert (entry.actor_name, entry.subject_name) == ("Eva Lindqvist", "Pixels")


def test_the_preview_shows_the_text_and_saves_nothing(
    session: Session, browser: Browser, eva: Person, course: Activity
) -> None:
    page = browser.sign_in(eva).post(
        f"/desk/activities/{course.id}/lessons/new",
        {"title": "Pixels", "minutes": "20", "body": "A *number*.", "preview": "1"},
        status=200,
    )

    assert "<em>number</em>" in page.html
    assert page.form()["fields"]["title"] == ["Pixels"]
    assert titles(session, course) == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "Please give the lesson a title."),
        ("title", "x" * 201, "Please keep this to 200 characters."),
        ("minutes", "0", "from 1 to 600"),
        ("minutes", "soon", "Not a valid integer value"),
        ("body", "", "Please write the text of the lesson."),
        ("body", "a\x00b", "invisible control characters"),
    ],
)
def test_what_is_amiss_with_a_lesson_is_said_and_what_was_typed_is_kept(
    session: Session, browser: Browser, eva: Person, course: Activity, field: str, value: str,
    said: str,
) -> None:  # fmt: skip
    typed: dict[str, Any] = {"title": "Pixels", "minutes": "20", "body": "A number.", field: value}
    browser.sign_in(eva).visit(f"/desk/activities/{course.id}/lessons/new")
    page = browser.submit(status=422, **typed)

    assert said in page.text
    kept = next(name for name in typed if name != field)
    assert page.form()["fields"][kept] == [typed[kept]]
    assert titles(session, course) == []


def test_an_administrator_changes_a_lesson_and_who_did_it_keeps_that(
    session: Session, browser: Browser, eva: Person, course: Activity, anas_place: Enrolment,
    lessons: list[Lesson],
) -> None:  # fmt: skip
    LessonCompletion.mark(session, lessons[0], anas_place, at=NOON)
    page = browser.sign_in(eva).visit(f"/desk/lessons/{lessons[0].id}")
    assert "One learner has done this lesson." in page.text
    browser.submit(body="Another text.")

    assert session.get_one(Lesson, lessons[0].id).body == "Another text."
    assert len(session.scalars(select(LessonCompletion)).all()) == 1
    assert session.scalars(select(Entry).where(Entry.act == "lesson.changed")).one()


def test_saving_a_lesson_unchanged_leaves_no_entry(
    session: Session, browser: Browser, eva: Person, lessons: list[Lesson]
) -> None:
    browser.sign_in(eva).visit(f"/desk/lessons/{lessons[0].id}")
    browser.submit()

    assert session.scalars(select(Entry).where(Entry.act == "lesson.changed")).all() == []


def test_lessons_change_places(
    session: Session, browser: Browser, eva: Person, course: Activity, lessons: list[Lesson]
) -> None:
    browser.sign_in(eva).visit(f"/desk/activities/{course.id}/lessons")
    browser.post(f"/desk/lessons/{lessons[1].id}/position", {"direction": "up"})
    assert titles(session, course) == [(1, "Networks"), (2, "Pixels")]
    browser.post(f"/desk/lessons/{lessons[1].id}/position", {"direction": "up"})
    assert titles(session, course) == [(1, "Networks"), (2, "Pixels")]
    browser.post(f"/desk/lessons/{lessons[1].id}/position", {"direction": "sideways"}, status=400)


def test_a_removed_lesson_closes_the_gap_and_who_did_it_keeps_that(
    session: Session, browser: Browser, eva: Person, course: Activity, anas_place: Enrolment,
    lessons: list[Lesson],
) -> None:  # fmt: skip
    LessonCompletion.mark(session, lessons[0], anas_place, at=NOON)
    browser.sign_in(eva).visit(f"/desk/activities/{course.id}/lessons")
    page = browser.submit(f"/desk/lessons/{lessons[0].id}/removal")

    assert "Whoever has done it keeps that." in page.text
    assert titles(session, course) == [(1, "Networks")]
    assert len(session.scalars(select(LessonCompletion)).all()) == 1
    browser.post(f"/desk/lessons/{lessons[0].id}/removal")
    assert len(session.scalars(select(Entry).where(Entry.act == "lesson.removed")).all()) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/desk/activities/{course}/lessons",
        "/desk/activities/{course}/lessons/new",
        "/desk/activities/{course}/learners",
        "/desk/activities/{course}/test",
        "/desk/activities/{course}/questions/new",
        "/desk/lessons/{lesson}",
    ],
)
def test_only_administrators_of_the_societies_that_hold_a_course_build_it(
    session: Session, browser: Browser, make_person, give_mandate, societies: Societies,
    sam: Person, ana: Person, course: Activity, lessons: list[Lesson], address: str,
) -> None:  # fmt: skip
    url = address.format(course=course.id, lesson=lessons[0].id)
    nele = make_person("Nele Vos")
    give_mandate(nele, "course administrator", societies.efrs)

    browser.visit(url, status=302)
    browser.sign_in(ana).visit(url, status=403)
    browser.sign_in(nele).visit(url, status=404)
    browser.sign_in(sam).visit(url)


def test_nobody_else_moves_or_removes_a_lesson(
    session: Session, browser: Browser, make_person, give_mandate, societies: Societies,
    ana: Person, course: Activity, lessons: list[Lesson],
) -> None:  # fmt: skip
    nele = make_person("Nele Vos")
    give_mandate(nele, "course administrator", societies.efrs)
    for person, status in ((ana, 403), (nele, 404)):
        browser.sign_in(person)
        browser.post(f"/desk/lessons/{lessons[1].id}/position", {"direction": "up"}, status=status)
        browser.post(f"/desk/lessons/{lessons[1].id}/removal", status=status)

    assert titles(session, course) == [(1, "Pixels"), (2, "Networks")]
