"""The form of the component page, good and bad."""

from datetime import date, time

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)

from app.forms import Form, ManyField, MarkdownField

SOCIETIES = [("eusomii", "EuSoMII"), ("siim", "SIIM"), ("efrs", "EFRS")]


class Sample(Form):
    """One field of every kind."""

    title = StringField(_l("Title"), description=_l("As it shall stand on the agenda."))
    description = MarkdownField(_l("Description"))
    on = DateField(_l("Date"), default=date(2026, 10, 14))
    at = TimeField(_l("Starts"), default=time(18))
    minutes = IntegerField(_l("Length in minutes"), default=90)
    level = SelectField(_l("Level"), choices=[("i", _l("introductory")), ("a", _l("advanced"))])
    kind = RadioField(
        _l("Kind"),
        choices=[("webinar", _l("webinar")), ("course", _l("course"))],
        default="webinar",
    )
    societies = ManyField(_l("Together with"), choices=SOCIETIES, default=["siim"])
    agreed = BooleanField(_l("The speakers have agreed."))
    password = PasswordField(_l("Password"))
    file = FileField(_l("Report"), description=_l("CSV, at most 8 MB."))


class BadSample(Sample):
    """The same, with something wrong in every field."""

    def fill_with_faults(self) -> None:
        for field in self:
            if field.type not in {"CSRFTokenField"}:
                field.errors = [
                    _l("Please look at this once more: it says what is wrong and what to do.")
                ]
