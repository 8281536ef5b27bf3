"""Contesting measured presence: who may, until when, and what a ruling does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.attendance.models import Settlement
from app.attendance.presence import Interval
from app.attendance.queries import measured
from app.clock import now
from app.completions.models import Completion
from app.completions.settling import follow, settle
from app.contests.contesting import contest, rule
from app.contests.forms import ContestForm, RulingForm
from app.contests.models import WINDOW, Cause, Contest
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import Entry
from app.outbox.models import Message
from app.societies.models import Office
from tests.attendance.conftest import small, the_day_after
from tests.attendance.reports import line, report, the_session
from tests.attendance.test_desk_upload import load

__all__ = ["small", "the_day_after"]
pytestmark = pytest.mark.usefixtures("the_day_after")
WHOLE = the_session()
REPORT = report(
    line(name="Ana Lopez", address="ana@clinic.example", left="Oct 14, 2026 19:30:00"),
    line(name="Ben Okoro", address="ben@clinic.example", left="Oct 14, 2026 18:20:00"),
)
"""Ana was there from the beginning to the end, Ben for twenty minutes."""
PICTURE = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def short(browser, session: Session, eva, small, ben) -> Enrolment:
    """Ben's enrolment: the report shows too little of him, and presence is settled."""
    load(browser.sign_in(eva), small, REPORT)
    settle(session, small, by=eva, at=now())
    session.commit()
    mine = session.scalars(
        select(Enrolment).where(Enrolment.activity_id == small.id, Enrolment.person_id == ben.id)
    ).one()
    assert session.scalars(select(Completion.id).filter_by(enrolment_id=mine.id)).all() == []
    return mine


def contested(session: Session, enrolment: Enrolment) -> Contest:
    made = contest(
        session, enrolment, cause=Cause.TELEPHONE, account="I listened by telephone.",
        evidence=None, by=enrolment.person, at=now(),
    )  # fmt: skip
    session.commit()
    return made


def test_a_ruling_that_grants_the_time_brings_the_completion_and_tells_why(session, short, eva):
    made = contested(session, short)

    ruling = rule(session, made, granted=WHOLE, reason="The call list shows it.", by=eva, at=now())

    completion = session.scalars(select(Completion).filter_by(enrolment_id=short.id)).one()
    assert ruling.completes and completion.seconds == measured(session, short).of_seconds
    letter = session.scalars(select(Message).filter_by(kind="contests/ruled")).one()
    assert letter.to == short.person.address and "The call list shows it." in letter.plain
    assert [
        e.act
        for e in session.scalars(
            select(Entry).where(Entry.act.like("presence.%ed")).order_by(Entry.id)
        )
    ][-2:] == ["presence.contested", "presence.ruled"]


def test_a_ruling_that_grants_too_little_counts_and_brings_no_completion(session, short, eva):
    made = contested(session, short)
    before = measured(session, short).seconds

    ruling = rule(
        session, made, granted=Interval(WHOLE.left - timedelta(minutes=1), WHOLE.left),
        reason="One minute is shown.", by=eva, at=now(),
    )  # fmt: skip

    assert not ruling.completes and before <= ruling.seconds <= before + 60
    assert session.scalars(select(Completion).filter_by(enrolment_id=short.id)).all() == []


def test_a_refusal_leaves_presence_as_measured_and_both_are_kept(session, short, eva):
    made = contested(session, short)
    before = measured(session, short)

    ruling = rule(session, made, granted=None, reason="Nothing shows it.", by=eva, at=now())

    assert measured(session, short) == before
    assert (ruling.grants, ruling.seconds) == (False, before.seconds)
    assert session.get(Contest, made.id).ruling is ruling


def test_nobody_rules_twice_nor_on_their_own_presence(session, short, eva, ben):
    made = contested(session, short)

    with pytest.raises(Refusal, match="own presence"):
        rule(session, made, granted=WHOLE, reason="It was me.", by=ben, at=now())
    rule(session, made, granted=None, reason="Nothing shows it.", by=eva, at=now())
    with pytest.raises(Refusal, match="already"):
        rule(session, made, granted=WHOLE, reason="Changed my mind.", by=eva, at=now())


def test_contesting_ends_after_fourteen_days_to_the_second(session, short, small):
    ends = session.get(Settlement, small.id).at + WINDOW

    with time_machine.travel(ends, tick=False), pytest.raises(Refusal, match="14 days"):
        contested(session, short)
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert contested(session, short).ruling is None


def test_who_attended_or_has_contested_has_nothing_to_contest(session, short, small, ana):
    attended = session.scalars(
        select(Enrolment).where(Enrolment.activity_id == small.id, Enrolment.person_id == ana.id)
    ).one()
    with pytest.raises(Refusal, match="certificate"):
        contested(session, attended)

    contested(session, short)
    with pytest.raises(Refusal, match="already"):
        contested(session, short)


def test_presence_that_is_not_settled_is_not_contested(session, browser, eva, small, ben):
    load(browser.sign_in(eva), small, REPORT)
    mine = session.scalars(
        select(Enrolment).where(Enrolment.activity_id == small.id, Enrolment.person_id == ben.id)
    ).one()

    with pytest.raises(Refusal, match="not settled"):
        contested(session, mine)
    assert follow(session, mine, at=now()) is False


def test_a_learner_contests_with_a_picture_and_the_administrator_rules_in_the_browser(
    browser, session, short, small, eva, ben
):
    browser.sign_in(ben)
    assert "I was there longer" in browser.visit(f"/enrolments/{short.id}/presence").text
    browser.visit(f"/enrolments/{short.id}/contest")
    browser.submit(cause="reconnected", account="The line broke.", evidence=(PICTURE, "screen.png"))
    made = session.scalars(select(Contest)).one()
    assert made.evidence_type == "image/png"

    browser.sign_in(eva)
    assert "Contested presence: " in browser.visit("/desk").text
    desk = f"/desk/activities/{small.id}/contests"
    assert "1 person waits for a ruling." in browser.visit(desk).text
    assert browser.visit(f"{desk}/{made.id}/evidence").response.data == PICTURE
    browser.visit(f"{desk}/{made.id}")
    page = browser.submit(decision="grant", reason="The picture shows it.")
    assert "the certificate is being made" in page.text

    browser.sign_in(ben)
    page = browser.visit(f"/enrolments/{short.id}/presence")
    assert "your certificate follows" in page.text and "The picture shows it." in page.text


def test_a_name_with_a_line_break_is_made_fit_for_handing_out(
    browser, session, stage, short, small, eva, ben
):
    with stage.test_request_context(method="POST"):
        form = ContestForm()
        form.evidence.data = FileStorage(BytesIO(PICTURE), "../a\nb.PNG")
        made = contest(
            session, short, cause=Cause.TELEPHONE, account="So.", evidence=form.proof, by=ben,
            at=now(),
        )  # fmt: skip
        session.commit()

    where = f"/desk/activities/{small.id}/contests/{made.id}/evidence"
    answer = browser.sign_in(eva).visit(where).response
    assert answer.data == PICTURE
    assert answer.headers["Content-Disposition"] == "attachment; filename=ab.png"


def test_a_wrong_file_or_a_missing_word_is_told_at_the_field_and_loses_nothing(
    browser, session, short, ben
):
    browser.sign_in(ben)
    browser.visit(f"/enrolments/{short.id}/contest")

    page = browser.submit(account="The line broke.", evidence=(b"MZ program", "it.exe"), status=422)

    assert "Please choose what comes closest." in page.text
    assert "Please choose a PNG or JPEG picture, or a PDF." in page.text
    assert "The line broke." in page.html
    assert session.scalars(select(Contest)).all() == []


def test_the_page_of_an_enrolment_says_what_came_of_it_and_until_when_it_can_be_contested(
    browser, another_browser, session, short, small, ana, ben
):
    hers = session.scalars(
        select(Enrolment).where(Enrolment.activity_id == small.id, Enrolment.person_id == ana.id)
    ).one()
    page = another_browser.sign_in(ana).visit(f"/enrolments/{hers.id}")
    assert "You were there." in page.text
    assert "not enough" not in page.text
    assert "Attended" in another_browser.visit("/my/enrolments?show=past").text

    past = browser.sign_in(ben).visit("/my/enrolments?show=past").text
    assert small.title in past
    assert "Attended" not in past
    page = browser.visit(f"/enrolments/{short.id}")
    assert "Your presence was not enough for a certificate." in page.text
    assert "Then say so until" in page.text
    assert f"/enrolments/{short.id}/presence" in page.links

    contested(session, short)
    assert "You contested your presence." in browser.visit(f"/enrolments/{short.id}").text


def test_the_list_of_contests_leads_to_the_first_that_waits(browser, session, short, small, eva):
    made = contested(session, short)
    page = browser.sign_in(eva).visit(f"/desk/activities/{small.id}/contests")
    assert "Read and rule" in page.text

    rule(session, made, granted=None, reason="The report is complete.", by=eva, at=now())
    session.commit()
    assert "Read and rule" not in browser.visit(f"/desk/activities/{small.id}/contests").text


def test_a_ruling_outside_the_webinar_is_refused_at_the_field(browser, session, short, small, eva):
    made = contested(session, short)
    browser.sign_in(eva)
    browser.visit(f"/desk/activities/{small.id}/contests/{made.id}")

    page = browser.submit(
        decision="grant", joined="2026-10-13T18:00", left="2026-10-13T19:00", reason="Yes.",
        status=422,
    )  # fmt: skip

    assert "This lies outside the webinar." in page.text


@pytest.mark.parametrize("left", ["2026-10-14T18:00", "2026-10-14T17:00"])
def test_a_ruling_that_ends_before_it_begins_is_told_at_its_field_and_loses_nothing(
    browser, session, short, small, eva, left
):
    made = contested(session, short)
    browser.sign_in(eva).visit(f"/desk/activities/{small.id}/contests/{made.id}")

    page = browser.submit(
        decision="grant", joined="2026-10-14T18:00", left=left, reason="By telephone.", status=422
    )

    assert "This is not after the beginning." in page.text
    assert "By telephone." in page.html
    assert session.get(Contest, made.id).ruling is None


@pytest.mark.parametrize(
    ("field", "other"), [("joined", {"left": "2026-10-14T19:00"}), ("left", {})]
)
@pytest.mark.parametrize("time", ["0001-01-01T00:00", "9999-12-31T23:59", ""])
def test_a_ruling_in_a_year_out_of_every_calendar_is_told_at_the_field(
    browser, session, short, small, eva, field, other, time
):
    made = contested(session, short)
    browser.sign_in(eva).visit(f"/desk/activities/{small.id}/contests/{made.id}")

    page = browser.submit(decision="grant", reason="Yes.", **{field: time, **other}, status=422)

    said = "This lies outside the webinar." if time else "Please say from when until when"
    assert said in page.text
    assert session.get(Contest, made.id).ruling is None


def test_a_time_that_comes_twice_grants_the_larger_stretch(stage):
    """The clocks go back at 3:00; 2:30 is at 0:30 and at 1:30 UTC."""
    webinar = datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC)
    form = ruling_form(stage, "2026-10-25T02:30", "2026-10-25T02:30", *webinar)
    half_past = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert form.stretch == Interval(half_past, half_past + timedelta(hours=1))


def test_a_time_that_the_clocks_never_show_is_refused_at_its_field(stage):
    webinar = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 3, tzinfo=UTC)
    form = ruling_form(stage, "2026-03-29T02:30", "2026-03-29T04:00", *webinar)
    assert [str(error) for error in form.joined.errors] == [
        "The clocks go forward that day and never show this time."
    ]


def ruling_form(stage, joined: str, left: str, starts: datetime, ends: datetime) -> RulingForm:
    sent = {"decision": "grant", "reason": "Yes.", "joined": joined, "left": left}
    with stage.test_request_context(method="POST", data=sent):
        form = RulingForm("Europe/Vienna", starts, ends, meta={"csrf": False})
        form.validate()
        assert form.left.errors == []
        return form


def test_contests_of_another_persons_or_societys_webinar_do_not_exist(
    browser, short, small, ana, make_person, give_mandate, societies
):
    browser.sign_in(ana).visit(f"/enrolments/{short.id}/presence", status=404)
    theirs = make_person("Tom Reed")
    give_mandate(theirs, Office.COURSE_ADMINISTRATOR, societies.siim)
    browser.sign_in(theirs).visit(f"/desk/activities/{small.id}/contests", status=404)
