"""The recording of a webinar is a course of its own, and never presence at the webinar."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.agenda import acts
from app.assessments.models import Assessment
from app.assessments.sitting import hand_in, open_sitting
from app.attendance import queries as attendance
from app.attendance.standing import standing
from app.clock import now
from app.completions.fulfilment import complete
from app.completions.models import Completion
from app.enrolments.booking import enrol
from app.errors import Refusal
from app.journal.models import Entry
from app.learning.models import Lesson, LessonCompletion
from app.meetings.models import Meeting
from app.recordings import publishing, queries
from app.recordings.models import Recording
from app.recordings.publishing import Publication
from app.societies.models import Office
from tests.cast import make_webinar
from tests.meetings.test_bigbluebutton import WISH

WHERE = "https://media.example/watch?v=(1)"
VIENNA = ZoneInfo("Europe/Vienna")


def wanted(**other):
    day = (now().astimezone(VIENNA) + timedelta(days=30)).date()
    facts = {"title": "Recording: DICOMweb", "address": WHERE, "expires_on": day, "minutes": 100}
    return Publication(**{**facts, **other})


@pytest.fixture
def held(session, eva, societies):
    """A webinar that was held last week."""
    started = (now() - timedelta(days=7)).replace(second=0, microsecond=0)
    webinar = make_webinar(session, eva, societies.eusomii, societies.siim, starts_at=started)
    session.commit()
    return webinar


@pytest.fixture
def recording(session, held, eva):
    made = publishing.publish(session, held, wanted(), by=eva, at=now())
    session.commit()
    return made


@pytest.fixture
def announced(session, recording, eva):
    """The course of the recording, with a test and on the agenda."""
    test = Assessment.set(session, recording.course, by=eva, at=now())
    test.ask("Which?", ["This", "That"], right=0, by=eva, at=now())
    session.flush()
    recording.course.announce(by=eva, at=now())
    session.commit()
    return recording.course


def test_it_becomes_a_draft_of_a_course_with_one_lesson(session, recording, held, eva):
    course = recording.course
    assert not course.is_webinar
    assert not course.is_announced
    assert course.societies == held.societies
    assert [s.name for s in course.speakers] == ["Dr Ida Nyström"]
    (lesson,) = session.scalars(Lesson.of(course))
    assert f"(<{WHERE}>)" in lesson.body
    assert "not presence" in lesson.body
    assert "recording.published" in session.scalars(select(Entry.act)).all()


def test_the_lesson_leads_there_by_a_link_and_embeds_nothing(browser, session, announced, ana):
    enrol(session, announced, ana, at=now())
    page = browser.sign_in(ana).visit(f"/courses/{announced.id}/lessons/1")

    assert WHERE in page.links
    assert "<iframe" not in page.html


def test_it_needs_a_test_of_its_own_before_it_is_announced(session, recording, eva):
    with pytest.raises(Refusal, match="test of its own"):
        recording.course.announce(by=eva, at=now())

    test = Assessment.set(session, recording.course, by=eva, at=now())
    test.ask("Which?", ["This", "That"], right=0, by=eva, at=now())
    session.flush()
    recording.course.announce(by=eva, at=now())
    assert recording.course.is_announced


def test_another_course_needs_none(session, societies, eva, course):
    assert publishing.against_announcing(course, now()) == []


def test_watching_the_recording_is_no_presence_at_the_webinar(session, held, announced, ana, eva):
    there = enrol(session, held, ana, at=held.starts_at - timedelta(days=2))
    later = enrol(session, announced, ana, at=now())
    (lesson,) = session.scalars(Lesson.of(announced))
    LessonCompletion.mark(session, lesson, later, at=now())
    sitting = open_sitting(session, later, at=now(), seed=1)
    hand_in(session, sitting, [item.right for item in sitting.items], at=now())
    assert complete(session, later, at=now()) is not None
    session.commit()

    assert attendance.measured(session, there).seconds == 0
    assert standing(session, held).reached == []
    ids = select(Completion.activity_id).where(Completion.person_id == ana.id)
    assert session.scalars(ids).all() == [announced.id]


def test_after_its_last_day_nobody_starts_it_and_who_has_started_goes_on(
    session, announced, recording, ana, ben
):
    over = publishing.end_of(recording.expires_on, "Europe/Vienna")
    enrol(session, announced, ana, at=over - timedelta(minutes=1))
    with pytest.raises(Refusal, match="closed"):
        enrol(session, announced, ben, at=over)
    session.rollback()
    shown = queries.shown(session, announced, at=over)
    assert shown is not None
    assert not shown.is_open


def test_who_has_started_may_finish(browser, session, announced, ana):
    enrol(session, announced, ana, at=now())
    announced.registration_until = now() - timedelta(minutes=1)

    assert "Watch the recording" in browser.sign_in(ana).visit(f"/courses/{announced.id}").text


def test_both_pages_lead_to_each_other(browser, session, held, announced):
    page = browser.visit(f"/agenda/{held.id}")
    assert "The recording is a course of its own" in page.text
    assert f"/agenda/{announced.id}" in page.links

    page = browser.visit(f"/agenda/{announced.id}")
    assert "This is the recording of a webinar" in page.text
    assert f"/agenda/{held.id}" in page.links


def test_before_the_course_is_announced_nobody_hears_of_it(browser, held, recording):
    assert "recording" not in browser.visit(f"/agenda/{held.id}").text.lower()


def test_a_webinar_without_recording_says_nothing_of_one(browser, held, webinar):
    for one in (held, webinar):
        assert "recording" not in browser.visit(f"/agenda/{one.id}").text.lower()


# ------------------------------------------------------------------ refusals


def test_it_is_published_once(session, held, recording, eva):
    with pytest.raises(Refusal, match="already"):
        publishing.publish(session, held, wanted(), by=eva, at=now())


def test_what_was_not_held_has_no_recording(session, webinar, held, eva):
    with pytest.raises(Refusal, match="not been held"):
        publishing.publish(session, webinar, wanted(), by=eva, at=now())
    acts.cancel(webinar, reason="Nobody came.", by=eva, at=now())
    with pytest.raises(Refusal, match="cancelled"):
        publishing.publish(session, webinar, wanted(), by=eva, at=now())


@pytest.mark.parametrize(
    "address",
    ["http://media.example/1", "javascript:alert(1)", "https://", 'https://x.example/">', "media"],
)
def test_its_address_is_one_of_a_site_under_encryption(session, held, eva, address):
    with pytest.raises(Refusal, match="https"):
        publishing.publish(session, held, wanted(address=address), by=eva, at=now())
    assert session.scalar(select(func.count()).select_from(Recording)) == 0


def test_its_last_day_is_still_to_come(session, held, eva):
    today = now().astimezone(VIENNA).date()
    with pytest.raises(Refusal, match="still to come"):
        publishing.publish(session, held, wanted(expires_on=today), by=eva, at=now())


@pytest.mark.parametrize("day", [date(9999, 12, 31), None])
def test_its_last_day_lies_within_ten_years(session, held, eva, day):
    day = day or now().date() + timedelta(days=3654)
    with pytest.raises(Refusal, match="ten years"):
        publishing.publish(session, held, wanted(expires_on=day), by=eva, at=now())
    assert publishing.against(held, wanted(expires_on=now().date() + timedelta(days=3652)),
                              at=now()) == []  # fmt: skip


# ------------------------------------------------------------------ the desk


def test_an_administrator_publishes_it_at_the_desk(browser, session, held, eva):
    browser.sign_in(eva).visit(f"/desk/activities/{held.id}/recording")
    day = (now() + timedelta(days=60)).date()
    page = browser.submit(address=WHERE, expires_on=day.isoformat())

    made = session.scalars(select(Recording)).one()
    assert page.url.endswith(f"/desk/activities/{made.course_id}/test")
    assert made.course.title == f"Recording: {held.title}"
    assert made.course.registration_until == publishing.end_of(day, "Europe/Vienna")
    page = browser.visit(f"/desk/activities/{held.id}/recording")
    assert "The course is drafted" in page.text


def test_what_is_amiss_is_told_at_its_field(browser, session, held, eva):
    browser.sign_in(eva).visit(f"/desk/activities/{held.id}/recording")
    page = browser.submit(address="http://x.example/", expires_on="2020-01-01", status=422)

    assert "begins with https://" in page.text
    assert "still to come" in page.text
    assert "http://x.example/" in page.html
    page = browser.submit(address=WHERE, expires_on="9999-12-31", status=422)
    assert "within the next ten years" in page.text
    assert session.scalar(select(func.count()).select_from(Recording)) == 0


def test_only_the_leading_society_publishes_it(browser, session, held, sam, eva, fay):
    page = browser.sign_in(sam).visit(f"/desk/activities/{held.id}/recording")
    assert "EuSoMII leads this webinar" in page.text
    browser.post(f"/desk/activities/{held.id}/recording", {"title": "x"}, status=409)


def test_strangers_find_nothing_there(
    browser, another_browser, held, ana, make_person, give_mandate, societies
):
    other = make_person("Olga Other")
    give_mandate(other, Office.COURSE_ADMINISTRATOR, societies.efrs)
    browser.sign_in(ana).visit(f"/desk/activities/{held.id}/recording", status=403)
    another_browser.sign_in(other).visit(f"/desk/activities/{held.id}/recording", status=404)


def test_before_it_is_held_the_page_says_when(browser, webinar, eva):
    page = browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/recording")

    assert "has not been held yet" in page.text


def test_its_last_day_is_the_one_that_the_course_says_by_now(browser, session, held, announced):
    for until, said in (
        (publishing.end_of(date(2031, 5, 4), "Europe/Vienna"), "until 4 May 2031"),
        (None, "at any time"),
    ):
        announced.registration_until = until
        assert said in browser.visit(f"/agenda/{held.id}").text


def test_what_the_platform_has_recorded_is_found(
    browser, session, held, eva, bbb, bbb_server, bbb_account
):
    room = bbb.create(WISH)
    bbb_server.rooms[WISH.key].recordings.append("rec-1")
    session.add(
        Meeting(activity_id=held.id, session_id=held.sessions[0].id, account_id=bbb_account.id,
                key=WISH.key, title=held.title, starts_at=held.starts_at, ends_at=held.until_at,
                zone=held.zone, external_id=room.id, address=room.address, by_id=eva.id,
                asked_at=now(), made_at=now(), next_at=now(), task=None)
    )  # fmt: skip
    session.commit()
    page = browser.sign_in(eva).visit(f"/desk/activities/{held.id}/recording")
    assert f"/desk/activities/{held.id}/recording/found" in page.links
    page = browser.visit(f"/desk/activities/{held.id}/recording/found")
    assert "Wed 4 July 2018" in page.text
    assert "33" in page.text
    assert "not kept under https://" in page.text  # as it is on a server of this machine

    page = browser.visit(f"/desk/activities/{held.id}/recording?address={WHERE}")
    assert page.form()["fields"]["address"] == [WHERE]


def test_without_a_meeting_on_a_platform_there_is_nothing_to_find(browser, held, eva):
    page = browser.sign_in(eva).visit(f"/desk/activities/{held.id}/recording/found")

    assert "Nothing yet" in page.text
