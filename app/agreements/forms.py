"""What the desk asks for about agreements."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.agreements import words
from app.forms import Form, ManyField, MarkdownField, at_most, one_line


class AgreementForm(Form):
    """A memorandum of understanding as it was signed."""

    title = StringField(
        _l("Title"), [InputRequired(_l("Give it a title.")), at_most(200), one_line]
    )
    summary = MarkdownField(_l("Summary"), [at_most(1000)])
    parties = ManyField(_l("Between"), coerce=int)
    scopes = ManyField(_l("What it covers"), choices=lambda: list(words.scopes().items()))
    announced_on = DateField(_l("Announced on"), [InputRequired(_l("When was it announced?"))])
    from_on = DateField(
        _l("In force from"), [InputRequired(_l("From which day on is it in force?"))]
    )
    until_on = DateField(_l("Last day"), [Optional()], description=_l("Empty: no end is agreed."))

    @property
    def days(self) -> tuple[date, date, date | None]:
        """Announced on, in force from, last day; asked of a form that is valid."""
        announced_on, from_on = self.announced_on.data, self.from_on.data
        assert announced_on is not None
        assert from_on is not None
        return announced_on, from_on, self.until_on.data

    def validate_parties(self, field: ManyField) -> None:
        if len(field.data or ()) < 2:
            raise ValidationError(_l("An agreement has at least two parties."))

    def validate_scopes(self, field: ManyField) -> None:
        if not field.data:
            raise ValidationError(_l("Say what it covers."))

    def validate_until_on(self, field: DateField) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(_l("This is before it comes into force."))


class TerminationForm(Form):
    """The day on which an agreement ends, and why."""

    on = DateField(
        _l("First day without it"), [InputRequired(_l("On which day does it end?"))],
        description=_l("From this day on nothing new carries its marks together."),
    )  # fmt: skip
    reason = StringField(
        _l("Reason"), [InputRequired(_l("Say why it ends.")), at_most(500), one_line]
    )
