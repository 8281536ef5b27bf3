"""What a platform told by itself is presence like any other, and replaces what it told before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.attendance.models import Participant, PresenceReport
from app.attendance.standing import standing
from app.enrolments.models import Enrolment
from app.files import files
from app.meetings.accounts import PlatformAccount
from app.meetings.events import What
from app.meetings.models import Meeting, ProviderEvent
from app.meetings.platform import Provider
from tests.attendance.test_desk_decisions import still_open
from tests.cast import NOON

pytestmark = pytest.mark.usefixtures("the_day_after")


@pytest.fixture
def meeting(session, small, societies, eva):
    account = PlatformAccount.enter(
        session, societies.eusomii, Provider.BIGBLUEBUTTON, by=eva, at=NOON,
        facts={"name": "BBB", "address": "https://bbb.example/bigbluebutton/api",
               "flavour": "sha256"},
        secrets={"secret": "a-secret-of-the-server"},
    )  # fmt: skip
    (held,) = small.sessions
    meeting = Meeting(
        activity=small, session=held, account=account, key="k", title=small.title,
        starts_at=held.starts_at, ends_at=held.ends_at, zone=held.zone, external_id="k",
        by=eva, asked_at=NOON, made_at=NOON, next_at=NOON,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    return meeting


def stayed(session, meeting, key, guest, name, start, end):
    at = meeting.starts_at
    event = ProviderEvent(
        meeting_id=meeting.id, key=key, what=What.STAYED, at=at + timedelta(minutes=start),
        until=at + timedelta(minutes=end), guest=guest, name=name, received_at=NOON,
    )  # fmt: skip
    session.add(event)
    session.flush()


def take_in(browser, activity):
    browser.visit(f"/desk/activities/{activity.id}/presence/report")
    return browser.submit("/told")


def test_what_the_platform_told_is_taken_in_by_the_own_links(
    browser, session, eva, ana, small, meeting
):
    hers = session.scalars(Enrolment.live(ana, small)).one()
    stayed(session, meeting, "1", f"e{hers.id}", "A. L.", 0, 40)
    stayed(session, meeting, "2", "", "somebody", 0, 90)

    page = take_in(browser.sign_in(eva), small)

    assert "is loaded" in page.text
    assert standing(session, small).measured(hers.id).seconds == 2400
    assert [one.name for one in still_open(session)] == ["somebody"]
    came = browser.visit(f"/desk/activities/{small.id}/presence?show=came")
    assert "Came in by their own link to join." in came.text
    taken = session.scalars(select(PresenceReport)).one()
    assert b"A. L." in files.read(taken.file_digest)


def test_a_later_account_takes_the_place_of_the_earlier_one_with_its_decisions(
    browser, session, eva, ana, ben, small, meeting
):
    hers = session.scalars(Enrolment.live(ana, small)).one()
    stayed(session, meeting, "1", f"e{hers.id}", "Ana", 0, 90)
    stayed(session, meeting, "2", "", "somebody", 0, 90)
    take_in(browser.sign_in(eva), small)
    (other,) = still_open(session)
    browser.post(
        f"/desk/activities/{small.id}/presence/{other.id}", {"decision": "aside", "reason": "test"}
    )
    stayed(session, meeting, "3", "", "late one", 10, 20)

    take_in(browser, small)
    take_in(browser, small)

    live = session.scalars(PresenceReport.of(small)).all()
    assert len(live) == 1
    assert len(session.scalars(select(PresenceReport)).all()) == 2
    assert [one.name for one in still_open(session) if one.report_id == live[0].id] == ["late one"]
    assert standing(session, small).measured(hers.id).seconds == 5400
    aside = session.scalars(Participant.of(small).where(Participant.name == "somebody")).one()
    assert aside.reason == "test"


def test_as_long_as_nothing_is_told_nothing_is_offered(browser, session, eva, small, meeting):
    page = browser.sign_in(eva).visit(f"/desk/activities/{small.id}/presence/report")

    assert "told us itself" not in page.text
    browser.post(f"/desk/activities/{small.id}/presence/report/told")
    assert session.scalars(select(PresenceReport)).all() == []
