"""The words in which a rule is told: every second Wednesday of the month, at 18:00."""

from __future__ import annotations

from datetime import date

from app import locale
from app.agenda.recurrence import LAST, WORKING, Every, Rule
from app.agenda.words import listed
from app.texts import gettext as _
from app.texts import ngettext

MONDAY = date(2024, 1, 1)
"""A Monday, and the first day of a year: names of weekdays and months are read from here on."""


def told(rule: Rule) -> str:
    """Every second Wednesday of the month, 18:00 in Europe/Vienna, not in July and August"""
    said = [
        _days(rule),
        _("at %(start)s in %(zone)s", start=f"{rule.start:%H:%M}",
          zone=rule.zone.replace("_", " ")),
    ]  # fmt: skip
    if rule.without_months and rule.every is not Every.DATES:
        months = listed(month(one) for one in sorted(rule.without_months))
        said.append(_("not in %(months)s", months=months))
    return ", ".join(said)


def _days(rule: Rule) -> str:
    if rule.every is Every.DATES:
        return ngettext("On %(num)d chosen day", "On %(num)d chosen days", len(rule.dates))
    if rule.every is Every.WEEK:
        days = listed(weekday(day) for day in sorted(rule.weekdays or {rule.from_on.weekday()}))
        if rule.interval == 1:
            return _("Every week on %(days)s", days=days)
        return _("Every %(count)d weeks on %(days)s", count=rule.interval, days=days)
    if rule.every is Every.MONTH_DAY:
        which = _("day %(day)d", day=rule.day)
    else:
        which = f"{ordinals()[rule.ordinal]} {weekday(rule.weekday)}"
    if rule.interval == 1:
        return _("Every month on the %(which)s", which=which)
    return _("Every %(count)d months on the %(which)s", count=rule.interval, which=which)


def ordinals() -> dict[int, str]:
    return {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"),
            LAST: _("last")}  # fmt: skip


def weekday(number: int) -> str:
    if number == WORKING:
        return _("working day")
    return locale.full_weekday(MONDAY.replace(day=1 + number))


def month(number: int) -> str:
    return locale.month_name(MONDAY.replace(month=number))
