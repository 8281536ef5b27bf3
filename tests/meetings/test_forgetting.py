"""What platforms said of people is deleted when nothing rests on it any longer."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from app.clock import now
from app.journal.models import Entry
from app.meetings import making
from app.meetings.emails import join_link
from app.meetings.events import Event, What
from app.meetings.hearing import hear
from app.meetings.joining import note_click, take_seat
from app.meetings.models import Click, JoinLink, Meeting, ProviderEvent, Seat
from app.meetings.platform import Entrance

TABLES = (Click, JoinLink, ProviderEvent, Seat)


def rows(session):
    return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def test_after_thirteen_months_nothing_is_left_but_that_there_was_a_meeting(
    session, webinar, eva, ana_enrolled, zoom_account, work
):
    meeting = making.ask(session, webinar, webinar.sessions[0], zoom_account, by=eva, at=now())
    work()
    join_link(session, ana_enrolled)
    note_click(session, ana_enrolled, at=now())
    take_seat(session, meeting, ana_enrolled, Entrance("https://zoom.example/w", "r"), at=now())
    hear(session, meeting, [Event("k", What.JOINED, now(), name="Ana")], at=now())
    assert rows(session) == [1, 1, 1, 1]
    with time_machine.travel(webinar.until_at + timedelta(days=399)):
        work()
        assert rows(session) == [1, 1, 1, 1]
    with time_machine.travel(webinar.until_at + timedelta(days=401)):
        work()
    assert rows(session) == [0, 0, 0, 0]
    assert session.scalars(select(Meeting)).one().is_made
    entry = session.scalars(select(Entry).where(Entry.act == "meetings.forgotten")).one()
    assert entry.details == {"events": 1, "seats": 1, "links": 1, "clicks": 1}
