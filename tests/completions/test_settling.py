"""Confirming presence: the figures are the oracle's, and each is confirmed once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.attendance.models import Participant, Settlement
from app.attendance.presence import seconds
from app.attendance.queries import presence
from app.clock import now
from app.completions.models import Completion
from app.completions.settling import obstacles, settle
from app.enrolments.booking import enrol, withdraw
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import Entry
from tests.attendance.conftest import AFTER, SMALL, learners, small, the_day_after, the_webinar
from tests.attendance.reports import SAMPLE, expected_seconds, line, report
from tests.attendance.test_desk_decisions import still_open
from tests.attendance.test_desk_upload import load

__all__ = ["learners", "small", "the_day_after", "the_webinar"]
pytestmark = pytest.mark.usefixtures("the_day_after")
THRESHOLD = 5400 * 80 // 100


def decide_everything(browser, session, webinar):
    """Take every suggestion; set aside whoever is left."""
    for one in still_open(session):
        form = (
            {"decision": "match", "enrolment": str(one.suggestion_id)}
            if one.suggestion_id
            else {"decision": "aside", "reason": "not enrolled"}
        )
        browser.post(f"/desk/activities/{webinar.id}/presence/{one.id}", form)


def test_presence_is_the_oracles_to_the_second_from_the_upload_to_the_completion(
    browser, session, eva, the_webinar, learners
):
    load(browser.sign_in(eva), the_webinar)
    decide_everything(browser, session, the_webinar)
    expected = expected_seconds()

    stays = presence(session, the_webinar)
    told = {address: seconds(stays.get(one.id, ())) for address, one in learners.items()}
    assert {a: s for a, s in told.items() if s} == {a: s for a, s in expected.items() if s}

    browser.visit(f"/desk/activities/{the_webinar.id}/settlement")
    page = browser.submit("/settlement")
    reached = {address for address, spent in expected.items() if spent >= THRESHOLD}
    completed = session.scalars(select(Completion)).all()
    assert {one.person.address: one.seconds for one in completed} == {
        address: expected[address] for address in reached
    }
    assert {(one.of_seconds, one.threshold) for one in completed} == {(5400, 80)}
    assert f"{len(reached)} certificates are being made" in page.text


def test_it_is_refused_while_somebody_is_open(browser, session, eva, small):
    load(browser.sign_in(eva), small, SMALL)
    url = f"/desk/activities/{small.id}/settlement"
    assert "It cannot be confirmed yet." in browser.visit(url).text

    page = browser.post(url, status=409)

    assert "2 people in the report are neither matched nor set aside." in page.text
    assert session.scalars(select(Settlement)).all() == []


def test_it_is_refused_before_the_session_has_ended(browser, session, eva, the_webinar):
    with time_machine.travel(the_webinar.ends_at - timedelta(seconds=1), tick=False):
        page = browser.sign_in(eva).post(
            f"/desk/activities/{the_webinar.id}/settlement", status=409
        )
    assert "The session is not over yet." in page.text
    assert "No report of the session is loaded yet." in page.text


def test_a_match_follows_who_left_and_enrolled_anew(browser, session, eva, ana, small):
    """Matched by hand while the session runs, then withdrawn and back again."""
    with time_machine.travel(small.ends_at - timedelta(minutes=1), tick=False):
        stayed = line(address="ana@private.example", left="Oct 14, 2026 19:30:00")
        load(browser.sign_in(eva), small, report(stayed))
        decide_everything(browser, session, small)
        first = session.scalars(Enrolment.live(ana, small)).one()
        spent = seconds(presence(session, small)[first.id])
        withdraw(session, first, by=ana, at=now())
        assert first.id not in presence(session, small), "control: who left for good has no stays"
        again = enrol(session, small, ana, at=now())
    assert again != first

    page = browser.sign_in(eva).visit(f"/desk/activities/{small.id}/presence?show=came")
    assert "Ana Lopez" in page.text
    browser.post(f"/desk/activities/{small.id}/settlement")

    completed = session.scalars(Completion.of(ana)).one()
    assert completed.enrolment_id == again.id
    assert completed.seconds == spent


def test_it_is_confirmed_once(browser, session, eva, small):
    load(browser.sign_in(eva), small, SMALL)
    decide_everything(browser, session, small)
    url = f"/desk/activities/{small.id}/settlement"
    browser.post(url)
    before = len(session.scalars(select(Completion)).all())

    assert "settled" in browser.post(url, status=409).text
    assert len(session.scalars(select(Completion)).all()) == before
    assert len(session.scalars(select(Entry).where(Entry.act == "presence.settled")).all()) == 1


def test_what_is_confirmed_stands(browser, session, eva, small):
    load(browser.sign_in(eva), small, SMALL)
    decide_everything(browser, session, small)
    url = f"/desk/activities/{small.id}"
    browser.post(f"{url}/settlement")
    someone = session.scalars(select(Participant)).first()

    browser.visit(f"{url}/presence/report", status=409)
    browser.post(f"{url}/presence/report", {"zone": "UTC"}, status=409)
    browser.post(f"{url}/presence/{someone.id}", {"decision": "reopen"}, status=409)
    browser.post(f"{url}/presence/report/{someone.report_id}/withdrawal", status=409)
    assert "Presence is confirmed." in browser.visit(f"{url}/presence").text
    assert "it stands as it is" in browser.visit(f"{url}/presence/{someone.id}").text


def test_a_later_change_of_the_rule_does_not_decide_anew(browser, session, eva, small):
    """The threshold is copied into the settlement and into every completion."""
    load(browser.sign_in(eva), small, SMALL)
    decide_everything(browser, session, small)
    settlement = settle(session, small, by=eva, at=now())
    before = settlement.present
    small.threshold = 10
    session.commit()

    page = browser.visit(f"/desk/activities/{small.id}/settlement")

    assert "80%" in page.text
    assert settlement.present == before


def test_whoever_waited_and_was_let_in_has_attended(
    browser, session, eva, the_webinar, make_person
):
    from app.enrolments.booking import enrol
    from tests.cast import NOON

    the_webinar.capacity = 1
    expected = expected_seconds()
    first, second = [a for a, s in expected.items() if s >= THRESHOLD][:2]
    one = enrol(session, the_webinar, make_person("First", first), at=NOON)
    waiting = enrol(session, the_webinar, make_person("Second", second), at=NOON)
    load(browser.sign_in(eva), the_webinar, SAMPLE)
    for open_ in still_open(session):
        browser.post(f"/desk/activities/{the_webinar.id}/presence/{open_.id}",
                     {"decision": "aside", "reason": "not enrolled"})  # fmt: skip
    browser.post(f"/desk/activities/{the_webinar.id}/settlement")

    assert waiting.waits
    done = session.scalars(select(Completion).order_by(Completion.id)).all()
    assert [c.enrolment_id for c in done] == [one.id, waiting.id]


def test_the_obstacles_are_named_all_at_once(the_webinar):
    before = the_webinar.starts_at
    kinds = [o.kind for o in obstacles(the_webinar, reports=0, to_settle=3, at=before)]
    assert kinds == ["not over", "no report", "open"]
    assert obstacles(the_webinar, reports=1, to_settle=0, at=AFTER) == []


def test_settling_nothing_is_refused(session, eva, the_webinar):
    with pytest.raises(Refusal, match="No report"):
        settle(session, the_webinar, by=eva, at=AFTER)
