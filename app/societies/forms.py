"""What the desk asks for about societies and mandates."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import ColorInput

from app.forms import CountryField, Form, MarkdownField, at_most, one_line
from app.societies import words
from app.societies.models import Office


class SocietyForm(Form):
    """A society as its pages and documents name it."""

    name = StringField(
        _l("Full name"), [InputRequired(_l("What is it called?")), at_most(200), one_line]
    )
    short = StringField(
        _l("Short name"),
        [InputRequired(_l("How is it called for short?")), at_most(30), one_line],
        description=_l("As it stands on the agenda and in its wordmark, such as SIIM."),
    )
    code = StringField(
        _l("Code"),
        [InputRequired(_l("It needs a code for its address.")), at_most(30)],
        description=_l("Small letters and digits, for addresses of pages. It never changes."),
    )
    country = CountryField(_l("Country"), validators=[InputRequired(_l("Where is its seat?"))])
    colour = StringField(_l("Colour"), widget=ColorInput(), default="#0b5d66")
    website = StringField(_l("Website"), [at_most(300), one_line])
    summary = MarkdownField(_l("About it"), [at_most(5000)])

    def validate_code(self, field: StringField) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]*", field.data or ""):
            raise ValidationError(_l("A code is made of small letters and digits, such as siim."))

    def validate_colour(self, field: StringField) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", field.data or ""):
            raise ValidationError(_l("A colour reads #rrggbb, such as #0b5d66."))

    def validate_website(self, field: StringField) -> None:
        if field.data and not re.match(r"https?://[^\s/]", field.data):
            raise ValidationError(_l("An address begins with https://."))


class MandateForm(Form):
    """Who holds which office, where, from when until when."""

    address = EmailField(
        _l("E-mail address of the person"),
        [InputRequired(_l("Whose mandate is it? Give the address of their account."))],
        description=_l("They need an account here, with this address confirmed."),
    )
    office = SelectField(_l("Office"), choices=lambda: list(words.offices().items()))
    society = SelectField(
        _l("Society"), description=_l("Platform administrators belong to no society.")
    )
    from_on = DateField(_l("From"), [InputRequired(_l("From which day on?"))])
    until_on = DateField(
        _l("Until"), [Optional()], description=_l("The last day. Empty: until it is ended.")
    )

    def validate_society(self, field: SelectField) -> None:
        is_platform = self.office.data == Office.PLATFORM_ADMINISTRATOR
        if is_platform and field.data:
            raise ValidationError(_l("Platform administrators belong to no society."))
        if not is_platform and not field.data:
            raise ValidationError(_l("In which society?"))

    def validate_until_on(self, field: DateField) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(_l("This is before the mandate begins."))


class EndForm(Form):
    """Why a mandate ends now."""

    reason = StringField(
        _l("Reason"), [InputRequired(_l("Say why it ends.")), at_most(300), one_line]
    )
