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
    "/verify", "/verify/by-other-means", "/verify/embed/eusomii", "/verify/frame/eusomii",
    "/sign-in", "/sign-up", "/password/forgotten",
)  # fmt: skip
OFFICE = (
    "/desk", "/desk/activities", "/desk/board", "/desk/board?by=society", "/desk/series",
    "/desk/series/new", "/desk/templates", "/desk/activities/{webinar}",
    "/desk/activities/{webinar}/presence", "/desk/activities/{webinar}/speakers",
    "/desk/activities/{webinar}/disclosures",
    "/desk/activities/{webinar}/participants", "/desk/activities/{course}/lessons",
    "/desk/activities/{course}/test", "/desk/activities/{course}/learners", "/desk/credentials",
    "/my/enrolments", "/my/certificates", "/me",
    "/verify/many", "/my/api-keys",
)  # fmt: skip
KEYS = (
    "/desk/keys", "/desk/keys/1", "/desk/keys/new/eusomii", "/desk/keys/new/eusomii/elsewhere",
    "/desk/keys/1/certificates", "/desk/keys/1/retirement", "/desk/keys/1/compromise",
)  # fmt: skip
DESIGNS = (
    "/desk/designs", f"/desk/designs/schemes/{diplomas.CODE}", "/desk/designs/societies/eusomii",
    f"/desk/designs/schemes/{diplomas.CODE}/publication", "/desk/designs/versions/{version}",
    "/desk/societies/eusomii/mark", "/desk/schemes",
    f"/desk/schemes/{diplomas.CODE}/editions/{{edition}}/annex",
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


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_officer_finds_every_page_of_designs_in_order(
    site: Site, visitor: Callable[..., Visitor], width: int, scheme: str
):
    matteo = visitor(site, width, scheme=scheme).sign_in("matteo.brunelli@eusomii.example")
    draft = DESIGNS[1]
    if "Published versions" not in matteo.visit(draft).text:
        matteo.press("Keep the draft").press("Compare and publish").press("Publish this version")
    for path in DESIGNS:
        matteo.visit(path.format(version=1, edition=1))


def test_a_preview_follows_what_is_chosen(site: Site, visitor: Callable[..., Visitor]):
    matteo = visitor(site, WIDE).sign_in("matteo.brunelli@eusomii.example")
    page = matteo.visit(f"/desk/designs/schemes/{diplomas.CODE}").page
    page.wait_for_selector("#preview img")
    usual = page.get_attribute("#preview img", "src")

    page.fill("#show-own_name", "Ana 🎓 Lopez")
    page.wait_for_selector("#preview .notice")
    assert "GRADUATION CAP" in page.inner_text("#preview")

    page.fill("#show-own_name", "Suharto")
    page.wait_for_selector("#preview img")
    assert page.get_attribute("#preview img", "src") != usual
    assert "Suharto" in page.inner_text("#preview")


def test_axe_finds_what_is_wrong(site: Site, visitor: Callable[..., Visitor]):
    """The negative control: a picture without a text."""
    stranger = visitor(site, WIDE).visit("/verify")
    stranger.page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        stranger.look()
