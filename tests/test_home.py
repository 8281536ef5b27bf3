"""The start page and the desk: what comes next, what waits, and nothing that is off."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.agenda.acts import cancel
from app.agenda.planning import Texts
from app.agenda.recurrence import Every, Rule, occurrences
from app.agenda.series import plan_series
from app.clock import now
from app.enrolments.booking import enrol
from app.home import turn
from tests.awards.conftest import anas_candidacy, bens_candidacy, open_list
from tests.cast import make_webinar
from tests.schemes.stage import edition, past_webinar, scheme

__all__ = ["anas_candidacy", "bens_candidacy", "edition", "open_list", "past_webinar", "scheme"]


@pytest.fixture
def around(session, eva, societies):
    """A webinar that is over, one that runs, and two that are cancelled: before and ahead."""

    def make(title, **away):
        starts = now() + timedelta(**away)
        return make_webinar(session, eva, societies.eusomii, starts_at=starts, title=title)

    made = make("Long over", days=-3), make("On the air", minutes=-20)
    for off in (make("Called off before", days=-2), make("Called off ahead", days=2)):
        before = now() - timedelta(days=20)
        assert cancel(off, reason="The speaker is ill.", by=eva, at=before)
    session.flush()
    return made


def test_presence_waits_to_be_settled_once_a_webinar_is_over_and_never_of_a_cancelled_one(
    browser, eva, around
):
    page = browser.sign_in(eva).visit("/desk")

    assert "Presence to settle: Long over" in page.text
    assert "On the air" not in page.text
    assert "Called off" not in page.text


def test_the_start_page_opens_the_room_that_runs_and_leaves_out_what_is_cancelled(
    browser, session, ana, around
):
    _over, running = around
    assert "Called off" not in browser.visit("/").text
    enrol(session, running, ana, at=now() - timedelta(hours=1))
    session.flush()

    page = browser.sign_in(ana).visit("/")

    assert "The room is open: On the air" in page.text
    assert "Called off" not in page.text


def test_who_holds_an_office_is_led_to_the_desk_and_who_holds_none_to_the_agenda(
    browser, another_browser, eva, ana
):
    assert "Open the desk" in browser.sign_in(eva).visit("/").text
    page = another_browser.sign_in(ana).visit("/")
    assert "Open the desk" not in page.text
    assert "You are not enrolled on anything that is still to come." in page.text


def test_the_desk_tells_officers_of_candidates_on_no_list_and_of_a_list_to_freeze(
    browser, another_browser, session, susan, fay, eva, open_list, make_person
):
    page = browser.sign_in(susan).visit("/desk")
    assert f"A list to freeze: {open_list.title}" in page.text
    assert "on no award list" not in page.text, "both candidates stand on the list"

    for award in open_list.standing_awards:
        award.struck_at = now()
    session.flush()
    page = browser.visit("/desk")
    assert "A list to freeze" not in page.text, "it holds nobody"
    assert f"2 candidates are on no award list: {open_list.scheme.title}" in page.text

    assert "award list" not in another_browser.sign_in(fay).visit("/desk").text


def test_a_series_of_drafts_stands_once_on_the_desk_and_what_does_not_fit_is_counted(
    browser, session, eva, societies
):
    rule = Rule(
        every=Every.MONTH, start=time(18), zone="Europe/Vienna", minutes=60,
        from_on=date(2028, 1, 1), times=6, ordinal=2, weekday=2,
    )  # fmt: skip
    plan_series(
        session, rule, [o.hour for o in occurrences(rule)], Texts(title="Journal club"),
        is_numbered=True, capacity=None, lead=societies.eusomii, others=[], by=eva, at=now(),
    )  # fmt: skip
    assert "6 drafts of a series: Journal club" in browser.sign_in(eva).visit("/desk").text
    for n in range(turn.MOST + 1):
        starts = now() + timedelta(days=n + 1)
        make_webinar(session, eva, societies.eusomii, announced=False, starts_at=starts,
                     title=f"Evening {n}")  # fmt: skip

    make_webinar(session, eva, societies.siim, societies.eusomii, announced=False,
                 starts_at=now() + timedelta(hours=1), title="Led by others")  # fmt: skip

    page = browser.visit("/desk")

    assert "Led by others" not in page.text, "they announce it"
    assert "A draft: Evening 0" in page.text
    assert f"A draft: Evening {turn.MOST}" not in page.text
    assert "7 more drafts" in page.text, "one evening, and the six of the series after it"
