"""Codes on the screen: random moments, the window to answer, and who may."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
import time_machine
from sqlalchemy import select

from app.attendance import checks
from app.attendance.checks import AttendanceCheck, CheckAnswer, random_moments
from app.attendance.presence import Interval
from app.attendance.standing import standing
from app.completions.models import Completion
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import Entry
from tests.attendance.reports import the_session
from tests.cast import NOON, make_webinar

THREE = timedelta(minutes=3)
STARTS = the_session().joined
DURING = STARTS + timedelta(minutes=20)
SIX = datetime(2026, 10, 14, 16, tzinfo=UTC)


def between(joined: int, left: int) -> Interval:
    return Interval(SIX + timedelta(minutes=joined), SIX + timedelta(minutes=left))


@pytest.fixture
def coded(session, societies, eva, ana, ben):
    """A webinar where codes count where the report is silent; Ana has a place, Ben waits."""
    webinar = make_webinar(session, eva, societies.eusomii, starts_at=STARTS, capacity=1)
    webinar.proofs = ["report", "code"]
    for person in (ana, ben):
        enrol(session, webinar, person, at=NOON)
    return webinar


def place_of(session, person, webinar):
    return session.scalars(Enrolment.live(person, webinar)).one()


def shown(session, webinar, eva, at=DURING):
    return checks.show_now(session, webinar, open_for=THREE, by=eva, at=at)


# -- when -----------------------------------------------------------------------------------------


def test_random_moments_are_spread_apart_and_over_before_the_session_ends():
    chance = Random(7)
    for _ in range(500):
        windows = [between(0, 45), between(60, 90)]
        count = chance.randrange(1, 7)
        moments = random_moments(windows, count, THREE, after=SIX, chance=chance)

        assert len(moments) == count
        assert all(b - a >= THREE for a, b in pairwise(moments))
        assert all(any(w.joined <= m and m + THREE <= w.left for w in windows) for m in moments)


def test_too_many_codes_for_what_is_left_of_the_session_are_refused():
    assert random_moments([between(0, 20)], 6, THREE, after=SIX) == []
    assert random_moments([between(0, 90)], 3, THREE, after=SIX + timedelta(minutes=85)) == []
    assert len(random_moments([between(0, 90)], 3, THREE, after=SIX)) == 3


def test_planning_anew_replaces_only_what_was_not_shown(session, coded, eva):
    first = checks.schedule(session, coded, 3, open_for=THREE, by=eva, at=NOON)
    seen = first[0].opens_at + timedelta(seconds=1)

    again = checks.schedule(session, coded, 2, open_for=THREE, by=eva, at=seen)

    standing_ = session.scalars(AttendanceCheck.of(coded)).all()
    assert standing_ == [first[0], *again]
    assert all(one.ended_at for one in first[1:])


# -- who, and until when --------------------------------------------------------------------------


def test_who_has_a_place_answers_within_the_window_and_only_once(session, coded, eva, ana):
    check, mine = shown(session, coded, eva), place_of(session, ana, coded)

    for _ in range(2):
        check.answer(session, mine, at=DURING + timedelta(minutes=1), how="word")

    assert len(session.scalars(select(CheckAnswer)).all()) == 1
    assert session.scalars(select(Entry).where(Entry.act == "check.answered")).one()


@pytest.mark.parametrize("minutes", [-1, 3, 4])
def test_before_and_after_the_window_nothing_is_answered(session, coded, eva, ana, minutes):
    check = shown(session, coded, eva)

    with pytest.raises(Refusal):
        check.answer(
            session, place_of(session, ana, coded), at=DURING + timedelta(minutes=minutes),
            how="word",
        )  # fmt: skip


def test_who_waits_for_a_place_cannot_answer(session, coded, eva, ben):
    with pytest.raises(Refusal, match="has a place"):
        shown(session, coded, eva).answer(
            session, place_of(session, ben, coded), at=DURING, how="word"
        )


def test_the_word_is_the_same_in_capitals_and_with_accents():
    check = AttendanceCheck(word="maple 47")

    assert check.matches("  Máple   47 ")
    assert check.matches("MAPLE47")
    assert not check.matches("maple 48")
    assert not check.matches("")


def test_one_code_at_a_time_and_only_during_the_session(session, coded, eva):
    shown(session, coded, eva)

    with pytest.raises(Refusal, match="Another code"):
        shown(session, coded, eva, at=DURING + timedelta(minutes=1))
    with pytest.raises(Refusal, match="while the session runs"):
        shown(session, coded, eva, at=STARTS - timedelta(minutes=1))


# -- what it proves -------------------------------------------------------------------------------


def test_codes_prove_presence_where_the_report_is_silent(session, coded, eva, ana):
    mine = place_of(session, ana, coded)
    for minutes in (10, 30, 50):
        at = STARTS + timedelta(minutes=minutes)
        shown(session, coded, eva, at=at).answer(session, mine, at=at, how="code")

    assert standing(session, coded).reached == [mine.id]
    coded.proofs = ["report"]
    assert standing(session, coded).reached == []


def test_a_code_that_nobody_gave_was_not_shown(session, coded, eva, ana):
    mine = place_of(session, ana, coded)
    planned = checks.schedule(session, coded, 4, open_for=THREE, by=eva, at=NOON)
    planned[0].answer(session, mine, at=planned[0].opens_at, how="word")

    assert standing(session, coded).signs(mine.id).shown == 1


# -- in the browser -------------------------------------------------------------------------------


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_a_learner_types_the_word_that_is_on_the_screen(
    browser, another_browser, session, coded, eva, ana
):
    desk = f"/desk/activities/{coded.id}/codes"
    mine = place_of(session, ana, coded)
    with at(DURING):
        browser.sign_in(eva).visit(desk, budget=14)
        screen = browser.submit("/now", open_minutes="2")
        check = session.scalars(select(AttendanceCheck)).one()
        assert check.word in screen.text
        assert "<svg" in screen.html

        learner = another_browser.sign_in(ana)
        own = learner.visit(f"/enrolments/{mine.id}/presence", budget=14)
        assert "A code is on the screen." in own.text
        assert check.word not in own.text
        learner.visit(f"/enrolments/{mine.id}/code")
        assert "not the code" in learner.submit(word="wrong 11", status=422).text
        page = learner.submit(word=check.word.upper())

        assert "It is noted that you were there." in page.text
        assert f"You gave the code “{check.word}”" in page.text
        assert "1 answer so far" in browser.visit(f"{desk}/screen").text


def test_guesses_are_limited(browser, session, coded, eva, ana):
    with at(DURING):
        shown(session, coded, eva)
        session.commit()
        mine = place_of(session, ana, coded)
        browser.sign_in(ana).visit(f"/enrolments/{mine.id}/code")
        for _ in range(6):
            browser.submit(word="guess 10", status=422)
        browser.submit(word="guess 10", status=429)


def test_the_qr_code_is_followed_with_one_press(browser, session, coded, eva, ana, ben):
    with at(DURING):
        check = shown(session, coded, eva)
        session.commit()
        url = f"/here/{check.token}"
        browser.sign_in(ana).visit(url)
        assert "It is noted" in browser.submit(url).text
        assert session.scalars(select(CheckAnswer)).one().how == "code"
        assert "You have no place" in browser.sign_in(ben).visit(url).text
        browser.post(url, status=409)
        browser.visit("/here/" + "x" * 20, status=404)
    with at(DURING + timedelta(minutes=10)):
        assert "is not shown any more" in browser.sign_in(ana).visit(url).text


def test_only_staff_see_when_the_next_code_comes(browser, session, coded, eva, ana, sam):
    desk = f"/desk/activities/{coded.id}/codes"
    with at(STARTS + timedelta(minutes=1)):
        browser.sign_in(eva).visit(desk)
        browser.submit("/schedule", count="3", minutes="3")
        first = session.scalars(AttendanceCheck.of(coded)).first()
        page = browser.visit(desk)
        assert "The next code is shown at" in page.text
        assert first.word in page.text
        screen = browser.visit(f"{desk}/screen")
        assert first.word not in screen.text
        assert f"{first.opens_at:%H:%M}" not in screen.text

        browser.post(f"{desk}/{first.id}/withdrawal")
        assert first.ended_at is not None
        for person, status in ((ana, 403), (sam, 404)):
            browser.sign_in(person)
            for path in ("", "/screen"):
                browser.visit(desk + path, status=status)
            for path in ("/now", "/schedule", f"/{first.id}/withdrawal"):
                browser.post(desk + path, status=status)


def test_a_stranger_reaches_nobodys_presence(browser, session, coded, ana, ben):
    mine = place_of(session, ana, coded)
    browser.sign_in(ben)

    for path in ("presence", "code"):
        browser.visit(f"/enrolments/{mine.id}/{path}", status=404)
    browser.post(f"/enrolments/{mine.id}/code", {"word": "maple 47"}, status=404)


def test_who_is_proved_by_codes_alone_has_a_completion_without_minutes(
    browser, session, coded, eva, ana
):
    coded.proofs = ["code"]
    mine = place_of(session, ana, coded)
    shown(session, coded, eva).answer(session, mine, at=DURING, how="word")
    session.commit()
    with at(coded.ends_at + timedelta(hours=1)):
        url = f"/desk/activities/{coded.id}"
        page = browser.sign_in(eva).visit(f"{url}/presence?show=came", budget=14)
        assert "no report is needed" in page.text
        assert "by 1 of 1 codes" in page.text
        browser.visit(f"{url}/settlement", budget=14)
        page = browser.submit("/settlement")

    done = session.scalars(Completion.of(ana)).one()
    assert (done.seconds, done.of_seconds, done.threshold) == (None, None, 80)
    assert "by codes" in page.text, "no report was needed: the rule does not count one"
