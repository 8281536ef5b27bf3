"""The shape of what people say about their enrolments."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from app.enrolments.booking import below_taken
from app.forms import Form, at_most


class WithdrawalForm(Form):
    reason = TextAreaField(
        _l("Why do you leave?"),
        [at_most(500)],
        description=_l("The organisers read it. You need not say."),
    )


class CapacityForm(Form):
    capacity = IntegerField(
        _l("Places"),
        [Optional(), NumberRange(1, 100_000, _l("Please give a number from 1 to 100,000."))],
        description=_l("Empty means as many as come. More places go at once to those who wait."),
    )

    def __init__(self, taken: int, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.taken = taken

    def validate_capacity(self, field: IntegerField) -> None:
        if field.data is not None and field.data < self.taken:
            raise ValidationError(below_taken(self.taken))


class SearchForm(Form):
    """Who is looked for; sent by GET."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name or address"), [at_most(100)])
