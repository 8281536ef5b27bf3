"""The planning board: whose webinars stand on it, what clashes, moving a draft, few statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.agenda.models import Activity, Audience, Speaker, Webinar
from app.agenda.planning import Hour
from app.agreements.models import Agreement
from app.clock import now
from app.journal.models import Entry
from app.societies.models import Office, Society
from tests.agenda.conftest import VIENNA, at
from tests.cast import NOON, make_webinar

MARCH = "/desk/board?month=2028-03"


@pytest.fixture
def hold(session, eva):
    """Put a webinar on a day of March 2028 at an hour of Vienna, a draft unless said otherwise."""

    def put(title, lead, day=15, hour=18, others=(), **facts):
        speakers = facts.pop("speakers", [])
        audiences = facts.pop("audiences", [])
        webinar = make_webinar(
            session, eva, lead, *others, title=title, minutes=60,
            starts_at=at(2028, 3, day, hour), **{"announced": False, **facts},
        )  # fmt: skip
        webinar.speakers = [Speaker(position=n, name=name) for n, name in enumerate(speakers, 1)]
        webinar.audiences = [Audience(profession=name) for name in audiences]
        session.flush()
        return webinar

    return put


def test_what_has_started_is_not_offered_to_be_moved(browser, eva, hold, societies):
    started = hold("On the air", societies.eusomii, hour=18, announced=True)
    ahead = hold("Later", societies.eusomii, hour=20, announced=True)
    draft = hold("Never announced", societies.eusomii, hour=18)

    with time_machine.travel(at(2028, 3, 15, 19), tick=False):
        page = browser.sign_in(eva).visit(MARCH)

    assert f"/desk/board/{started.id}/move" not in page.html
    assert f"/desk/board/{ahead.id}/move" in page.html
    assert f"/desk/board/{draft.id}/move" in page.html


def test_a_partner_sees_the_time_the_title_and_the_audience_of_a_draft(
    browser, eva, hold, societies
):
    theirs = hold("Enterprise imaging", societies.siim, audiences=["engineer"],
                  speakers=["Dr Ada Quiet"])  # fmt: skip

    page = browser.sign_in(eva).visit(MARCH)

    for said in ("Enterprise imaging", "18:00", "SIIM", "Engineers", "Draft"):
        assert said in page.text
    assert "Ada Quiet" not in page.html
    assert f"/desk/activities/{theirs.id}" not in page.html
    assert f"/desk/board/{theirs.id}/move" not in page.html


def test_a_society_without_an_agreement_sees_nothing_of_it(browser, sam, hold, societies):
    hold("Radiographers first", societies.efrs)
    hold("Our own", societies.siim)
    hold("With EuSoMII", societies.eusomii)

    page = browser.sign_in(sam).visit(MARCH)

    assert "Radiographers first" not in page.html
    assert "EFRS" not in page.text
    assert "Our own" in page.text and "With EuSoMII" in page.text


def test_an_agreement_that_has_ended_shows_nothing_any_more(
    browser, eva, hold, societies, session, pia
):
    hold("Enterprise imaging", societies.siim)
    hold("Held together", societies.siim, day=16, others=[societies.eusomii])
    for agreement in session.scalars(select(Agreement)):
        agreement.terminate(on=now().date(), by=pia, at=now(), reason="over")

    page = browser.sign_in(eva).visit(MARCH)

    assert "Enterprise imaging" not in page.text
    assert "Held together" in page.text


def test_only_course_administrators_open_it(browser, ana, erik):
    browser.sign_in(ana).visit(MARCH, status=403)
    browser.sign_in(erik).visit(MARCH, status=403)


def test_clashes_are_told_in_words(browser, eva, hold, societies):
    hold("Ours", societies.eusomii, speakers=["Dr Ida Nyström"], audiences=["radiologist"])
    hold("Theirs", societies.siim, speakers=["Ida Nystrom"], audiences=["engineer"])
    hold("Elsewhere", societies.efrs, hour=19, audiences=["radiologist"])

    page = browser.sign_in(eva).visit(MARCH)

    assert "1 clash this month" in page.text
    assert "Ida Nyström speaks in both" in page.text or "Ida Nystrom speaks in both" in page.text
    assert "the same people" not in page.text


def test_nobody_learns_who_speaks_in_two_drafts_of_partners(browser, eva, hold, societies):
    hold("SIIM's", societies.siim, speakers=["Dr Ada Quiet"], audiences=["engineer"])
    hold("EFRS's", societies.efrs, speakers=["Ada Quiet"], audiences=["manager"])

    page = browser.sign_in(eva).visit(MARCH)

    assert "someone speaks in both" in page.text
    assert "Quiet" not in page.html


def test_what_is_cancelled_stands_in_nobodys_way(browser, eva, hold, societies, session):
    hold("Ours", societies.eusomii)
    gone = hold("Theirs", societies.siim, announced=True)
    gone.cancelled_at = now()
    session.flush()

    page = browser.sign_in(eva).visit(MARCH)

    assert "Theirs" not in page.text
    assert "clash" not in page.text


def test_a_filter_leaves_a_society_out_but_not_that_it_clashes(browser, eva, hold, societies):
    hold("Ours", societies.eusomii)
    hold("Theirs", societies.siim)
    hold("Quite different", societies.efrs, day=2)

    page = browser.sign_in(eva).visit(MARCH + "&society=eusomii")

    assert "Quite different" not in page.text
    assert "Theirs" in page.text, "among the clashes"
    assert "1 clash this month" in page.text


def test_holidays_of_the_organisers_countries_are_marked(browser, eva, societies):
    december = browser.sign_in(eva).visit("/desk/board?month=2027-12")
    assert "Christmas Day" in december.text and "Immaculate Conception" in december.text

    only_siim = browser.visit("/desk/board?month=2027-12&society=siim")
    assert "Christmas Day" in only_siim.text
    assert "Immaculate Conception" not in only_siim.text


def test_the_lanes_show_what_several_hold_in_each_of_their_lanes(browser, eva, hold, societies):
    hold("Together", societies.siim, others=[societies.eusomii])

    page = browser.sign_in(eva).visit(MARCH + "&by=society")

    assert page.text.count("Together") == 2
    assert "Public holidays" not in page.text, "March 2028 has none"


def test_a_month_that_nobody_can_mean_is_this_month(browser, eva):
    page = browser.sign_in(eva).visit("/desk/board?month=2028-13")

    assert f"{now().astimezone(VIENNA):%Y}" in page.title


def test_a_draft_is_dragged_to_another_day(browser, eva, hold, societies, session):
    ours = hold("Ours", societies.eusomii)
    browser.sign_in(eva).visit(MARCH)

    browser.post(f"/desk/board/{ours.id}/move", {"on": "2028-03-29", "start": "18:00"})

    session.expire_all()
    assert ours.starts_at == at(2028, 3, 29, 18)
    assert ours.starts_at.astimezone(UTC).hour == 16, "summer time began in between"
    assert session.scalars(select(Entry.act).order_by(Entry.id.desc())).first() == "webinar.revised"


def test_the_form_does_the_same_without_a_script(browser, eva, hold, societies, session):
    ours = hold("Ours", societies.eusomii)
    hold("Theirs", societies.siim, day=16, hour=9)
    browser.sign_in(eva).visit(f"/desk/board/{ours.id}/move?next=/desk/board?month=2028-03")

    page = browser.submit(on="2028-03-16", start="09:30")

    assert ours.starts_local == "2028-03-16T09:30"
    assert "Ours is moved to Thu 16 March 2028, 09:30 CET" in page.text
    assert "On that day: “Theirs” is at the same hour" in page.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"on": "2028-03-26", "start": "02:30"}, "There is no such time"),
        ({"on": "2028-10-29", "start": "02:30"}, "show this time twice"),
        ({"on": "2020-03-26", "start": "18:00"}, "This time is over"),
        ({"on": "2058-03-26", "start": "18:00"}, "Is the year right?"),
        ({"on": "", "start": "18:00"}, "On which day?"),
        ({"on": "0001-01-01", "start": "00:30"}, "This time is over"),
        ({"on": "9999-12-31", "start": "23:59"}, "Is the year right?"),
    ],
)
def test_a_draft_is_not_moved_to_where_it_could_not_be_planned(
    browser, eva, hold, societies, session, changes, said
):
    ours = hold("Ours", societies.eusomii)
    browser.sign_in(eva)

    page = browser.post(f"/desk/board/{ours.id}/move", changes, status=422)

    assert said in page.text
    session.expire_all()
    assert ours.starts_at == at(2028, 3, 15, 18)


def test_of_two_equal_hours_the_one_that_is_meant_is_taken(browser, eva, hold, societies, session):
    ours = hold("Ours", societies.eusomii)
    browser.sign_in(eva).visit(f"/desk/board/{ours.id}/move")
    browser.submit(on="2028-10-29", start="02:30", status=422)

    browser.submit(fold="1")

    session.expire_all()
    assert ours.starts_at == datetime(2028, 10, 29, 1, 30, tzinfo=UTC)


def test_further_sessions_move_by_as_many_days(browser, eva, hold, societies, session):
    ours = hold("Ours", societies.eusomii)
    first = ours.plan.hours[0]
    ours.meets([first, Hour(on=date(2028, 3, 22), start=first.start, minutes=45)], "Europe/Vienna")
    session.flush()
    browser.sign_in(eva)

    browser.post(f"/desk/board/{ours.id}/move", {"on": "2028-03-17", "start": "18:00"})

    session.expire_all()
    assert [s.starts_local for s in ours.sessions] == ["2028-03-17T18:00", "2028-03-24T18:00"]
    assert ours.sessions[1].minutes == 45


def test_a_day_after_which_no_calendar_goes_on_is_told_at_its_field(
    browser, eva, hold, societies, session
):
    ours = hold("Ours", societies.eusomii)
    first = ours.plan.hours[0]
    ours.meets([first, Hour(on=date(2028, 3, 22), start=first.start, minutes=45)], "Europe/Vienna")
    session.flush()
    last = {"on": "9999-12-31", "start": "18:00"}

    page = browser.sign_in(eva).post(f"/desk/board/{ours.id}/move", last, status=422)
    assert "Is the year right?" in page.text

    ours.announce(by=eva, at=now())
    browser.visit(f"/desk/activities/{ours.id}/hours?on=9999-12-31")


def test_what_is_announced_is_moved_where_people_are_told(browser, eva, hold, societies, session):
    ours = hold("Ours", societies.eusomii, announced=True)
    browser.sign_in(eva)

    page = browser.post(f"/desk/board/{ours.id}/move", {"on": "2028-03-17", "start": "18:00"})

    assert f"/desk/activities/{ours.id}/hours" in page.response.headers["Location"]
    session.expire_all()
    assert ours.starts_at == at(2028, 3, 15, 18)


def test_nobody_moves_what_another_society_leads(browser, eva, hold, societies, session):
    foreign = hold("Theirs", societies.siim)
    beside = hold("Together", societies.siim, others=[societies.eusomii])
    changes = {"on": "2028-03-17", "start": "18:00"}
    browser.sign_in(eva)

    for one in (foreign, beside):
        browser.post(f"/desk/board/{one.id}/move", changes, status=404)
        browser.visit(f"/desk/board/{one.id}/move", status=404)
    browser.post("/desk/board/9999999/move", changes, status=404)

    session.expire_all()
    assert {one.starts_at for one in (foreign, beside)} == {at(2028, 3, 15, 18)}


def test_a_plan_that_is_saved_is_told_what_else_is_on_that_day(browser, eva, hold, societies):
    hold("Theirs", societies.siim, day=15)
    browser.sign_in(eva).visit("/desk/activities/new/webinar")

    page = browser.submit(title="New", on="2028-03-15", start="18:30", minutes="60")
    assert (
        "On that day: “Theirs” is at the same hour (18:00–19:00 CET): the same people" in page.text
    )

    browser.visit("/desk/activities/new/webinar")
    quiet = browser.submit(title="Quiet", on="2028-03-14", start="18:30", minutes="60")
    assert "On that day" not in quiet.text

    browser.visit("/desk/activities/new/webinar")
    feast = browser.submit(title="Feast", on="2027-12-25", start="18:30", minutes="60")
    assert "25 December 2027 is Christmas Day in Austria." in feast.text


def test_five_hundred_webinars_a_month_take_ten_statements(browser, eva, societies, session):
    begins = at(2028, 3, 1, 8).astimezone(UTC)
    for number in range(500):
        webinar = Webinar(title=f"Webinar {number}", created_at=NOON, created_by=eva)
        start = begins + timedelta(hours=(number % 300) * 2)
        local = start.astimezone(VIENNA)
        hour = Hour(on=local.date(), start=local.time(), minutes=60, fold=local.fold)
        webinar.meets([hour], "Europe/Vienna")
        webinar.held_by(societies.eusomii if number % 2 else societies.siim)
        webinar.speakers = [Speaker(position=1, name=f"Speaker {number % 40}")]
        session.add(webinar)
    session.flush()
    browser.sign_in(eva)

    for view in (MARCH, MARCH + "&by=society"):
        page = browser.visit(view, budget=10)
        assert "Webinar 77" in page.text
        assert "More is planned than fits here" not in page.text


def test_the_board_of_a_platform_with_an_untied_stranger_is_empty(
    browser, make_person, give_mandate, hold, societies, session
):
    lonely = Society(code="lone", short="Lone", name="Lone", country="DE", colour="#224466")
    session.add(lonely)
    session.flush()
    lea = make_person("Lea Lone")
    give_mandate(lea, Office.COURSE_ADMINISTRATOR, lonely)
    hold("Ours", societies.eusomii)

    page = browser.sign_in(lea).visit(MARCH)

    assert "Nothing is planned for this month yet." in page.text
    assert session.scalars(select(Activity.title)).all() == ["Ours"]
