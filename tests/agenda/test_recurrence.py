"""How series recur: against counting days one by one, and against the clocks of a zone."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.agenda.obstacles import FARTHEST_YEARS
from app.agenda.recurrence import LAST, MOST, WORKING, Every, Rule, occurrences

VIENNA = "Europe/Vienna"


def rule(every=Every.MONTH, from_on=date(2027, 1, 1), **facts):
    sound = {"start": time(18), "zone": VIENNA, "minutes": 60}
    return Rule(every=every, from_on=from_on, **{**sound, **facts})


def days(rule):
    return [one.on for one in occurrences(rule)]


def counted(rule):
    """The days of a rule, found by looking at every single day until its end."""
    found, day = [], rule.from_on
    end = rule.until_on or date.max
    while day <= end and day.year <= rule.from_on.year + FARTHEST_YEARS:
        if day.month not in rule.without_months and falls(rule, day):
            found.append(day)
        day += timedelta(days=1)
    return found[: rule.times][:MOST]


def falls(rule, day):
    if rule.every is Every.WEEK:
        weeks = (monday(day) - monday(rule.from_on)).days // 7
        wanted = rule.weekdays or {rule.from_on.weekday()}
        return weeks % rule.interval == 0 and day.weekday() in wanted
    months = (day.year - rule.from_on.year) * 12 + day.month - rule.from_on.month
    if months % rule.interval:
        return False
    if rule.every is Every.MONTH_DAY:
        return day.day == rule.day
    meant = {0, 1, 2, 3, 4} if rule.weekday == WORKING else {rule.weekday}
    all_days = range(1, monthrange(day.year, day.month)[1] + 1)
    like_it = [n for n in all_days if day.replace(day=n).weekday() in meant]
    place = -1 if rule.ordinal == LAST else rule.ordinal - 1
    return place < len(like_it) and like_it[place] == day.day


def monday(day):
    return day - timedelta(days=day.weekday())


first_days = some.dates(date(2024, 1, 1), date(2032, 12, 31))
rules = some.builds(
    Rule,
    every=some.sampled_from([Every.WEEK, Every.MONTH, Every.MONTH_DAY]),
    start=some.just(time(18)),
    zone=some.just(VIENNA),
    minutes=some.just(60),
    from_on=first_days,
    until_on=some.none() | some.dates(date(2024, 1, 1), date(2036, 12, 31)),
    times=some.none() | some.integers(1, 70),
    interval=some.integers(1, 5),
    weekdays=some.frozensets(some.integers(0, 6), max_size=3),
    ordinal=some.sampled_from([1, 2, 3, 4, 5, LAST]),
    weekday=some.integers(0, 7),
    day=some.integers(1, 31),
    without_months=some.frozensets(some.integers(1, 12), max_size=12),
)


@given(rules)
def test_the_days_are_those_that_counting_every_day_finds(rule):
    assert days(rule) == counted(rule)


@given(rules)
def test_a_rule_is_the_same_after_it_was_kept(rule):
    assert Rule.read(json.loads(json.dumps(rule.written))) == rule


def test_the_second_wednesday_but_not_in_summer():
    found = days(rule(ordinal=2, weekday=2, times=8, without_months=frozenset({7, 8})))

    assert found == [
        date(2027, 1, 13), date(2027, 2, 10), date(2027, 3, 10), date(2027, 4, 14),
        date(2027, 5, 12), date(2027, 6, 9), date(2027, 9, 8), date(2027, 10, 13),
    ]  # fmt: skip


def test_a_fifth_friday_is_only_in_months_that_have_one():
    found = days(rule(ordinal=5, weekday=4, until_on=date(2027, 12, 31)))

    assert found == [date(2027, 1, 29), date(2027, 4, 30), date(2027, 7, 30), date(2027, 10, 29),
                     date(2027, 12, 31)]  # fmt: skip


def test_the_29th_of_february_is_met_in_leap_years_alone():
    only_february = frozenset({*range(1, 13)} - {2})
    monthly = rule(Every.MONTH_DAY, date(2026, 1, 1), day=29, without_months=only_february)
    weekly = rule(Every.WEEK, date(2028, 2, 22), times=3)

    assert days(monthly) == [date(2028, 2, 29)]
    assert days(weekly) == [date(2028, 2, 22), date(2028, 2, 29), date(2028, 3, 7)]


def test_the_last_working_day_is_no_saturday():
    found = days(rule(ordinal=LAST, weekday=WORKING, times=3))

    assert found == [date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 31)]


def test_a_list_of_dates_is_put_in_order_and_each_counts_once():
    listed = (date(2027, 5, 4), date(2027, 3, 2), date(2027, 5, 4))

    assert days(rule(Every.DATES, dates=listed)) == [date(2027, 3, 2), date(2027, 5, 4)]


def test_a_rule_of_days_that_do_not_exist_ends_all_the_same():
    never = frozenset({*range(1, 13)} - {2})

    assert days(rule(Every.MONTH_DAY, day=31, without_months=never)) == []
    assert days(rule(without_months=frozenset(range(1, 13)))) == []
    assert days(rule(until_on=date(2026, 1, 1))) == []


def test_the_hour_stays_on_the_wall_while_the_clocks_are_set():
    met = occurrences(rule(Every.WEEK, date(2027, 3, 24), times=2))

    assert [one.local.hour for one in met] == [18, 18]
    assert [one.moments[0].hour for one in met] == [17, 16]
    assert [one.gap for one in met] == [None, None]


@pytest.mark.parametrize(("on", "moments"), [(date(2027, 3, 28), 0), (date(2027, 10, 31), 2)])
def test_half_past_two_is_skipped_in_march_and_comes_twice_in_october(on, moments):
    before, then = occurrences(rule(Every.WEEK, on - timedelta(days=7), start=time(2, 30), times=2))

    assert (len(before.moments), before.gap) == (1, None)
    assert len(then.moments) == moments
    assert (then.gap is not None) is (moments == 0)
