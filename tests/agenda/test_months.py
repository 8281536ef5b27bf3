"""The month view: around the settings of the clocks, the ends of years, and other zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.agenda.months import days, month_after, month_before, read_month, stretch
from tests.agenda.conftest import at


def cell(page, day):
    """The text of one day of the grid."""
    start = page.html.index(f'<time datetime="{day}"')
    return page.html[start : page.html.index("</td>", start)]


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-1", "2026-1", "1999-12", "2100-01",
                                  "２０２６-10", "2026-10-14", ""])  # fmt: skip
def test_a_month_that_is_none_is_not_found(text):
    assert read_month(text) is None


def test_months_follow_each_other_over_the_year():
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_before(date(2027, 1, 1)) == date(2026, 12, 1)
    assert month_before(date(2000, 1, 1)) is None
    assert month_after(date(2099, 12, 1)) is None


def test_a_grid_reaches_from_midnight_to_midnight_when_the_clocks_are_set():
    begin, end = stretch(days(date(2026, 10, 1)), "Europe/Vienna")

    assert begin == datetime(2026, 9, 27, 22, tzinfo=UTC)
    assert end == datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert end - begin == timedelta(days=35, hours=1)


def test_both_hours_of_the_night_in_which_clocks_are_set_back_stand_on_their_day(browser, announce):
    announce("First of two", starts_at=at(2027, 10, 31, 2, 30, fold=0), minutes=30)
    announce("Second of two", starts_at=at(2027, 10, 31, 2, 30, fold=1), minutes=30)

    day = cell(browser.visit("/agenda/month/2027-10"), "2027-10-31")

    assert day.index("First of two") < day.index("Second of two")
    assert day.count("02:30") == 2


def test_the_last_hour_of_a_year_belongs_to_it_and_the_first_to_the_next(browser, announce):
    announce("Old year", starts_at=at(2027, 12, 31, 23, 30), minutes=20)
    announce("New year", starts_at=at(2028, 1, 1, 0, 0), minutes=20)

    december = browser.visit("/agenda/month/2027-12")

    assert "Old year" in cell(december, "2027-12-31")
    assert "New year" in cell(december, "2028-01-01")
    assert "/agenda/month/2028-01" in december.links


def test_the_month_is_that_of_the_readers_zone(browser, ana, announce):
    announce("Across the line", starts_at=at(2027, 12, 31, 23, 30), minutes=20)
    ana.zone = "Pacific/Auckland"

    january = browser.sign_in(ana).visit("/agenda/month/2028-01")

    assert "Across the line" in cell(january, "2028-01-01")
    assert "11:30" in cell(january, "2028-01-01")


def test_the_month_has_the_filters_of_the_list(browser, announce, societies):
    announce("With SIIM", starts_at=at(2027, 6, 9, 18), others=[societies.siim])
    announce("Alone", starts_at=at(2027, 6, 9, 19))

    page = browser.visit("/agenda/month/2027-06?society=siim")

    assert "With SIIM" in page.text
    assert "Alone" not in page.text
    assert "/agenda/month/2027-07?society=siim" in page.links


def test_an_empty_month_says_so(browser, societies):
    assert "Nothing is announced for this month" in browser.visit("/agenda/month/2027-06").text
    browser.visit("/agenda/month/2027-13", status=404)


def test_this_month_is_the_readers(browser, societies):
    page = browser.visit("/agenda/month/", status=302)

    assert "/agenda/month/20" in page.response.headers["Location"]
