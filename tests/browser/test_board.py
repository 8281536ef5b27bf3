"""Dragging on the planning board, with a real mouse; and the same without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import WIDE, Site, Visitor, serving
from tests.servers import PostOffice

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("board")]
MARCH = "/desk/board?month=2028-03"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, post_office: PostOffice) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("board"), post_office) as site:
        yield site


def plan(eva: Visitor, title: str, on: str) -> Visitor:
    eva.visit("/desk/activities/new/webinar")
    eva.fill("title", title).fill("on", on).fill("start", "18:00")
    return eva.press("Save the draft")


def drag(eva: Visitor, title: str, to: str) -> Visitor:
    item = eva.page.locator(".slot", has_text=title)
    item.drag_to(eva.page.locator(f'td[data-day="{to}"]'))
    eva.page.wait_for_load_state("load")
    return eva


def test_a_draft_is_dragged_to_another_day(desk: Site, visitor: Callable[..., Visitor]):
    eva = visitor(desk, WIDE).sign_in("eva.lindqvist@eusomii.example")
    plan(eva, "Pixels and policy", "2028-03-15")
    eva.visit(MARCH)

    drag(eva, "Pixels and policy", "2028-03-29")

    moved = eva.page.get_by_text("is moved to Wed 29 March 2028, 18:00 CEST")
    moved.wait_for()
    eva.look()
    assert "Pixels and policy" in eva.page.locator('td[data-day="2028-03-29"]').inner_text()


def test_what_is_announced_is_moved_where_people_are_told(
    desk: Site, visitor: Callable[..., Visitor]
):
    eva = visitor(desk, WIDE).sign_in("eva.lindqvist@eusomii.example")
    plan(eva, "Out in the open", "2028-03-08").press("Announce")
    eva.visit(MARCH)

    drag(eva, "Out in the open", "2028-03-10")

    eva.page.wait_for_url("**/hours?on=2028-03-10")
    eva.look()
    assert eva.page.locator('[name="on"]').input_value() == "2028-03-10"
