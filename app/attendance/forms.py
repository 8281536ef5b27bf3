"""The shape of a report that is loaded and of a decision about a participant."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.forms import Form, ZoneField, at_most, one_line


class ReportForm(Form):
    file = FileField(
        _l("The report"),
        description=_l("The attendee report of the Zoom webinar, as a CSV file, as Zoom gave it."),
    )
    kept = HiddenField()
    """A seal on the file that was loaded a moment ago, so that it need not be chosen again."""
    zone = ZoneField(
        _l("Time zone of the report"),
        description=_l("The zone of the Zoom account that made it. Zoom does not write it down."),
    )
    sure = BooleanField(_l("I have looked at this. It is the right report in the right zone."))

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
