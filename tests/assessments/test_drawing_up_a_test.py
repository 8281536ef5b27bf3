from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.models import Assessment, Question
from app.journal.models import Entry
from tests.browser_client import Browser
from tests.cast import NOON, Societies

QUESTION: dict[str, Any] = {
    "text": "What is it?",
    "choice_1": "A pixel",
    "choice_2": "A voxel",
    "right": "2",
}


def asked(session: Session, course: Activity) -> list[Question]:
    test = session.scalars(Assessment.of(course)).one_or_none()
    return test.asked if test else []


def acts(session: Session, start: str) -> list[str]:
    query = select(Entry.act).where(Entry.act.startswith(start)).order_by(Entry.id)
    return list(session.scalars(query))


def test_a_course_administrator_writes_the_first_question(
    session: Session, browser: Browser, eva: Person, course: Activity
) -> None:
    page = browser.sign_in(eva).visit(f"/desk/activities/{course.id}/test")
    assert "No questions yet" in page.text
    browser.visit(f"/desk/activities/{course.id}/questions/new")
    page = browser.submit(**QUESTION, choice_4="A texel")

    assert "One question" in page.text
    (question,) = asked(session, course)
    assert [(c.text, c.is_right) for c in question.choices] == [
        ("A pixel", False), ("A voxel", True), ("A texel", False),
    ]  # fmt: skip
    assert acts(session, "test.") + acts(session, "question.") == ["test.set", "question.added"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": ""}, "Please write the question."),
        ({"choice_2": ""}, "Please give at least two answers to choose from."),
        ({"choice_2": "a PIXEL"}, "This answer stands here twice."),
        ({"right": None}, "Please mark the one answer that is right."),
        ({"right": "5"}, "The answer marked as right is empty."),
        ({"right": "9"}, "Not a valid choice."),
        ({"choice_1": "x" * 501}, "Please keep this to 500 characters."),
    ],
)
def test_what_is_amiss_with_a_question_is_said_and_what_was_typed_is_kept(
    session: Session, browser: Browser, eva: Person, course: Activity, changes: dict[str, Any],
    said: str,
) -> None:  # fmt: skip
    browser.sign_in(eva).visit(f"/desk/activities/{course.id}/questions/new")
    page = browser.submit(status=422, **{**QUESTION, "choice_3": "A texel", **changes})
    if changes == {"choice_2": ""}:
        page = browser.submit(status=422, choice_3="")

    assert said in page.text
    assert page.form()["fields"]["choice_1"] == [changes.get("choice_1", "A pixel")]
    assert asked(session, course) == []


def test_a_question_is_changed(
    session: Session, browser: Browser, eva: Person, test_of_course: Assessment
) -> None:
    question = test_of_course.questions[1]
    page = browser.sign_in(eva).visit(f"/desk/questions/{question.id}")
    assert page.form()["fields"]["right"] == ["1"]
    browser.submit(right="2", choice_3="A number")

    session.refresh(question)
    assert [c.text for c in question.choices] == ["RADLEX-CANARY-2", "A nickname", "A number"]
    assert question.right == 1
    assert acts(session, "question.changed") == ["question.changed"]


def test_a_question_is_retired_but_the_last_one_of_an_announced_test_stays(
    session: Session, browser: Browser, eva: Person, course: Activity, test_of_course: Assessment
) -> None:
    first, *others = test_of_course.questions
    browser.sign_in(eva)
    for question in others:
        browser.visit(f"/desk/activities/{course.id}/test")
        browser.submit(f"/desk/questions/{question.id}/retirement")
        browser.post(f"/desk/questions/{question.id}/retirement")
    refused = browser.post(f"/desk/questions/{first.id}/retirement", status=409)

    assert "This is the last question of an announced test." in refused.text
    assert asked(session, course) == [first]
    assert acts(session, "question.retired") == ["question.retired"] * 3
    assert "Retired" in browser.visit(f"/desk/activities/{course.id}/test").text


def test_an_administrator_says_what_the_test_asks_for(
    session: Session, browser: Browser, eva: Person, course: Activity, test_of_course: Assessment
) -> None:
    browser.sign_in(eva).visit(f"/desk/activities/{course.id}/test")
    page = browser.submit(pass_mark="101", wait_hours="-1",
                          status=422)  # fmt: skip
    assert "Please give a number from 1 to 100." in page.text
    assert "Please give a number of hours from 0 to 720." in page.text
    browser.submit(pass_mark="80", wait_hours="168")

    session.refresh(test_of_course)
    assert (test_of_course.pass_mark, test_of_course.wait_hours) == (80, 168)


def test_nobody_else_touches_the_questions_of_a_course(
    session: Session, browser: Browser, make_person, give_mandate, societies: Societies,
    ana: Person, course: Activity, test_of_course: Assessment,
) -> None:  # fmt: skip
    nele = make_person("Nele Vos")
    give_mandate(nele, "course administrator", societies.efrs)
    question = test_of_course.questions[0]
    browser.visit(f"/desk/questions/{question.id}", status=302)
    for person, status in ((ana, 403), (nele, 404)):
        browser.sign_in(person).visit(f"/desk/questions/{question.id}", status=status)
        browser.post(f"/desk/questions/{question.id}", QUESTION, status=status)
        browser.post(f"/desk/questions/{question.id}/retirement", status=status)
        browser.post(
            f"/desk/activities/{course.id}/test", {"pass_mark": "1", "wait_hours": "0"},
            status=status,
        )  # fmt: skip

    session.refresh(test_of_course)
    assert (test_of_course.pass_mark, len(test_of_course.asked)) == (75, 4)
    assert question.text == "What moves images?"


@pytest.mark.parametrize(("choices", "right"), [(["one"], 0), (["x"] * 7, 0), (["a", "b"], 2)])
def test_the_verb_itself_wants_two_to_six_choices_and_one_right(
    test_of_course: Assessment, eva: Person, choices: list[str], right: int
) -> None:
    with pytest.raises(ValueError, match="choices"):
        test_of_course.ask("?", choices, right=right, by=eva, at=NOON)
