"""Series: the preview, the drafts it makes, changing them together, announcing what is ready."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from app.agenda.acts import cancel
from app.agenda.models import STANDING_AGAINST, Activity
from app.agenda.planning import Hour, Texts
from app.agenda.recurrence import Every, Rule, occurrences
from app.agenda.series import (
    Changes,
    Series,
    SeriesPlace,
    change,
    changeable,
    numbered,
    plan_series,
)
from app.agenda.speakers import Named
from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from app.societies.models import Society
from tests.agenda.conftest import at

NEW = "/desk/series/new"
SECOND_WEDNESDAYS = {
    "title": "Journal club #: chest", "every": "month", "ordinal": "2", "weekday": "2",
    "from_on": "2028-05-01", "until_on": "2028-12-31", "start": "18:00", "minutes": "60",
    "zone": "Europe/Vienna", "without_months": ["7", "8"],
}  # fmt: skip


@pytest.fixture
def club(session, societies, eva):
    """Six drafts on second Wednesdays of 2028, 18:00 in Vienna."""
    rule = Rule(
        every=Every.MONTH, start=time(18), zone="Europe/Vienna", minutes=60,
        from_on=date(2028, 1, 1), times=6, ordinal=2, weekday=2,
    )  # fmt: skip
    texts = Texts(title="Journal club", summary="New papers.", link="https://meet.example/a",
                  speakers=(Named("Dr Ida Nyström"),))  # fmt: skip
    series = plan_series(
        session, rule, [o.hour for o in occurrences(rule)], texts, is_numbered=True, capacity=50,
        lead=societies.eusomii, others=[societies.siim], by=eva, at=now(),
    )  # fmt: skip
    session.flush()
    return series


def make(browser, status=303, **changes):
    """Press the button under the preview."""
    browser.page.inputs.append({"name": "make"})
    return browser.submit(status=status, make="1", **changes)


def webinars(session):
    return session.scalars(select(Activity).order_by(Activity.id)).unique().all()


def acts(session):
    return list(session.scalars(select(Entry.act).order_by(Entry.id)))


def test_all_days_are_shown_before_anything_is_made(browser, eva, session, societies):
    browser.sign_in(eva).visit(NEW)

    page = browser.submit(status=200, **SECOND_WEDNESDAYS)

    for day in ("10 May 2028", "14 June 2028", "13 September 2028", "13 December 2028"):
        assert day in page.text
    assert "July 2028" not in page.text
    assert session.scalar(select(func.count(Activity.id))) == 0

    page = make(browser, **{"rows-1-wanted": None})

    assert "5 drafts are made." in page.text
    assert [w.starts_local[:10] for w in webinars(session)] == [
        "2028-05-10", "2028-09-13", "2028-10-11", "2028-11-08", "2028-12-13",
    ]  # fmt: skip
    assert [w.title for w in webinars(session)][:2] == [
        "Journal club 1: chest", "Journal club 2: chest",
    ]  # fmt: skip
    assert acts(session) == ["webinar.planned"] * 5 + ["series.planned"]
    assert "Every month on the second Wednesday, at 18:00 in Europe/Vienna" in page.text


def test_a_rule_that_changed_since_the_preview_is_shown_anew(browser, eva, session, societies):
    browser.sign_in(eva).visit(NEW)
    browser.submit(status=200, **SECOND_WEDNESDAYS)

    page = make(browser, status=200, ordinal="3")

    assert "17 May 2028" in page.text and "10 May 2028" not in page.text
    assert session.scalar(select(func.count(Activity.id))) == 0


def test_the_preview_marks_clashes_and_holidays(browser, eva, session, societies, announce):
    announce("In the way", starts_at=at(2028, 6, 14, 18), lead=societies.siim)
    browser.sign_in(eva).visit(NEW)

    page = browser.submit(
        status=200, **{**SECOND_WEDNESDAYS, "every": "dates", "dates": "2028-06-14\n2028-12-08"}
    )

    assert "“In the way” is at the same hour" in page.text
    assert "8 December 2028 is Immaculate Conception in Austria." in page.text


def test_an_hour_that_the_clocks_skip_is_asked_about(browser, eva, session, societies):
    browser.sign_in(eva).visit(NEW)
    march = {
        **SECOND_WEDNESDAYS, "every": "week", "from_on": "2028-03-19", "until_on": "",
        "times": "3", "start": "02:30", "without_months": [],
    }  # fmt: skip

    page = browser.submit(status=200, **march)
    assert "There is no such time in Europe/Vienna on 26 March 2028" in page.text
    make(browser, status=422)
    page = make(browser, **{"rows-1-start": "03:30"})

    assert "3 drafts are made." in page.text
    assert [w.starts_local for w in webinars(session)] == [
        "2028-03-19T02:30", "2028-03-26T03:30", "2028-04-02T02:30",
    ]  # fmt: skip


def test_an_hour_that_comes_twice_is_asked_about(browser, eva, session, societies):
    browser.sign_in(eva).visit(NEW)
    october = {
        **SECOND_WEDNESDAYS, "every": "dates", "dates": "2028-10-22, 2028-10-29",
        "start": "02:30",
    }  # fmt: skip

    page = browser.submit(status=200, **october)
    assert "Say which you mean" in page.text
    make(browser, **{"rows-1-fold": "1"})

    assert [w.starts_at.hour for w in webinars(session)] == [0, 1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from_on": ""}, "From which day on?"),
        ({"until_on": "", "times": ""}, "Say until when, or how many"),
        ({"until_on": "2028-04-01"}, "This is before the first day."),
        ({"title": ""}, "Give it a title."),
        ({"every": "dates", "dates": ""}, "List at least one day"),
        ({"every": "dates", "dates": "2028-02-30"}, "“2028-02-30” is no day."),
        ({"without_months": [str(n) for n in range(1, 13)]}, "No day falls on this."),
    ],
)
def test_a_rule_that_means_nothing_is_told_at_its_field(
    browser, eva, session, societies, changes, said
):
    browser.sign_in(eva).visit(NEW)

    status = 200 if "without_months" in changes else 422
    assert said in browser.submit(status=status, **{**SECOND_WEDNESDAYS, **changes}).text
    assert session.scalar(select(func.count(Activity.id))) == 0


def test_days_that_are_over_stand_against_the_whole(browser, eva, session, societies):
    browser.sign_in(eva).visit(NEW)
    page = browser.submit(
        status=200, **{**SECOND_WEDNESDAYS, "every": "dates", "dates": "2020-01-08 2028-01-12"}
    )
    assert "This time is over." in page.text

    make(browser, status=422)
    page = make(browser, **{"rows-0-wanted": None})

    assert "1 draft is made." in page.text


def test_societies_that_no_agreement_ties_are_refused_once(browser, eva, session, societies):
    lonely = Society(code="lone", short="Lone", name="Lone", country="DE", colour="#224466")
    session.add(lonely)
    session.flush()
    browser.sign_in(eva).visit(NEW)

    page = browser.submit(status=200, **SECOND_WEDNESDAYS, others=[str(lonely.id)])

    assert page.text.count("No agreement that covers webinars") == 2, "in the summary and the field"
    make(browser, status=422)
    assert webinars(session) == []


def test_a_title_without_a_place_for_the_number_ends_with_it():
    assert numbered("Journal club", 3) == "Journal club 3"
    assert numbered("Club #: part #", 3) == "Club 3: part #"


def test_what_is_left_as_it_is_stays_as_it_is_in_each(browser, eva, session, club):
    third = club.places[2].activity
    third.summary, third.link = "A summary of its own.", "https://meet.example/third"
    session.flush()
    browser.sign_in(eva).visit(f"/desk/series/{club.id}/change")

    page = browser.submit(minutes="45", captions="English")

    assert "6 webinars are changed." in page.text
    session.expire_all()
    held = [p.activity for p in club.places]
    assert {w.minutes for w in held} == {45}
    assert {w.captions for w in held} == {"English"}
    assert (third.summary, third.link) == ("A summary of its own.", "https://meet.example/third")
    assert [w.title for w in held][:2] == ["Journal club 1", "Journal club 2"]
    assert [s.name for s in third.speakers] == ["Dr Ida Nyström"]


def test_from_here_on_leaves_the_earlier_ones(browser, eva, session, club):
    fourth = club.places[3].activity
    browser.sign_in(eva).visit(f"/desk/series/{club.id}/change/{fourth.id}")

    browser.submit(start="19:30", title="Reading club #")

    session.expire_all()
    held = [p.activity for p in club.places]
    assert [w.starts_local[11:] for w in held] == ["18:00"] * 3 + ["19:30"] * 3
    assert [w.title for w in held] == [
        "Journal club 1", "Journal club 2", "Journal club 3",
        "Reading club 4", "Reading club 5", "Reading club 6",
    ]  # fmt: skip
    assert acts(session)[-1] == "series.changed"


def test_what_is_announced_keeps_its_hour_but_gets_the_words(browser, eva, session, club):
    first = club.places[0].activity
    first.announce(by=eva, at=now())
    session.flush()
    browser.sign_in(eva).visit(f"/desk/series/{club.id}/change")

    page = browser.submit(start="19:30", link="https://meet.example/new")

    session.expire_all()
    held = [p.activity for p in club.places]
    assert [w.starts_local[11:] for w in held] == ["18:00"] + ["19:30"] * 5
    assert {w.link for w in held} == {"https://meet.example/new"}
    assert first.changes == 1, "calendars learn of the link"
    assert "6 webinars are changed." in page.text


def test_what_has_begun_or_is_cancelled_is_left_alone(session, eva, club):
    gone = club.places[1].activity
    for place in club.places[:2]:
        place.activity.announce(by=eva, at=now())
    cancel(gone, reason="Nobody can.", by=eva, at=now())
    session.flush()

    then = at(2028, 2, 1, 12)
    assert [p.position for p in changeable(club, club.places, at=then)] == [3, 4, 5, 6]
    assert [p.position for p in changeable(club, club.places, at=now())] == [1, 3, 4, 5, 6]


def test_a_change_that_is_impossible_on_one_day_changes_none(session, eva, club):
    extra = Hour(on=date(2028, 3, 26), start=time(18), minutes=60)
    club.places[5].activity.meets([extra], "Europe/Vienna")
    session.flush()

    with pytest.raises(Refusal, match="26 March 2028: There is no such time"):
        change(club, club.places, Changes({}, start=time(2, 30)), by=eva, at=now())

    assert {p.activity.starts_local[11:] for p in club.places} == {"18:00"}


def test_a_form_that_somebody_overtook_changes_nothing(browser, eva, session, club):
    browser.sign_in(eva).visit(f"/desk/series/{club.id}/change")
    club.places[0].activity.summary = "Changed by somebody else."
    session.flush()

    page = browser.submit(status=422, captions="English")

    assert "Somebody changed the series in the meantime" in page.text
    session.expire_all()
    assert {p.activity.captions for p in club.places} == {""}


def test_sending_the_form_as_it_is_changes_nothing(browser, eva, session, club):
    for place in club.places:
        place.activity.description = "Two\nlines"
    session.flush()
    before = acts(session)
    browser.sign_in(eva).visit(f"/desk/series/{club.id}/change")

    assert "Nothing was different" in browser.submit().text
    assert acts(session) == before


def test_more_dates_go_on_in_the_words_of_the_last(browser, eva, session, club):
    browser.sign_in(eva).visit(f"/desk/series/{club.id}/dates")

    page = browser.submit(status=200, times="2")
    assert "12 July 2028" in page.text
    page = make(browser)

    assert "2 drafts are made." in page.text
    session.expire_all()
    assert [p.activity.title for p in club.places][-2:] == ["Journal club 7", "Journal club 8"]
    last = club.places[-1].activity
    assert (last.summary, last.capacity, last.link) == ("New papers.", 50, "https://meet.example/a")
    assert [s.code for s in last.societies] == ["eusomii", "siim"]


def test_what_is_ready_is_announced_and_the_rest_say_why(
    browser, eva, session, club, monkeypatch, societies
):
    unready = club.places[2].activity_id
    monkeypatch.setattr(
        "app.agenda.models.STANDING_AGAINST",
        [
            *STANDING_AGAINST,
            lambda one, at: ["Ida has not declared."] if one.id == unready else [],
        ],
    )
    browser.sign_in(eva).visit(f"/desk/series/{club.id}")

    page = browser.submit("/announcement")

    assert "5 webinars are announced." in page.text
    assert "Ida has not declared." in page.text
    session.expire_all()
    assert [p.activity.is_announced for p in club.places] == [True, True, False, True, True, True]
    assert acts(session).count("webinar.announced") == 5


def test_only_the_society_that_planned_it_reaches_a_series(browser, sam, session, club):
    browser.sign_in(sam)

    for path in ("", "/change", "/dates", f"/change/{club.places[0].activity_id}"):
        browser.visit(f"/desk/series/{club.id}{path}", status=404)
    browser.post(f"/desk/series/{club.id}/announcement", status=404)
    assert "Journal club" not in browser.visit("/desk/series").text


def test_the_pages_of_a_long_series_take_few_statements(browser, eva, session, societies):
    rule = Rule(every=Every.WEEK, start=time(18), zone="Europe/Vienna", minutes=60,
                from_on=date(2028, 1, 5), times=60)  # fmt: skip
    series = plan_series(
        session, rule, [o.hour for o in occurrences(rule)], Texts(title="Weekly"),
        is_numbered=True, capacity=None, lead=societies.eusomii, others=[], by=eva, at=now(),
    )  # fmt: skip
    browser.sign_in(eva)

    assert "Weekly 60" in browser.visit(f"/desk/series/{series.id}", budget=12).text
    assert "60 webinars" in browser.visit("/desk/series", budget=8).text
    browser.visit(f"/desk/series/{series.id}/change", budget=12)
    browser.visit(f"/desk/activities/{series.places[7].activity_id}")


def test_a_webinar_knows_its_series(browser, eva, session, club):
    page = browser.sign_in(eva).visit(f"/desk/activities/{club.places[0].activity_id}")

    assert "Its series: Journal club" in page.text
    assert session.scalar(select(func.count(SeriesPlace.activity_id))) == 6
    assert session.scalars(select(Series)).one().told_rule.times == 6
    assert timedelta(0) < club.places[1].activity.starts_at - club.places[0].activity.starts_at


def test_many_series_are_read_page_by_page(browser, eva, session, societies):
    rule = Rule(every=Every.DATES, start=time(18), zone="Europe/Vienna", minutes=60,
                from_on=date(2028, 1, 5), dates=(date(2028, 1, 5),))  # fmt: skip
    for number in range(21):
        plan_series(
            session, rule, [o.hour for o in occurrences(rule)], Texts(title=f"Club {number:02}"),
            is_numbered=False, capacity=None, lead=societies.eusomii, others=[], by=eva, at=now(),
        )  # fmt: skip

    first = browser.sign_in(eva).visit("/desk/series", budget=8)
    assert "Club 20" in first.text and "Club 00" not in first.text

    [more] = [link for link in first.links if "before=" in link]
    second = browser.visit(more, budget=8)
    assert "Club 00" in second.text and "Club 01" not in second.text


@pytest.mark.parametrize(
    "changes",
    [
        {"start": ""},
        {"minutes": "no"},
        {"rows-0-on": "nonsense"},
        {"rows-0-on": ""},
        {"from_on": "9999-12-01", "until_on": "9999-12-31"},
        {"from_on": "0001-01-01", "until_on": "0001-12-31"},
        {"every": "dates", "dates": "0001-01-01"},
        {"ordinal": "9"},
        {"weekdays": ["x"]},
        {"zone": "Mars/Olympus"},
        {"rows-0-fold": "7", "rows-0-start": "25:99"},
    ],
)
def test_a_preview_that_was_tampered_with_is_told_and_makes_nothing(
    browser, eva, session, societies, changes
):
    browser.sign_in(eva).visit(NEW)
    browser.submit(status=200, **SECOND_WEDNESDAYS)
    browser.page.inputs += [{"name": name} for name in changes]

    make(browser, status=422, **changes)

    assert webinars(session) == []


def test_whoever_joins_what_gives_credits_is_asked_after(browser, eva, session, club):
    first = club.places[0].activity
    first.announce(by=eva, at=now())
    first.has_credits = True
    session.flush()
    browser.sign_in(eva).visit(f"/desk/series/{club.id}/change")

    page = browser.submit(status=422, **{"speakers-1-name": "Dr Noor Ali"})
    assert "Dr Noor Ali has not declared financial relationships yet." in page.text

    browser.submit(declares_later="y")
    session.expire_all()
    assert {len(p.activity.speakers) for p in club.places} == {2}
