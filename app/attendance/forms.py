"""The shape of a report that is loaded and of a decision about a participant."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.attendance.checks import MOST
from app.attendance.local_times import Order
from app.attendance.mapping import LINES, ColumnPlan, Lines, Meaning
from app.forms import Form, ZoneField, at_most, one_line


class ReportForm(Form):
    file = FileField(
        _l("The report"),
        description=_l(
            "As Zoom, Teams or BigBlueButton gave it; or a table with the columns name, address, "
            "joined, left. Which kind it is, is found out by itself."
        ),
    )
    kept = HiddenField()
    """A seal on the file that was loaded a moment ago, so that it need not be chosen again."""
    zone = ZoneField(
        _l("Time zone of the report"),
        description=_l(
            "The zone of the account that made it. Reports do not write it down, except for the "
            "analytics of BigBlueButton."
        ),
    )
    sure = BooleanField(_l("I have looked at this. It is the right report in the right zone."))

    ask = BooleanField(
        _l("Let me say myself what the columns are"),
        description=_l("Only needed when a file was read in a wrong way."),
    )

    def validate_file(self, field: FileField) -> None:
        if not field.data and not self.kept.data:
            raise ValidationError(_l("Please choose the file of the report."))


class DecisionForm(Form):
    """Who a participant is, or why they do not count."""

    decision = RadioField(
        _l("Decision"),
        [InputRequired(_l("Please say who this is, or set them aside."))],
        choices=[("match", "match"), ("aside", "aside"), ("reopen", "reopen")],
    )
    enrolment = IntegerField(_l("This is"))
    remember = BooleanField(_l("Remember it for later webinars"))
    reason = StringField(
        _l("Why do they not count?"),
        [at_most(200), one_line],
        description=_l("For example: a colleague of the organisers, a test of the connection."),
    )

    def validate_enrolment(self, field: IntegerField) -> None:
        if self.decision.data == "match" and field.data is None:
            raise ValidationError(_l("Please choose somebody who is enrolled."))

    def validate_reason(self, field: StringField) -> None:
        if self.decision.data == "aside" and not field.data:
            raise ValidationError(_l("Please give a reason; it stays beside the name."))


class SearchForm(Form):
    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name or address"), [at_most(100)])


class ConfirmationForm(Form):
    """Yes to every suggestion that is alike enough."""

    least = IntegerField(_l("Alike by at least"), [InputRequired(), NumberRange(min=50, max=100)])


PLACE = [("", "—")]


class ColumnsForm(Form):
    """What each column of a table is. The choices of columns are the table's own headings."""

    kept = HiddenField()
    zone = HiddenField()
    name = SelectField(_l("Name"))
    address = SelectField(_l("Address"))
    joined = SelectField(_l("Joined"))
    left = SelectField(_l("Left"))
    duration = SelectField(_l("Length of time"))
    role = SelectField(_l("Role"))
    lines = RadioField(
        _l("One line is"), choices=lambda: [(k, gettext(v)) for k, v in LINES.items()]
    )
    order = SelectField(
        _l("Dates are written"),
        choices=[
            ("", _l("without any doubt")),
            ("dmy", _l("day first: 31.12.2026")),
            ("mdy", _l("month first: 12/31/2026")),
            ("ymd", _l("year first: 2026-12-31")),
        ],
    )
    hours = StringField(_l("Words for hours"), [at_most(100), one_line])
    minutes = StringField(_l("Words for minutes"), [at_most(100), one_line])
    seconds = StringField(_l("Words for seconds"), [at_most(100), one_line])

    def offer(self, headings: Sequence[str]) -> None:
        """Let every column be chosen, by its heading."""
        choices = [(str(place), name or gettext("column %(number)d", number=place + 1))
                   for place, name in enumerate(headings)]  # fmt: skip
        for meaning in Meaning:
            self[meaning].choices = PLACE + choices

    def plan(self) -> ColumnPlan:
        """What was said."""
        places = {str(one): int(self[one].data) for one in Meaning if self[one].data}
        return ColumnPlan(
            places, Lines(self.lines.data), Order(self.order.data) if self.order.data else None,
            *(tuple((self[unit].data or "").replace(",", " ").split())
              for unit in ("hours", "minutes", "seconds")),
        )  # fmt: skip

    def fill(self, plan: ColumnPlan) -> None:
        """Begin with what the columns may be."""
        for meaning, place in plan.columns.items():
            self[meaning].data = str(place)
        self.lines.data, self.order.data = str(plan.lines), str(plan.order or "")

    def validate_name(self, field: SelectField) -> None:
        if not field.data and not self.address.data:
            raise ValidationError(_l("Please choose the column with the name or the address."))

    def validate_joined(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_l("Please choose the column that says when somebody joined."))

    def validate_left(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_l("Please choose the column that says when somebody left."))
        if field.data == self.joined.data:
            raise ValidationError(_l("This column is chosen for joining already."))

    def validate_duration(self, field: SelectField) -> None:
        if self.lines.data == Lines.TOTALS and not field.data:
            raise ValidationError(_l("Please choose the column with the total."))


class ScheduleForm(Form):
    """So many codes at random moments."""

    count = IntegerField(_l("How many"), [InputRequired(), NumberRange(min=1, max=MOST)], default=3)
    minutes = IntegerField(
        _l("Minutes to answer each"), [InputRequired(), NumberRange(min=1, max=15)], default=3
    )


class ShowNowForm(Form):
    """One code from now on."""

    open_minutes = IntegerField(
        _l("Minutes to answer"), [InputRequired(), NumberRange(min=1, max=15)], default=3
    )


class CodeForm(Form):
    """The word that somebody sees on the screen."""

    word = StringField(
        _l("The code on the screen"),
        [InputRequired(_l("Please type the code that is on the screen.")), at_most(60), one_line],
        description=_l("A word and a number. Capitals and accents do not matter."),
    )
