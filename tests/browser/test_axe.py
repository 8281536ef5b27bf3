"""Every main page, wide and narrow, in light and in dark: axe finds nothing, nothing overflows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.demo import diplomas
from tests.browser.conftest import NARROW, WIDE, Site, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("axe")]
PUBLIC = (
    "/", "/agenda", "/agenda/month/", "/agenda/{webinar}", "/agenda/{course}", "/societies",
    "/societies/eusomii", "/agreements", "/certificates", f"/certificates/{diplomas.CODE}",
    "/verify", "/sign-in", "/sign-up", "/password/forgotten",
)  # fmt: skip
OFFICE = (
    "/desk", "/desk/activities", "/desk/board", "/desk/board?by=society", "/desk/series",
    "/desk/series/new", "/desk/templates", "/desk/activities/{webinar}",
    "/desk/activities/{webinar}/presence", "/desk/activities/{webinar}/speakers",
    "/desk/activities/{webinar}/disclosures",
    "/desk/activities/{webinar}/participants", "/desk/activities/{course}/lessons",
    "/desk/activities/{course}/test", "/desk/activities/{course}/learners", "/desk/credentials",
    "/my/enrolments", "/my/certificates", "/me",
)  # fmt: skip
KEYS = (
    "/desk/keys", "/desk/keys/1", "/desk/keys/new/eusomii", "/desk/keys/new/eusomii/elsewhere",
    "/desk/keys/1/certificates", "/desk/keys/1/retirement", "/desk/keys/1/compromise",
)  # fmt: skip


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_stranger_finds_every_public_page_in_order(
    site: Site, visitor: Callable[..., Visitor], width: int, scheme: str
):
    stranger = visitor(site, width, scheme=scheme)
    for path in PUBLIC:
        stranger.visit(path.format(webinar=site.webinar, course=site.course))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_administrator_finds_every_page_of_the_desk_in_order(
    site: Site, visitor: Callable[..., Visitor], width: int, scheme: str
):
    eva = visitor(site, width, scheme=scheme).sign_in("eva.lindqvist@eusomii.example")
    for path in OFFICE:
        eva.visit(path.format(webinar=site.webinar, course=site.course))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_president_finds_every_page_about_keys_in_order(
    site: Site, visitor: Callable[..., Visitor], width: int, scheme: str
):
    ingrid = visitor(site, width, scheme=scheme).sign_in("ingrid.aasen@eusomii.example")
    for path in KEYS:
        ingrid.visit(path)


def test_axe_finds_what_is_wrong(site: Site, visitor: Callable[..., Visitor]):
    """The negative control: a picture without a text."""
    stranger = visitor(site, WIDE).visit("/verify")
    stranger.page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        stranger.look()
