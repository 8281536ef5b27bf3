"""What the pages of a series ask for: how it recurs, which of its days, and what to change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import HiddenInput

from app.agenda import recurrence_words
from app.agenda.forms import PlanForm, TextsForm, fold_field, link_field
from app.agenda.models import Kind
from app.agenda.months import FIRST_YEAR, LAST_YEAR
from app.agenda.obstacles import LONGEST, SHORTEST, Skipped, Twice
from app.agenda.planning import Hour
from app.agenda.recurrence import MOST, WORKING, Every, Occurrence, Rule
from app.agenda.series import OnDay
from app.forms import Form, ManyField, ZoneField, at_most

WHOLE = frozenset({"others", "capacity", "link"})
"""What stands against every day alike is told once, at its field."""
NUMBERS = NumberRange(1, MOST, _l("Between 1 and %(max)s, please."))


class DayForm(Form):
    """A day of the preview: whether it is wanted, and what the clocks leave open."""

    class Meta(Form.Meta):
        csrf = False

    asks_for_start = False
    """Whether the clocks skip the hour of the series on that day."""
    on = DateField(widget=HiddenInput())
    wanted = BooleanField(_l("Plan it"), default=True)
    start = TimeField(_l("Start that day"), [Optional()])
    fold = fold_field()


def is_empty(field: Field) -> bool:
    return not field.raw_data or not str(field.raw_data[0]).strip()


def needs_a_beginning(form: Form, field: Field) -> None:
    """A rule has its first day; a list of days has them all."""
    if form["every"].data != Every.DATES and is_empty(field):
        field.errors = []
        raise StopValidation(_("From which day on?"))


def in_our_time(form: Form, field: Field) -> None:
    """A year in which somebody may have meant to plan."""
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Is the year right?"))


def needs_an_end(form: Form, field: Field) -> None:
    """A rule has a last day or a number of webinars."""
    if form["every"].data != Every.DATES and is_empty(field) and not form["times"].data:
        field.errors = []
        raise StopValidation(_("Say until when, or how many webinars it has."))


def comes_after(form: Form, field: Field) -> None:
    """The last day is not before the first."""
    first = form["from_on"].data
    if form["every"].data != Every.DATES and field.data and first and field.data < first:
        raise ValidationError(_("This is before the first day."))


class RuleForm(Form):
    """How a series recurs, and the preview of its days."""

    every = RadioField(
        _l("How it recurs"),
        choices=lambda: [
            (str(Every.MONTH), _("On a weekday of the month")),
            (str(Every.WEEK), _("Every week, or every few weeks")),
            (str(Every.MONTH_DAY), _("On a day of the month")),
            (str(Every.DATES), _("On days that I list")),
        ],
        default=str(Every.MONTH),
    )
    ordinal = SelectField(
        _l("Which"),
        coerce=int,
        choices=lambda: list(recurrence_words.ordinals().items()),
        default=1,
    )
    weekday = SelectField(
        _l("Weekday"),
        coerce=int,
        choices=lambda: [(n, recurrence_words.weekday(n)) for n in (*range(7), WORKING)],
        default=2,
    )
    weekdays = ManyField(
        _l("On"),
        coerce=int,
        choices=lambda: [(n, recurrence_words.weekday(n)) for n in range(7)],
        description=_l("None ticked means the weekday of the first day."),
    )
    day = IntegerField(
        _l("Day of the month"),
        [Optional(), NumberRange(1, 31, _l("A day from 1 to 31."))],
        default=1,
        description=_l("A month without this day is passed over."),
    )
    dates = TextAreaField(
        _l("Days"),
        [at_most(2000)],
        description=_l("One on each line, as 2027-03-14."),
    )
    interval = IntegerField(
        _l("Every so many weeks or months"),
        [Optional(), NumberRange(1, 24, _l("Between 1 and 24, please."))],
        default=1,
    )
    from_on = DateField(_l("From"), [needs_a_beginning, Optional(), in_our_time])
    until_on = DateField(_l("Until"), [needs_an_end, Optional(), in_our_time, comes_after])
    times = IntegerField(_l("Or how many"), [Optional(), NUMBERS])
    without_months = ManyField(
        _l("Not in"),
        coerce=int,
        choices=lambda: [(n, recurrence_words.month(n)) for n in range(1, 13)],
    )
    start = TimeField(_l("Start"), [InputRequired(_l("At what time?"))], default=time(18))
    minutes = IntegerField(
        _l("Length in minutes"),
        [
            InputRequired(_l("How long is it?")),
            NumberRange(SHORTEST, LONGEST, _l("From %(min)s minutes to 12 hours (720).")),
        ],
        default=60,
    )
    zone = ZoneField(_l("Time zone of day and start"))
    rows = FieldList(FormField(DayForm), max_entries=MOST)

    def validate_dates(self, field: TextAreaField) -> None:
        if self.every.data != Every.DATES:
            return
        words = _words(field.data or "")
        if not words:
            raise ValidationError(_l("List at least one day, as 2027-03-14."))
        if wrong := [word for word in words if _day(word) is None]:
            raise ValidationError(_("“%(word)s” is no day. Write it as 2027-03-14.", word=wrong[0]))
        if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in listed(" ".join(words))):
            raise ValidationError(_("Is the year right?"))

    @property
    def rule(self) -> Rule:
        """What was entered, once it is valid."""
        assert self.start.data is not None
        assert self.minutes.data is not None
        dates = tuple(listed(self.dates.data or ""))
        every = Every(self.every.data)
        is_listed = every is Every.DATES
        first = dates[0] if is_listed else self.from_on.data
        assert first is not None
        return Rule(
            every=every, start=self.start.data, zone=self.zone.data, minutes=self.minutes.data,
            from_on=first,
            until_on=None if is_listed else self.until_on.data,
            times=None if is_listed else self.times.data, interval=self.interval.data or 1,
            weekdays=frozenset(self.weekdays.data or ()), ordinal=self.ordinal.data,
            weekday=self.weekday.data, day=self.day.data or 1,
            without_months=frozenset(self.without_months.data or ()),
            dates=dates if is_listed else (),
        )  # fmt: skip

    def is_shown(self, days: Sequence[Occurrence]) -> bool:
        """Whether these are the days that the preview showed."""
        return [row.form.on.data for row in self.rows] == [day.on for day in days]

    def show(self, days: Sequence[Occurrence]) -> None:
        """Put these days into the preview; what was said of a day before stands."""
        said = {row.form.on.data: row.form for row in self.rows}
        self.rows.entries.clear()
        self.rows.last_index = -1
        for day in days:
            before = said.get(day.on)
            self.rows.append_entry({
                "on": day.on,
                "wanted": before.wanted.data if before is not None else True,
                "start": before.start.data if before is not None else None,
                "fold": before.fold.data if before is not None else None,
            })  # fmt: skip

    def drop_unreadable_days(self) -> None:
        """Let a preview go that cannot be read; it is shown anew."""
        if self.rows.errors:
            self.rows.entries.clear()
            self.rows.errors = []
            self.every.errors = [_("The days cannot be read as they came. Have them shown anew.")]

    def hour(self, row: DayForm) -> Hour:
        """The hour of a row of the preview."""
        return Hour(
            on=row.on.data, start=row.start.data or self.start.data, minutes=self.minutes.data,
            fold=row.fold.data if row.fold.data in {0, 1} else None,
        )  # fmt: skip

    @property
    def wanted(self) -> list[Hour]:
        return [self.hour(row.form) for row in self.rows if row.form.wanted.data]

    def refuse_days(self, found: Sequence[OnDay]) -> bool:
        """Tell at its row what stands against a day; whether there was anything."""
        rows = {row.form.on.data: row.form for row in self.rows}
        for one in found:
            if one.field in WHOLE and one.field in self:
                self[one.field].errors = self[one.field].errors or [str(one.obstacle)]
                continue
            row = rows[one.on]
            name = one.field if one.field in {"start", "fold"} else "wanted"
            row[name].errors = [*row[name].errors, str(one.obstacle)]
            self.rows.errors = [*self.rows.errors, str(one)]
            if isinstance(one.obstacle, Twice):
                row.fold.choices = one.obstacle.choices
            row.asks_for_start = isinstance(one.obstacle, Skipped)
        return bool(found)


class SeriesForm(RuleForm, PlanForm):
    """A series to come: the words of its webinars, who holds it, and when."""

    kind = Kind.WEBINAR
    link = link_field()
    is_numbered = BooleanField(
        _l("Number the titles"),
        default=True,
        description=_l(
            "A # in the title stands for the number, as in “Journal club #: chest”; without one "
            "it comes last."
        ),
    )


class DatesForm(RuleForm):
    """Further days of a series."""


class ChangeForm(TextsForm):
    """What to change in several webinars at once: what is left as it is changes nothing."""

    link = link_field()
    start = TimeField(_l("Start"), [InputRequired(_l("At what time?"))])
    minutes = IntegerField(
        _l("Length in minutes"),
        [
            InputRequired(_l("How long is it?")),
            NumberRange(SHORTEST, LONGEST, _l("From %(min)s minutes to 12 hours (720).")),
        ],
    )
    seen = HiddenField()
    """What the form was filled with, so that nothing is taken for a change that was none."""


def listed(text: str) -> list[date]:
    """The days of a list, one a line or between commas, in order."""
    return sorted({day for word in _words(text) if (day := _day(word))})


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def begun(rule: Rule) -> dict[str, Any]:
    """What a form about further days starts with: the rule as it was, from the next day on."""
    return {
        "every": str(rule.every), "ordinal": rule.ordinal, "weekday": rule.weekday,
        "weekdays": sorted(rule.weekdays), "day": rule.day, "interval": rule.interval,
        "without_months": sorted(rule.without_months), "start": rule.start,
        "minutes": rule.minutes, "zone": rule.zone,
    }  # fmt: skip
