"""When a zone's rules change: the clock on the wall stands, the moment moves, people are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import jobs
from app.agenda import zone_rules
from app.agenda.changes import Rescheduling
from app.clock import now
from app.enrolments.booking import enrol
from app.journal.models import Entry
from app.outbox.models import Message
from tests.cast import make_webinar

HOUR = timedelta(hours=1)


def as_planned_under_older_rules(session, webinar):
    """Its moments as they followed from the wall clock when summer time still held then."""
    for one in webinar.sessions:
        one.starts_at, one.ends_at = one.starts_at - HOUR, one.ends_at - HOUR
    webinar.starts_at, webinar.until_at = webinar.starts_at - HOUR, webinar.until_at - HOUR
    session.commit()


@pytest.fixture
def look(session):
    def at_once():
        session.commit()
        zone_rules._looked.on = None
        zone_rules.look_once_a_day()
        session.expire_all()

    return at_once


def test_the_moment_follows_the_wall_clock_and_everyone_is_told(session, webinar, ana, look):
    enrol(session, webinar, ana, at=now())
    planned, local = webinar.starts_at, webinar.starts_local
    as_planned_under_older_rules(session, webinar)

    look()
    look()
    session.commit()
    jobs.run_all()

    assert (webinar.starts_at, webinar.starts_local) == (planned, local)
    assert webinar.windows == [(planned, webinar.until_at)]
    [moving] = session.scalars(select(Rescheduling)).all()
    assert moving.by is None
    assert "rules of its time zone have changed" in moving.reason
    assert webinar.changes == 1
    told = session.scalars(select(Message).where(Message.kind == "enrolments/moved")).all()
    assert [one.to for one in told] == [ana.address]


def test_what_the_rules_say_already_is_left_alone(session, webinar, look):
    look()
    assert webinar.changes == 0
    assert session.scalars(select(Rescheduling)).all() == []


def test_a_session_that_has_begun_stays(session, societies, eva, look):
    begun = make_webinar(session, eva, societies.eusomii, starts_at=now() - timedelta(minutes=5))
    as_planned_under_older_rules(session, begun)
    starts = begun.starts_at

    look()

    assert begun.starts_at == starts


def test_a_draft_follows_and_only_the_journal_tells(session, societies, eva, look):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)
    planned = draft.starts_at
    as_planned_under_older_rules(session, draft)

    look()

    assert draft.starts_at == planned
    assert session.scalars(select(Rescheduling)).all() == []
    assert "webinar.rules_followed" in session.scalars(select(Entry.act)).all()
