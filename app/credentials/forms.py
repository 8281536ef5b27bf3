"""What holders and staff say about credentials."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SearchField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app import locale
from app.clock import today
from app.forms import Form, at_most


class RevocationForm(Form):
    """Why and from when a credential is withdrawn, for ever."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Please say why. The reason is kept for ever.")),
            Length(10, 1000, _l("Please say it in one or two sentences, 10 to 1,000 characters.")),
        ],
    )
    on = DateField(
        _l("From"), [InputRequired(_l("Please name the day, as year-month-day."))], default=today
    )

    def __init__(self, *, earliest: date, **more: Any) -> None:
        super().__init__(**more)
        self.earliest = earliest

    def validate_on(self, field: DateField) -> None:
        if field.data and not self.earliest <= field.data <= today():
            raise ValidationError(
                _("Please name a day from %(day)s to today.", day=locale.day(self.earliest))
            )


class SuspensionForm(RevocationForm):
    """Why and from when a credential does not count for a while."""


class ReinstatementForm(RevocationForm):
    """Why and from when it counts again."""


class DeclineForm(Form):
    """Why a correction is declined."""

    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Please say why.")), at_most(1000)])


class SearchForm(Form):
    """Finding a credential."""

    q = SearchField(_l("Serial or name"), [at_most(200)])
