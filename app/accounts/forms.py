"""What people are asked about themselves."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, ValidationError

from app.accounts import password
from app.accounts.models import Person, Profession
from app.forms import CountryField, Form, LanguageField, ZoneField, at_most, offered, one_line, tidy

OWN_WORDS = ("confer", "eusomii", "siim", "efrs", "radiology", "imaging", "informatics")

PROFESSIONS = {
    Profession.RADIOLOGIST: _l("Radiologist"),
    Profession.RADIOGRAPHER: _l("Radiographer"),
    Profession.CLINICIAN: _l("Clinician"),
    Profession.ENGINEER: _l("Engineer"),
    Profession.COMPUTER_SCIENTIST: _l("Computer scientist"),
    Profession.DATA_SCIENTIST: _l("Data scientist"),
    Profession.IMAGING_INFORMATICS: _l("Imaging informatics professional"),
    Profession.INDUSTRY: _l("Working in industry"),
    Profession.MANAGER: _l("Manager"),
    Profession.POLICY_MAKER: _l("Policy maker"),
    Profession.RADIOLOGY_TRAINEE: _l("Trainee in radiology"),
    Profession.ENGINEERING_TRAINEE: _l("Trainee in engineering"),
    Profession.COMPUTER_SCIENCE_TRAINEE: _l("Trainee in computer science"),
    Profession.OTHER: _l("Something else"),
}


def ascii_address(text: Any) -> Any:
    """The address with its domain as mail servers spell it; what is no address stays as it is."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).ascii_email
    except (EmailNotValidError, TypeError):
        return text


def letters(_form: Form, field: Field) -> None:
    """A name has letters, and nothing that turns the reading direction around unseen."""
    if not any(c.isalpha() for c in field.data or ""):
        raise ValidationError(_l("Please write your name in letters."))
    if any(unicodedata.bidirectional(c) in _TURNS for c in field.data):
        raise ValidationError(_l("Please remove the invisible control characters."))


_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class AddressField(EmailField):
    data: Any

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        known = [
            DataRequired(_l("Please give your e-mail address.")),
            at_most(254),
            Email(_l("This does not look like an e-mail address."), allow_smtputf8=False),
        ]
        super().__init__(label, known, **{**kwargs, "filters": [tidy, ascii_address]})


class SecretField(PasswordField):
    """A password: taken as it was typed, white space and all."""

    data: Any

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        asked = [InputRequired(_l("Please give a password."))]
        super().__init__(label, asked, **{**kwargs, "filters": []})


class NameField(StringField):
    data: Any

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        asked = [DataRequired(_l("Please give your name.")), at_most(150), one_line, letters]
        super().__init__(label, asked, **kwargs)


class ProfessionField(SelectField):
    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        choices = [("", "—"), *((str(kind), words) for kind, words in PROFESSIONS.items())]
        asked = [DataRequired(_l("Please choose what fits best."))]
        super().__init__(label, asked, choices=offered(choices), **kwargs)


def country_field() -> Any:
    return CountryField(_l("Country"), validators=[DataRequired(_l("Please choose a country."))])


def zone_field() -> Any:
    return ZoneField(
        _l("Time zone"),
        default="Europe/Vienna",
        description=_l("Dates and times of webinars are shown to you in this zone."),
    )


class SignUpForm(Form):
    name = NameField(
        _l("Your name"), description=_l("As it shall be printed on your certificates.")
    )
    address = AddressField(_l("E-mail address"))
    password = SecretField(
        _l("Password"),
        description=_l("At least 12 characters. A few unrelated words are good and easy to keep."),
    )
    profession = ProfessionField(_l("What you do"))
    country = country_field()
    zone = zone_field()

    def validate_password(self, field: Field) -> None:
        _weigh(field, [self.name.data or "", self.address.data or ""])


class SignInForm(Form):
    address = AddressField(_l("E-mail address"))
    password = SecretField(_l("Password"))


class ForgottenForm(Form):
    address = AddressField(_l("E-mail address"))


class NewPasswordForm(Form):
    """A new password, weighed against its person's own words."""

    person: Person
    password = SecretField(_l("New password"), description=_l("At least 12 characters."))

    def validate_password(self, field: Field) -> None:
        _weigh(field, [self.person.name, *(a.address for a in self.person.addresses)])


class ChangePasswordForm(NewPasswordForm):
    current = SecretField(_l("Your password until now"))


class ProfileForm(Form):
    name = NameField(
        _l("Your name"),
        description=_l("As it shall be printed. What was issued keeps the name it was issued to."),
    )
    profession = ProfessionField(_l("What you do"))
    country = country_field()
    zone = zone_field()
    language = LanguageField(
        _l("Language"),
        description=_l("Confer speaks English so far, and yours as soon as it is translated."),
    )


class AddressForm(Form):
    address = AddressField(_l("Another e-mail address"))


class ButtonForm(Form):
    """A form that is only its button."""


def _weigh(field: Field, own: list[str]) -> None:
    if found := password.obstacles(field.data or "", [*own, *OWN_WORDS]):
        raise ValidationError(" ".join(found))
