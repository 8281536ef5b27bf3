"""The shape of input: one base form, the fields that several rooms need, and how a form answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app import locale


def tidy(value: Any) -> Any:
    """NFC, without white space at the ends; what is not text stays as it is."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


class Form(FlaskForm):
    """A form of Confer: text is tidied and holds no characters that no text holds."""

    class Meta:
        csrf = True

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            if issubclass(unbound_field.field_class, StringField):
                filters = [tidy, *unbound_field.kwargs.get("filters", [])]
                options = (
                    {**options, "filters": filters}
                    if "filters" not in unbound_field.kwargs
                    else options
                )
            if isinstance(choices := unbound_field.kwargs.get("choices"), list):
                options = {**options, "choices": offered(choices)}
            return unbound_field.bind(form=form, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for field in self:
            if isinstance(field.data, str) and (fault := unprintable(field.data)):
                field.errors = [*field.errors, fault]
                field.data = "".join(c for c in field.data if not _is_forbidden(c))
                field.raw_data = [field.data]
                valid = False
            elif field.data == "" and not field.errors and (required := _required(field)):
                field.errors = [required.message or field.gettext("This field is required.")]
                valid = False
        return valid


def offered(choices: Sequence[tuple[Any, Any] | SelectChoice]) -> list[SelectChoice]:
    """Choices as fields take them; rooms write them as pairs of a value and its words."""
    return [SelectChoice(*one) if isinstance(one, tuple) else one for one in choices]


def _required(field: Field) -> InputRequired | None:
    """The field's own demand for text; white space alone does not meet it."""
    return next((v for v in field.validators if isinstance(v, InputRequired)), None)


def unprintable(text: str) -> str:
    """What to say of a text with control characters or lone surrogates, if it has any."""
    return (
        str(_l("Please remove the invisible control characters."))
        if any(map(_is_forbidden, text))
        else ""
    )


def _is_forbidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t"


class ChoiceField(SelectField):
    """A select that says which value it did not know."""


class ManyField(SelectMultipleField):
    """Check boxes, one for each choice."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ZoneField(SelectField):
    """An IANA time zone."""

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        super().__init__(
            label, choices=lambda: [(name, name) for name in sorted(locale.zones())], **kwargs
        )


class CountryField(SelectField):
    """An ISO 3166 country."""

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, choices=lambda: [("", "—"), *locale.countries()], **kwargs)


class LanguageField(SelectField):
    """A language in which people teach and learn."""

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, choices=locale.languages, **kwargs)


class MarkdownField(TextAreaField):
    """Long text in Markdown."""


def at_most(length: int) -> Length:
    return Length(max=length, message=_l("Please keep this to %(max)d characters."))


def one_line(form: Form, field: Field) -> None:
    """A single line of text."""
    if field.data and any(c in field.data for c in "\r\n"):
        raise ValidationError(_l("Please keep this to one line."))


def render_form(template: str, form: Form, **context: Any) -> Response | tuple[str, int]:
    """The page of a form: 200 when it is new, 422 when what came needs another look."""
    page = render_template(template, form=form, **context)
    return (page, 422) if form.is_submitted() else (page, 200)
