"""What somebody typed is there when they come back, and a form asks before it is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page
from sqlalchemy.orm import Session

from app.accounts import password
from app.accounts.models import Person
from tests.cast import PASSWORD, Societies

pytestmark = pytest.mark.browser
NEW = "/desk/schemes/new"
TITLE = "Certificate in Safe Imaging"


@pytest.fixture
def page(
    chromium: Browser, served: str, session: Session, societies: Societies, erik: Person
) -> Iterator[Page]:
    """An officer who has signed in."""
    erik.password = password.digest(PASSWORD)
    session.commit()
    context = chromium.new_context(base_url=served)
    page = context.new_page()
    page.goto("/sign-in?next=/desk")
    page.fill("main [name=address]", erik.address)
    page.fill("main [name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")
    yield page
    context.close()


@pytest.fixture
def leave(page: Page) -> Callable[[], list[str]]:
    """Go to the desk; what the browser asked first."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)

    def go() -> list[str]:
        asked.clear()
        page.goto("/desk")
        return list(asked)

    return go


def test_what_was_typed_is_back_until_somebody_starts_afresh(
    page: Page, leave: Callable[[], list[str]]
) -> None:
    page.goto(NEW)
    assert page.get_by_text("What you typed here before is back.").count() == 0
    page.fill("[name=title]", TITLE)
    page.locator("[name=endorsing]").first.check()
    leave()

    page.goto(NEW)
    assert page.input_value("[name=title]") == TITLE
    assert page.locator("[name=endorsing]").first.is_checked()
    assert page.get_by_text("What you typed here before is back.").is_visible()
    page.get_by_role("button", name="Start afresh").click()
    assert page.input_value("[name=title]") == ""
    leave()
    page.goto(NEW)
    assert page.input_value("[name=title]") == ""


def test_what_was_refused_is_kept_and_the_form_still_asks_before_it_is_left(
    page: Page, leave: Callable[[], list[str]]
) -> None:
    page.goto(NEW)
    assert leave() == []

    page.goto(NEW)
    page.fill("[name=title]", TITLE)
    page.get_by_role("button", name="Publish the scheme").click()
    page.get_by_text("Not saved yet").wait_for()
    assert page.input_value("[name=title]") == TITLE
    page.get_by_role("heading", level=1).click()
    assert leave() == ["beforeunload"]

    page.goto(NEW)
    assert page.input_value("[name=title]") == TITLE


def test_a_preview_in_a_tab_of_its_own_saves_nothing(
    page: Page, leave: Callable[[], list[str]]
) -> None:
    page.goto("/desk/designs/societies/eusomii")
    page.fill("[name=en-title]", "Attended")
    with page.expect_popup() as preview:
        page.get_by_role("button", name="Open it as a PDF").click()
    assert preview.value.url is not None
    assert leave() == ["beforeunload"]

    page.goto("/desk/designs/societies/eusomii")
    page.fill("[name=en-title]", "Attended")
    page.get_by_role("button", name="Keep the draft").click()
    page.wait_for_load_state("load")
    assert leave() == []
