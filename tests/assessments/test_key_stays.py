"""The key of a paper never leaves the server, before or after it is handed in (V21)."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.assessments.models import Assessment, Sitting
from app.enrolments.models import Enrolment
from app.journal.models import Entry
from tests.assessments.papers import answers
from tests.assessments.test_sitting import begin
from tests.browser_client import Browser, Page

TOKENS = re.compile(r'csrf_token"[^>]*>|nonce="[^"]*"')


def bare(page: Page) -> str:
    """A page without what differs at every visit."""
    return TOKENS.sub("", page.html) + str(
        sorted((k, v) for k, v in page.response.headers if k not in {"Content-Length", "Set-Cookie"}
               and "nonce" not in v)
    )  # fmt: skip


def turn_key(session: Session, sitting: Sitting) -> None:
    """Make the next choice of every question the right one."""
    sitting.paper = [
        {**stored, "right": (stored["right"] + 1) % len(stored["choices"])}
        for stored in sitting.paper
    ]
    session.commit()


def test_an_open_paper_reads_the_same_whatever_its_key_is(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    partly = {"question-1": "0", "question-3": "1"}
    addresses = (f"/sittings/{sitting.id}", f"/courses/{course.id}")

    def everything() -> list[str]:
        pages = [browser.visit(address) for address in addresses]
        refused = browser.post(f"/sittings/{sitting.id}/grading", partly, status=422)
        return [bare(page) for page in (*pages, refused)]

    before = everything()
    turn_key(session, sitting)

    assert everything() == before


def test_the_check_above_would_notice_a_key(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    before = bare(browser.visit(f"/sittings/{sitting.id}"))
    sitting.paper = [
        {**stored, "choices": [f"{c}{'.' if n == stored['right'] else ''}"
                               for n, c in enumerate(stored["choices"])]}
        for stored in sitting.paper
    ]  # fmt: skip

    assert bare(browser.visit(f"/sittings/{sitting.id}")) != before


def test_no_result_names_a_right_answer(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    assert "CANARY" in browser.visit(f"/sittings/{sitting.id}").html
    browser.submit(**answers(sitting, right=3))

    for address in (f"/sittings/{sitting.id}", f"/courses/{course.id}"):
        page = browser.visit(address)
        assert "CANARY" not in page.html
        assert '"right"' not in page.html
    again = browser.post(f"/sittings/{sitting.id}/grading", answers(sitting, right=4))
    assert "CANARY" not in again.response.get_data(as_text=True)


def test_neither_the_public_page_nor_the_journal_holds_a_right_answer(
    session: Session, browser: Browser, ana: Person, course: Activity,
    test_of_course: Assessment, anas_place: Enrolment,
) -> None:  # fmt: skip
    sitting = begin(browser, session, ana, course)
    browser.submit(**answers(sitting, right=4))
    public = browser.sign_out().visit(f"/agenda/{course.id}", budget=20)

    assert "a test of 4 questions" in public.text
    assert "CANARY" not in public.html
    entries = session.scalars(select(Entry)).all()
    assert entries
    assert not any("CANARY" in f"{entry.subject_name}{entry.details}" for entry in entries)
