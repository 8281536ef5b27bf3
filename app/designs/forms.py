"""What the desk asks for about a design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import ColorInput

from app import locale
from app.designs import choices, comparing
from app.designs.catalogue import SHEETS
from app.designs.models import Occasion
from app.forms import ChoiceField, Form, at_most, one_line
from app.societies.models import Society


class Part(Form):
    """A part of the form; its whole carries the token."""

    class Meta(Form.Meta):
        csrf = False


class TextsForm(Part):
    """The texts of a sheet in one language."""

    title = StringField(
        _l("Title"), [one_line],
        description=_l("Empty: the title of the scheme, or “Certificate of attendance”."),
    )  # fmt: skip
    lead = StringField(
        _l("Before the name"), [one_line],
        description=_l("Such as “is awarded jointly by {societies} to”. Empty: our words."),
    )  # fmt: skip
    citation = StringField(
        _l("After the name"), [one_line],
        description=_l("Such as “who has completed edition {edition}”. Empty: our words."),
    )  # fmt: skip
    note = StringField(_l("Note at the foot"), [one_line], description=_l("Empty: our words."))


class SignatoryForm(Part):
    """Who signs for a society, when it is not the president in office."""

    name = StringField(_l("Name"), [one_line])
    office = StringField(_l("Office"), [one_line])


class DesignForm(Form):
    """A design; `chosen` is what it says."""

    sheet = RadioField(_l("Sheet"))
    background = SelectField(_l("Background"))
    ornament = StringField(_l("Ornament"), widget=ColorInput())
    ink = StringField(_l("Text"), widget=ColorInput())
    paper = StringField(_l("Paper"), widget=ColorInput())
    margin = IntegerField(
        _l("Margin in millimetres"),
        [Optional(), NumberRange(choices.LEAST_MARGIN, choices.MOST_MARGIN)],
        description=_l("From the edge of the paper to the ornament."),
    )
    other_language = SelectField(_l("Second language"))
    second = RadioField(_l("Where it stands"))
    en = FormField(TextsForm, _l("Texts in English"))
    other = FormField(TextsForm, _l("Texts in the second language"))
    order = FieldList(ChoiceField())
    signs = FieldList(FormField(SignatoryForm))
    supplement = BooleanField(_l("Add a supplement: what was learnt, in a table"))

    def shape(self, occasion: Occasion, societies: Sequence[Society]) -> None:
        """Offer what there is for this occasion and these societies."""
        sheets = [s for s in SHEETS.values() if str(occasion) in s.occasions]
        grounds = comparing.background_names()
        self.sheet.choices = [(s.code, s.name) for s in sheets]
        offered = dict.fromkeys(ground for s in sheets for ground in s.backgrounds)
        self.background.choices = [("", _l("As usual for the sheet"))]
        self.background.choices += [(code, grounds.get(code, code)) for code in offered]
        self.second.choices = list(comparing.second_names().items())
        self.other_language.choices = [("", _l("None: English alone"))]
        self.other_language.choices += [
            (code, name) for code, name in locale.languages() if code in choices.LANGUAGES[1:]
        ]
        self.other_language.description = comparing.translated_into()
        while len(self.signs) < len(societies):
            self.signs.append_entry()
        while len(societies) > 1 and len(self.order) < len(societies):
            self.order.append_entry()
        for number, place in enumerate(self.order, 1):
            place.label.text = _l("Place %(number)d", number=number)
            place.choices = [(s.code, s.short) for s in societies]

    def show(self, chosen: choices.Choices, societies: Sequence[Society]) -> None:
        """Fill in a design in normal form."""
        self.sheet.data = chosen["sheet"]
        usual = SHEETS[chosen["sheet"]].backgrounds[0]
        self.background.data = "" if chosen["background"] == usual else chosen["background"]
        for part in choices.COLOURS:
            self[part].data = chosen["colours"][part]
        self.margin.data, self.supplement.data = chosen["margin"], chosen["supplement"]
        other = chosen["languages"][1] if len(chosen["languages"]) > 1 else ""
        self.other_language.data, self.second.data = other, chosen["second"]
        for code, texts in (("en", self.en), (other, self.other)):
            for name, text in chosen["texts"].get(code, {}).items():
                texts.form[name].data = text
        codes = choices.ordered(chosen["order"], [s.code for s in societies])
        for place, code in zip(self.order, codes, strict=False):
            place.data = code
        for entry, society in zip(self.signs, societies, strict=False):
            signs = chosen["signatories"].get(society.code, {})
            entry.form.name.data, entry.form.office.data = signs.get("name"), signs.get("office")

    def chosen(self, societies: Sequence[Society]) -> dict[str, Any]:
        """What was chosen, as `app.designs.choices` takes it."""
        other = self.other_language.data
        texts = {"en": self.en.data} | ({other: self.other.data} if other else {})
        codes = [s.code for s in societies]
        order = [place.data or "" for place in self.order if len(codes) > 1][: len(codes)]
        sheet = SHEETS.get(self.sheet.data or "")
        has_ground = sheet is not None and self.background.data in sheet.backgrounds
        return {
            "sheet": self.sheet.data,
            "background": self.background.data if has_ground else "",
            "colours": {part: self[part].data for part in choices.COLOURS},
            "margin": self.margin.data,
            "languages": ["en", other] if other else ["en"],
            "second": self.second.data,
            "texts": {
                code: {name: text or "" for name, text in told.items() if name in choices.TEXTS}
                for code, told in texts.items()
            },
            "order": [] if order == codes or not any(order) else order,
            "signatories": {
                society.code: {
                    "name": entry.form.name.data or "",
                    "office": entry.form.office.data or "",
                }
                for society, entry in zip(societies, self.signs, strict=False)
                if entry.form.name.data or entry.form.office.data
            },
            "supplement": self.supplement.data,
        }

    def tell(self, faults: Sequence[choices.Fault], societies: Sequence[Society]) -> None:
        """Put each fault at its field."""
        for fault in faults:
            field = self._field(fault.key, [s.code for s in societies])
            if field is None:
                self.form_errors.append(fault.reason)
            else:
                field.errors = [*field.errors, fault.reason]

    def _field(self, key: str, codes: Sequence[str]) -> Field | None:
        place, _dot, rest = key.partition(".")
        code, _dot, name = rest.partition(".")
        if place == "texts":
            return (self.en if code == "en" else self.other).form[name]
        if place == "colours":
            return self[rest]
        if place == "signatories" and code in codes and name:
            return self.signs[codes.index(code)].form[name]
        if place == "order" and len(self.order):
            return self.order[0]
        names: Mapping[str, Field] = {"languages": self.other_language}
        return names.get(place) or (self[place] if place in self and place != "order" else None)


class TrialForm(Part):
    """Whose name a preview shows, and how much of the sheet."""

    holder = SelectField(_l("Name on the preview"))
    own_name = StringField(_l("Or any other name"), [at_most(200), one_line])
    societies = SelectField(_l("Number of societies"))
    page = SelectField(_l("Page"))
