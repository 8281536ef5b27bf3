"""The desk: planning, refusals at their fields, preview, announcing, changing words, reach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.agenda.models import Activity, Kind
from app.agreements.models import Agreement, Scope
from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from app.societies.models import Office
from tests.cast import make_webinar

NEW = "/desk/activities/new/webinar"


@pytest.fixture
def plan(browser, eva):
    """Fill in the form of a new webinar as Eva, with what differs from a sound plan."""

    def send(status=303, **changes):
        browser.sign_in(eva).visit(NEW)
        sound = {
            "title": "Pixels and policy", "summary": "What is new.", "description": "## Plan",
            "speakers-0-name": "Dr Ida Nyström", "speakers-0-affiliation": "Uppsala",
            "on": "2027-10-14", "start": "18:00", "minutes": "90", "zone": "Europe/Vienna",
            "capacity": "120", "link": "https://meet.example/a",
        }  # fmt: skip
        return browser.submit(status=status, **{**sound, **changes})

    return send


def the_one(session):
    return session.scalars(select(Activity)).one()


def acts(session):
    return list(session.scalars(select(Entry.act).order_by(Entry.id)))


def test_a_webinar_is_planned_previewed_and_announced(
    plan, browser, another_browser, session, societies
):
    page = plan(others=[str(societies.siim.id)], audiences=["radiologist"])
    webinar = the_one(session)

    assert "Ready to be announced" in page.text
    another_browser.visit(f"/agenda/{webinar.id}", status=404)
    preview = browser.visit(f"/desk/activities/{webinar.id}/preview")
    browser.visit(f"/desk/activities/{webinar.id}")
    assert "It is on the agenda" in browser.submit("/announcement").text

    public = another_browser.visit(f"/agenda/{webinar.id}")
    for said in ("Pixels and policy", "What is new.", "Dr Ida Nyström", "18:00–19:30", "SIIM"):
        assert said in preview.text
        assert said in public.text
    assert "Preview" in preview.text
    assert "Preview" not in public.text
    assert webinar.starts_local == "2027-10-14T18:00"
    assert webinar.threshold == 80
    assert acts(session) == ["webinar.planned", "webinar.announced"]


def test_a_course_is_planned_without_an_hour(browser, eva, session, societies):
    browser.sign_in(eva).visit("/desk/activities/new/course")

    browser.submit(title="From pixels to policy", hours="1.5", others=[str(societies.siim.id)])

    course = the_one(session)
    assert (course.kind, course.minutes, course.starts_at) == (Kind.COURSE, 90, None)
    browser.submit("/announcement")
    assert "Start when you like" in browser.visit(f"/agenda/{course.id}").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"on": "2020-01-01"}, "This time is over"),
        ({"on": "2099-01-01"}, "Is the year right?"),
        ({"on": "2027-03-28", "start": "02:30"}, "the clocks go forward from 02:00 to 03:00"),
        ({"on": "2027-10-31", "start": "02:30"}, "Say which you mean"),
        ({"minutes": "0"}, "A webinar lasts from 5 minutes to 12 hours"),
        ({"minutes": "100000"}, "A webinar lasts from 5 minutes to 12 hours"),
        ({"link": "javascript:alert(1)"}, "A link begins with https://"),
        ({"capacity": "0"}, "Name at least one place"),
        ({"title": ""}, "Give it a title"),
        ({"on": ""}, "On which day?"),
        ({"speakers-1-affiliation": "Oslo"}, "Who is it?"),
        ({"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_the_form_refuses_with_a_reason_and_keeps_what_was_typed(plan, session, changes, said):
    page = plan(status=422, **changes)

    assert said in page.text
    assert 'value="Dr Ida Nyström"' in page.html
    assert "## Plan" in page.html
    assert session.scalars(select(Activity)).first() is None


def test_the_missing_tie_is_named_at_the_form(browser, sam, session, societies):
    """SIIM and EFRS are tied through EuSoMII, until its agreement with EFRS is over."""
    plan = {"title": "A pair", "on": "2027-10-14", "others": [str(societies.efrs.id)]}
    browser.sign_in(sam).visit(NEW)
    browser.submit(**plan)
    assert the_one(session).title == "A pair"
    efrs = session.scalars(select(Agreement).where(Agreement.title == "EuSoMII and EFRS")).one()
    efrs.until_on = now().date() + timedelta(days=1)
    browser.visit(NEW)

    page = browser.submit(status=422, **plan)

    assert "in force on 14 October 2027 ties SIIM to EFRS" in page.text


def test_an_agreement_on_courses_does_not_tie_a_webinar(plan, session, societies):
    agreement = session.scalars(
        select(Agreement).where(Agreement.title == "EuSoMII and SIIM")
    ).one()
    [webinars] = [s for s in agreement.scopes if s.scope is Scope.WEBINARS]
    session.delete(webinars)

    page = plan(status=422, others=[str(societies.siim.id)])

    assert "No agreement that covers webinars" in page.text


def test_of_two_equal_hours_the_chosen_one_is_planned(plan, browser, session):
    page = plan(status=422, on="2027-10-31", start="02:30")
    assert "the first time, CEST (UTC+2)" in page.text

    browser.submit(fold="1")

    assert the_one(session).starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_more_rows_for_speakers_cost_nothing_that_was_typed(browser, session, eva):
    typed = {"title": "Half done", "speakers-0-name": "Ida", "speakers-1-name": "", "more": "1"}

    page = browser.sign_in(eva).post(NEW, typed, status=200)

    assert 'name="speakers-3-name"' in page.html
    assert 'value="Half done"' in page.html
    assert 'value="Ida"' in page.html
    assert session.scalars(select(Activity)).first() is None


def test_a_draft_may_change_in_everything(plan, browser, session, societies):
    plan()
    webinar = the_one(session)
    browser.visit(f"/desk/activities/{webinar.id}/plan")

    browser.submit(
        title="Another", on="2027-11-02", start="09:15", others=[str(societies.efrs.id)],
        **{"speakers-1-name": "د. ليلى", "speakers-0-name": "", "speakers-0-affiliation": ""},
    )  # fmt: skip

    assert (webinar.title, webinar.starts_local) == ("Another", "2027-11-02T09:15")
    assert [s.name for s in webinar.speakers] == ["د. ليلى"]
    assert [s.short for s in webinar.societies] == ["EuSoMII", "EFRS"]
    assert acts(session) == ["webinar.planned", "webinar.revised"]


def test_once_announced_only_the_words_change(browser, eva, session, webinar):
    hour = webinar.starts_at
    page = browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/plan", status=303)
    assert page.response.headers["Location"].endswith("/texts")
    page = browser.visit(f"/desk/activities/{webinar.id}/texts")
    assert "its day, its hour" in page.text
    assert 'name="on"' not in page.html
    assert 'name="capacity"' not in page.html

    browser.submit(title="In other words", link="https://meet.example/new")

    assert (webinar.title, webinar.link) == ("In other words", "https://meet.example/new")
    assert (webinar.starts_at, webinar.changes) == (hour, 1)
    assert acts(session)[-1] == "webinar.amended"


def test_an_hour_sent_along_with_new_words_changes_nothing(browser, eva, webinar):
    hour = webinar.starts_at
    url = f"/desk/activities/{webinar.id}/texts"

    words = {"title": "New", "language": "en", "level": "advanced"}
    browser.sign_in(eva).post(url, {**words, "on": "2030-01-01", "start": "03:00", "capacity": "1"})

    assert webinar.title == "New"
    assert (webinar.starts_at, webinar.capacity) == (hour, 120)


def test_announcing_weighs_the_plan_again(plan, browser, session, societies):
    plan(others=[str(societies.siim.id)])
    webinar = the_one(session)
    agreement = session.scalars(
        select(Agreement).where(Agreement.title == "EuSoMII and SIIM")
    ).one()
    agreement.until_on = now().date()

    page = browser.visit(f"/desk/activities/{webinar.id}")
    assert "This cannot be announced yet" in page.text
    assert "ties EuSoMII to SIIM" in page.text
    browser.post(f"/desk/activities/{webinar.id}/announcement", status=409)

    assert not webinar.is_announced


def test_announcing_twice_is_announcing_once(browser, eva, session, webinar):
    before = webinar.announcement.at

    browser.sign_in(eva).post(f"/desk/activities/{webinar.id}/announcement")

    assert webinar.announcement.at == before
    assert acts(session).count("webinar.announced") == 1


def test_a_webinar_is_not_announced_after_it_began(session, eva, societies):
    late = make_webinar(
        session, eva, societies.eusomii, announced=False, starts_at=now() - timedelta(minutes=5)
    )

    with pytest.raises(Refusal, match="before it starts"):
        late.announce(by=eva, at=now())


def test_while_it_runs_the_host_is_led_in_and_no_hour_is_offered_that_stands(
    browser, session, eva, societies
):
    running, ahead = (
        make_webinar(session, eva, societies.eusomii, starts_at=now() + timedelta(minutes=minutes))
        for minutes in (-10, 10)
    )

    page = browser.sign_in(eva).visit(f"/desk/activities/{running.id}")
    assert "Come in as host" in page.text
    assert f"/desk/activities/{running.id}/hours" not in page.links
    assert f"/desk/activities/{running.id}/cancellation" in page.links

    page = browser.visit(f"/desk/activities/{ahead.id}")
    assert "Come in as host" not in page.text
    assert f"/desk/activities/{ahead.id}/hours" in page.links


def test_nobody_but_its_societies_administrators_knows_a_draft(
    browser, session, societies, eva, sam, ana, erik
):
    own = make_webinar(session, eva, societies.eusomii, announced=False)
    paths = {"": 200, "/preview": 200, "/plan": 200, "/texts": 303}

    for path, answer in paths.items():
        browser.sign_in(eva).visit(f"/desk/activities/{own.id}{path}", status=answer)
        browser.sign_in(sam).visit(f"/desk/activities/{own.id}{path}", status=404)
        browser.sign_in(ana).visit(f"/desk/activities/{own.id}{path}", status=403)
        browser.sign_in(erik).visit(f"/desk/activities/{own.id}{path}", status=403)
        browser.sign_out().visit(f"/desk/activities/{own.id}{path}", status=302)
    browser.sign_in(sam).post(f"/desk/activities/{own.id}/announcement", status=404)
    assert not own.is_announced


def test_a_co_organiser_sees_the_draft_and_leaves_it_to_the_leading_society(
    browser, session, societies, eva, sam
):
    shared = make_webinar(session, eva, societies.eusomii, societies.siim, announced=False)

    page = browser.sign_in(sam).visit(f"/desk/activities/{shared.id}")

    assert "EuSoMII leads this" in page.text
    browser.visit(f"/desk/activities/{shared.id}/plan", status=404)
    browser.post(f"/desk/activities/{shared.id}/announcement", status=404)


def test_nobody_leads_in_the_name_of_another_society(browser, sam, session, societies):
    browser.sign_in(sam).visit(NEW)

    page = browser.submit(
        status=422, title="Not mine", on="2027-10-14", lead=str(societies.eusomii.id)
    )

    assert "Not a valid choice" in page.text
    assert session.scalars(select(Activity)).first() is None


def test_a_mandate_that_ended_yesterday_opens_nothing_today(
    browser, session, make_person, give_mandate, societies, webinar
):
    was = make_person("Vera Alt")
    mandate = give_mandate(was, Office.COURSE_ADMINISTRATOR, societies.eusomii)
    browser.sign_in(was).visit(f"/desk/activities/{webinar.id}")

    mandate.until_on = now().date() - timedelta(days=1)

    browser.visit(f"/desk/activities/{webinar.id}", status=403)


def test_the_desk_lists_what_ones_own_societies_hold(browser, session, societies, eva, sam):
    make_webinar(session, eva, societies.eusomii, title="Ours to come")
    make_webinar(session, eva, societies.eusomii, title="Our draft", announced=False)
    make_webinar(session, eva, societies.eusomii, title="Ours long ago",
                 starts_at=now() - timedelta(days=9))  # fmt: skip
    make_webinar(session, sam, societies.siim, title="Theirs to come")
    make_webinar(session, sam, societies.siim, title="Their draft", announced=False)
    every = ("Ours to come", "Our draft", "Ours long ago", "Theirs to come", "Their draft")

    def listed(which):
        text = browser.sign_in(eva).visit(f"/desk/activities?which={which}").text
        return [name for name in every if name in text]

    assert listed("upcoming") == ["Ours to come"]
    assert listed("drafts") == ["Our draft"]
    assert listed("past") == ["Ours long ago"]
    browser.visit("/desk/activities?which=other", status=404)


def test_drafts_are_paged_by_key(browser, session, societies, eva):
    for number in range(25):
        make_webinar(session, eva, societies.eusomii, title=f"Draft {number:02}", announced=False)

    first = browser.sign_in(eva).visit("/desk/activities?which=drafts")
    [more] = [link for link in first.links if "after=" in link]
    second = browser.visit(more)

    assert "Draft 24" in first.text
    assert "Draft 04" not in first.text
    assert "Draft 04" in second.text
    assert "Draft 05" not in second.text
