"""Reports go twelve months after the presence was settled; what they came to stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app import jobs
from app.attendance.models import Participant, Presence, PresenceReport, Settlement
from app.attendance.queries import figures, presence
from app.attendance.standing import standing
from app.attendance.upload import Upload, keep, kept_under
from app.clock import now
from app.completions.models import Completion
from app.files import Missing, digest_of, files, tidy, waiting
from app.journal.models import Entry
from tests.attendance.conftest import SMALL
from tests.attendance.test_desk_decisions import still_open
from tests.attendance.test_desk_upload import load

pytestmark = pytest.mark.usefixtures("the_day_after")


def count(session, what) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


@pytest.fixture
def settled(browser, session, eva, small):
    """The presence is settled; the file of its report is kept."""
    load(browser.sign_in(eva), small, SMALL)
    for one in still_open(session):
        form = {"decision": "aside", "reason": "unknown"}
        browser.post(f"/desk/activities/{small.id}/presence/{one.id}", form)
    browser.post(f"/desk/activities/{small.id}/settlement")
    return session.scalars(select(PresenceReport)).one()


def later(session, **time):
    """The worker's sweep, so long afterwards."""
    session.commit()
    with time_machine.travel(now() + timedelta(**time), tick=False):
        jobs.run_all()


def test_what_was_settled_twelve_months_ago_loses_its_report_and_keeps_its_result(
    browser, session, eva, small, settled
):
    before = presence(session, small), figures(session, small, standing(session, small)).came
    completions = session.scalars(select(Completion.seconds)).all()

    later(session, days=367)
    session.expire_all()

    assert (count(session, Participant), count(session, Presence)) == (0, 0)
    with pytest.raises(Missing):
        files.read(settled.file_digest)
    after = presence(session, small), figures(session, small, standing(session, small)).came
    assert after == before
    assert session.scalars(select(Completion.seconds)).all() == completions
    assert count(session, Settlement) == 1
    assert settled.purged_at is not None
    entry = session.scalars(select(Entry).where(Entry.act == "presence.purged")).one()
    assert entry.details["files"] == [settled.file_digest]
    page = browser.visit(f"/desk/activities/{small.id}/presence?show=came")
    assert "Ben Okoro" in page.text
    assert "Deleted on" in page.text


def test_it_is_done_once(session, settled):
    later(session, days=367)
    later(session, days=400)

    assert count(session, select(Entry).where(Entry.act == "presence.purged").subquery()) == 1


def test_before_that_everything_is_kept(session, settled):
    """The control."""
    people = count(session, Participant)
    later(session, days=365)

    assert count(session, Participant) == people
    assert digest_of(files.read(settled.file_digest)) == settled.file_digest


def test_what_nobody_settles_goes_ninety_days_later(browser, session, eva, small):
    load(browser.sign_in(eva), small, SMALL)
    people = count(session, Participant)
    later(session, days=454)  # it was loaded a day after the webinar
    assert count(session, Participant) == people > 0

    later(session, days=456)
    taken = session.scalars(select(PresenceReport)).one()
    session.refresh(taken)
    assert (count(session, Participant), taken.purged_at is not None) == (0, True)
    with pytest.raises(Missing):
        files.read(taken.file_digest)


def test_what_is_loaded_late_is_left_long_enough_to_settle_it(browser, session, eva, small):
    load(browser.sign_in(eva), small, SMALL)
    taken = session.scalars(select(PresenceReport)).one()
    taken.at = now() + timedelta(days=800)
    later(session, days=889)
    assert count(session, Participant) > 0

    later(session, days=891)
    assert count(session, Participant) == 0


def test_a_file_that_nobody_took_in_goes_after_a_day(stage, small):
    with stage.test_request_context():
        upload = Upload("r.csv", SMALL)
        seal = keep(upload, small.id, "UTC")
        with pytest.raises(Missing):
            files.read(upload.digest)
        came = waiting.fs.modified(f"{waiting.root}/{upload.digest}")
        with time_machine.travel(came + timedelta(hours=23), tick=False):
            tidy()
        found = kept_under(seal, small.id)
        assert found is not None
        assert found.content == SMALL

        with time_machine.travel(came + timedelta(hours=25), tick=False):
            tidy()
        assert kept_under(seal, small.id) is None
