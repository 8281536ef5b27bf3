"""The administrator's desk of a webinar: what is next, its figures and its tables."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app import jobs
from app.attendance.presence import Interval
from app.clock import now
from app.completions import awaiting
from app.completions.awaiting import Waiver
from app.completions.settling import follow, settle
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.evaluations.drawing_up import draw_up
from app.evaluations.kinds import usual
from app.webinar_desk.figures import bars, grown, in_the_room
from app.webinar_desk.standing import standing
from tests.attendance.conftest import small, the_day_after
from tests.attendance.reports import line, report
from tests.attendance.test_desk_upload import load
from tests.contests.test_contesting import REPORT, contested, short

__all__ = ["short", "small", "the_day_after"]
START = datetime(2026, 10, 14, 16, tzinfo=UTC)
HOUR = Interval(START, START + timedelta(hours=1))
minutes = st.integers(-20, 80)


@given(st.lists(st.tuples(minutes, minutes), max_size=12))
def test_the_curve_counts_who_is_there_at_each_minute(stays):
    stays = [tuple(sorted(one)) for one in stays]
    told = in_the_room(
        [Interval(START + timedelta(minutes=a), START + timedelta(minutes=b)) for a, b in stays],
        HOUR,
    )

    expected = [sum(a <= minute < b for a, b in stays) for minute in range(60)]
    assert [count for _label, count in told.points] == expected


@given(st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(1, 9), min_size=1))
def test_enrolments_only_grow_and_end_at_their_sum(days):
    told = grown(days)

    counts = [count for _label, count in told.points]
    assert counts[-1] == sum(days.values()) == told.most
    assert all(a <= b for a, b in pairwise(counts)) and len(counts) >= 2


def test_what_is_beyond_the_first_dozen_is_taken_together():
    told = bars((f"country {number:02}", number) for number in range(1, 21))

    assert len(told) == 13 and told[-1].text == "Others"
    assert sum(bar.count for bar in told) == 210
    assert told[0].count == 20


@pytest.mark.usefixtures("the_day_after")
def test_the_next_thing_leads_from_the_report_to_the_ruling(
    browser, session, small, eva, ben, ana, stage
):
    def next_text():
        session.expire_all()
        with stage.test_request_context():
            return standing(small, at=now()).next.text

    assert next_text() == "It is over. Who was there?"
    load(browser.sign_in(eva), small, report(line(name="somebody", address="")))
    assert "not matched yet" in next_text()
    page = browser.visit(f"/desk/activities/{small.id}")
    assert "Match them" in page.text


@pytest.mark.usefixtures("the_day_after")
def test_a_contest_comes_before_the_certificates(session, short, small, stage):
    contested(session, short)

    with stage.test_request_context():
        told = standing(small, at=now())

    assert told.next.text == "1 person contests their presence."
    assert [state for _label, state, _quiet in told.stages] == ["done"] * 5 + ["now"]


@pytest.mark.usefixtures("the_day_after")
def test_it_is_not_done_while_certificates_wait_for_an_evaluation(
    browser, session, small, eva, stage
):
    small.needs_evaluation = True
    draw_up(session, small, usual(), by=eva, at=now())
    load(browser.sign_in(eva), small, REPORT)
    settle(session, small, by=eva, at=now())
    session.commit()

    page = browser.visit(f"/desk/activities/{small.id}")
    assert "1 person was there and has yet to evaluate." in page.text
    assert f"/desk/activities/{small.id}/evaluation/missing" in page.links
    assert "Done." not in page.text
    with stage.test_request_context():
        told = standing(small, at=now())
    assert told.next.kind == "waiting"
    assert told.stages[-1][1] == "now"

    (lacking,) = session.scalars(awaiting.lacking(small.id))
    session.add(Waiver(enrolment_id=lacking, by=eva, at=now(), reason="They wrote to us."))
    follow(session, session.get(Enrolment, lacking), at=now())
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert "Done. 1 certificate" in browser.visit(f"/desk/activities/{small.id}").text


@pytest.mark.usefixtures("the_day_after")
def test_the_tables_hold_everybody_and_no_formula(browser, session, small, eva, make_person):
    with_formula = make_person("=HYPERLINK(1)", address="f@example.org")
    session.commit()
    with _before(small):
        enrol(session, small, with_formula, at=now())
    load(browser.sign_in(eva), small, REPORT)
    settle(session, small, by=eva, at=now())
    session.commit()

    held = browser.visit(f"/desk/activities/{small.id}/tables.zip").response.data
    with zipfile.ZipFile(io.BytesIO(held)) as files:
        people = list(csv.DictReader(io.StringIO(files.read("people.csv").decode("utf-8-sig"))))
        names = "webinar people reports contests codes questions polls evaluation"
        assert set(files.namelist()) == {f"{name}.csv" for name in names.split()}
    assert {row["name"] for row in people} == {"Ana Lopez", "Ben Okoro", "'=HYPERLINK(1)"}
    seconds = {row["name"]: row["seconds_present"] for row in people}
    assert (seconds["Ana Lopez"], seconds["Ben Okoro"]) == ("5400", "1200")

    book = browser.visit(f"/desk/activities/{small.id}/tables.xlsx").response.data
    with zipfile.ZipFile(io.BytesIO(book)) as files:
        sheets = [files.read(n) for n in files.namelist() if n.startswith("xl/worksheets/sheet")]
        texts = ElementTree.fromstring(files.read("xl/sharedStrings.xml"))
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert "=HYPERLINK(1)" in {one.text for one in texts.iter() if one.text}


@pytest.mark.usefixtures("the_day_after")
def test_the_figures_say_in_words_what_they_draw(browser, session, small, eva):
    load(browser.sign_in(eva), small, REPORT)

    page = browser.visit(f"/desk/activities/{small.id}/figures")

    assert "At most 2 people were in the room." in page.text
    assert "2 people enrolled" in page.text


def _before(activity):
    return time_machine.travel(activity.starts_at - timedelta(days=3), tick=False)
