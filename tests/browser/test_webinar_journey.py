"""A webinar by hand: from the plan of a series to a contested presence and its ruling."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import today
from tests.browser.conftest import NARROW, WIDE, Site, Visitor
from tests.browser.test_journey import ADMINISTRATOR, settle_presence

pytestmark = [pytest.mark.browser, pytest.mark.slow(40)]
SAMPLES = Path(__file__).parents[1] / "samples"
ENOUGH = 5400 * 80 // 100


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_from_a_series_to_a_contested_presence_and_its_ruling(
    own_site: Site, visitor: Callable[..., Visitor], tmp_path: Path, width: int
):
    site = own_site
    eva = visitor(site, width).sign_in(ADMINISTRATOR)
    plan_a_series(eva)
    settle_presence(eva, tmp_path)

    learner = visitor(site, width).sign_in(somebody_seen_too_little(site))
    contest(learner)
    rule(eva)
    learner.page.reload()
    learner.look()
    assert "your certificate follows" in learner.text
    assert "The call list shows it." in learner.text


def plan_a_series(eva: Visitor) -> None:
    """Second Wednesdays, not in August: all days are seen before anything is made."""
    eva.visit("/desk/series").press("Plan a series")
    eva.fill("title", "Journal club #").fill("summary", "One paper, three readers.")
    eva.choose("ordinal", "second").choose("weekday", "Wednesday")
    eva.fill("from_on", (today() + timedelta(days=20)).isoformat()).fill("times", "3")
    eva.page.get_by_label("August").check()
    eva.fill("start", "18:00").fill("minutes", "60").choose("zone", "Europe/Vienna")
    eva.named("Show all days").first.click()
    assert "3 days" in eva.text and "Nothing is made yet" in eva.text
    eva.complaints.clear()  # the browser notes that the preview is not yet an act
    eva.look().press("Make these drafts")
    assert "Journal club 3" in eva.text
    eva.press("Announce all that are ready")
    assert "All that is still to come is announced." in eva.text


def somebody_seen_too_little(site: Site) -> str:
    """The address of a learner whom the report shows, and for less than what is needed."""
    with (SAMPLES / "expected-presence.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] == "zoom-webinar.csv"]
    seen = {row["person_email"]: int(row["seconds_present"]) for row in rows}
    enrolled = {address for _name, address in site.people.values()}
    return next(a for a, spent in seen.items() if 0 < spent < ENOUGH and a in enrolled)


def contest(learner: Visitor) -> None:
    learner.visit("/my/enrolments?show=past").press("DICOMweb").press("Your presence")
    assert "not there long enough" in learner.text
    learner.press("I was there longer")
    learner.page.get_by_label("I listened by telephone").check()
    learner.fill("account", "I dialled in from the ward, from the beginning.").press("Send")
    assert "The organisers look at it." in learner.text


def rule(eva: Visitor) -> None:
    eva.visit(f"/desk/activities/{eva.site.webinar}")
    assert "1 person contests their presence." in eva.text
    eva.press("Read and rule")
    eva.page.locator("main table a").first.click()
    eva.look().page.get_by_label("Count this time as present").check()
    eva.fill("reason", "The call list shows it.").press("Decide")
    assert "follows from it" in eva.text
