"""The main job by hand: a learner, an administrator, two officers, and a stranger who verifies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.clock import today
from app.demo import courses, diplomas, programme
from tests.browser.conftest import MOVED, NARROW, PASSWORD, WIDE, Site, Visitor
from tests.servers import PostOffice

pytestmark = [pytest.mark.browser, pytest.mark.slow(80)]
ADMINISTRATOR = "eva.lindqvist@eusomii.example"
OFFICERS = {"EuSoMII": "ingrid.aasen@eusomii.example", "SIIM": "susan.reed@siim.example"}
HOLDER = 13
TITLE = "Reading scans together, from far apart"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_from_the_agenda_to_a_diploma_that_a_stranger_verifies(
    own_site: Site, visitor: Callable[..., Visitor], post_office: PostOffice,
    tmp_path: Path, width: int,
):  # fmt: skip
    site = own_site
    eva = visitor(site, width).sign_in(ADMINISTRATOR)
    webinar = plan_and_announce(eva)
    enrol_as_a_newcomer(visitor(site, width), webinar, post_office)
    settle_presence(eva, tmp_path)

    name, address = site.people[HOLDER]
    learner = visitor(site, width).sign_in(address)
    complete_the_course(learner)
    apply_for_the_diploma(learner)
    turn_both_keys(site, visitor, learner, width)
    diploma, serial = download_the_diploma(learner, tmp_path, name)
    verify(visitor(site, width), diploma, serial)


def plan_and_announce(eva: Visitor) -> str:
    """A webinar of EuSoMII and SIIM in three weeks: refused with its reason, then announced."""
    eva.visit("/desk/activities").press("Plan a webinar")
    eva.fill("title", TITLE).fill("summary", "Two reading rooms, one screen.")
    eva.fill("description", "## Why\n\n- nobody reads alone")
    eva.fill("on", (today() - timedelta(days=1)).isoformat()).fill("start", "18:00")
    eva.fill("minutes", "60").fill("capacity", "30").fill("link", "https://meet.example/reading")
    eva.page.get_by_label("SIIM").check()
    eva.named("Save the draft").first.click()
    assert "This time is over" in eva.text
    eva.complaints.clear()  # the browser notes that the form was answered with 422
    eva.fill("on", (today() + timedelta(days=21)).isoformat())
    eva.press("Save the draft").press("Preview")
    assert "nobody reads alone" in eva.text
    eva.press("Back to the desk").press("Announce")
    assert "It is on the agenda" in eva.text
    return eva.page.url.rsplit("/", 1)[-1]


def enrol_as_a_newcomer(noa: Visitor, webinar: str, post_office: PostOffice) -> None:
    """Enrol is the first thing a stranger does; signing up comes in between."""
    address = f"noa.{noa.width}@clinic.example"
    noa.visit("/agenda").press(TITLE).press("Enrol")
    noa.visit("/sign-up")
    noa.fill("name", "Noa Ferrari").fill("address", address).fill("password", PASSWORD)
    noa.choose("profession", "Radiologist").choose("country", "Italy").press("Sign up")
    noa.visit(post_office.wait_for(address, r"/sign-up/[\w-]+")).press("Confirm and sign in")
    assert noa.page.url.endswith(f"/agenda/{webinar}") or TITLE in noa.text
    noa.visit("/my/enrolments")
    assert TITLE in noa.text
    assert post_office.wait_for(address, r"/enrolments/\d+")


def settle_presence(eva: Visitor, folder: Path) -> None:
    """The real report: one is matched by hand, the presence is confirmed, certificates follow."""
    file = folder / "zoom-webinar.csv"
    file.write_bytes(eva.site.report)
    eva.visit(f"/desk/activities/{eva.site.webinar}/presence").press("Load a report")
    eva.page.locator('input[type="file"]').set_input_files(file)
    eva.press("Load this report").press("Match the next one")
    assert eva.site.people[MOVED][0] in eva.text
    eva.press("Yes, it is").press("Confirm the presence").press("Confirm")
    assert "Presence is confirmed" in eva.text


def complete_the_course(learner: Visitor) -> None:
    learner.visit(f"/agenda/{learner.site.course}").press("Enrol")
    learner.visit(f"/courses/{learner.site.course}").press("Read it")
    learner.press("Mark as done and go on").press("Mark as done and go on")
    learner.press("Start the test")
    entry = next(e for e in programme.courses() if e.key == courses.FOUNDATIONS)
    for question in entry.question:
        learner.page.get_by_label(question["choices"][0], exact=True).check()
    learner.press("Hand in")
    assert "100" in learner.text


def apply_for_the_diploma(learner: Visitor) -> None:
    learner.visit(f"/certificates/{diplomas.CODE}").press("Apply")
    assert "Your application is with the societies" in learner.text


def turn_both_keys(
    site: Site, visitor: Callable[..., Visitor], learner: Visitor, width: int
) -> None:
    """One society alone releases nothing; the second key does."""
    ingrid = visitor(site, width).sign_in(OFFICERS["EuSoMII"])
    ingrid.visit("/desk/awards").press("Draw up a list").fill("title", "List of today")
    ingrid.page.locator('main input[type="checkbox"]').first.check()
    ingrid.press("Draw up the list").press("Freeze the list")
    ingrid.press("Approve for EuSoMII").confirm("Approve for EuSoMII")
    path = ingrid.page.url.removeprefix(site.url)
    assert "Awaited: SIIM" in ingrid.text
    learner.visit("/my/certificates")
    assert diplomas.TITLE not in learner.text

    susan = visitor(site, width).sign_in(OFFICERS["SIIM"])
    susan.visit(path).press("Approve for SIIM")
    assert "Yours is the last approval" in susan.text
    susan.confirm("Approve for SIIM")
    assert "Released on" in susan.text


def download_the_diploma(learner: Visitor, folder: Path, name: str) -> tuple[Path, str]:
    """The holder finds the diploma as soon as the worker has set it."""
    learner.visit("/my/certificates").press(diplomas.TITLE)
    serial = learner.page.url.rsplit("/", 1)[-1]
    download = learner.page.locator('main a[href$="/file"]').first
    for _round in range(60):
        if download.count():
            break
        learner.page.wait_for_load_state("networkidle")
        learner.page.reload()
    learner.look()
    expect(download).to_be_visible()
    with learner.page.expect_download() as coming:
        download.click()
    file = folder / "diploma.pdf"
    coming.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")
    assert name in learner.page.locator("main").inner_text()
    return file, serial


def verify(stranger: Visitor, diploma: Path, serial: str) -> None:
    stranger.visit("/verify").fill("serial", serial.lower()).press("Look it up")
    assert "Genuine and valid today" in stranger.text

    stranger.visit("/verify").page.locator('input[type="file"]').set_input_files(diploma)
    stranger.press("Examine the file")
    assert "Identical, byte for byte" in stranger.text

    content = bytearray(diploma.read_bytes())
    content[len(content) // 2] ^= 1
    altered = diploma.with_name("altered.pdf")
    altered.write_bytes(content)
    stranger.visit("/verify").page.locator('input[type="file"]').set_input_files(altered)
    stranger.press("Examine the file")
    assert "Altered: not the file that was issued" in stranger.text
