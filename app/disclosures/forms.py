"""The shape of a declaration and of its review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from app.disclosures import words
from app.disclosures.declaring import MOST_LINES, Declared, Exemption, Fault, Line, Nature
from app.disclosures.reviewing import Against, Verdict
from app.forms import Form, at_most, one_line

SPARE_ROWS = 2


class LineForm(Form):
    """One relationship; an empty row is none."""

    class Meta(Form.Meta):
        csrf = False

    company = StringField(_l("Company"), [at_most(160), one_line])
    nature = SelectField(_l("What ties you to it"), choices=lambda: [("", "—"), *words.natures()])
    words = StringField(
        _l("In words"),
        [at_most(160), one_line],
        description=_l("Needed where none of the list fits."),
    )
    ended_on = DateField(
        _l("Ended on"), [Optional()], description=_l("Empty as long as it goes on.")
    )

    def validate_company(self, field: StringField) -> None:
        if self.is_filled and not field.data:
            raise ValidationError(_l("Which company? Name it, or empty the row."))

    def validate_nature(self, field: SelectField) -> None:
        if self.company.data and not field.data:
            raise ValidationError(_l("What ties you to this company?"))

    @property
    def is_filled(self) -> bool:
        return any(f.data for f in (self.company, self.nature, self.words, self.ended_on))

    @property
    def line(self) -> Line:
        return Line(self.company.data or "", Nature(self.nature.data), self.words.data or "",
                    self.ended_on.data)  # fmt: skip


class DeclarationForm(Form):
    """What someone declares of the last 24 months."""

    answer = RadioField(
        _l("In the last 24 months"),
        [InputRequired(_l("Please say which of the two it is."))],
        choices=[
            ("none", _l("I have had no financial relationship of this kind")),
            ("some", _l("I have, or have had, the relationships below")),
        ],
    )
    lines = FieldList(FormField(LineForm), _l("Relationships"), max_entries=MOST_LINES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            self.spare()

    def spare(self) -> None:
        """Leave empty rows at the end."""
        for _ in range(min(SPARE_ROWS, MOST_LINES - len(self.lines.entries))):
            self.lines.append_entry()

    @property
    def _rows(self) -> list[LineForm]:
        return [row.form for row in self.lines if row.form.is_filled]

    @property
    def declared(self) -> Declared:
        return Declared(self.answer.data == "none", tuple(row.line for row in self._rows))

    def refuse(self, faults: Sequence[Fault]) -> bool:
        """Tell each fault at its field; whether there was any."""
        for fault in faults:
            number = getattr(fault, "number", None)
            field = self.answer if number is None else self._rows[number - 1][fault.field]
            field.errors = [*field.errors, str(fault)]
        return bool(faults)


def filled(declared: Declared | None) -> dict[str, Any]:
    """What a form starts with: what was declared last."""
    if declared is None:
        return {}
    return {
        "answer": "none" if declared.has_none else "some",
        "lines": [
            {"company": line.company, "nature": str(line.nature), "words": line.words,
             "ended_on": line.ended_on}
            for line in declared.lines
        ],
    }  # fmt: skip


class RecordForm(DeclarationForm):
    """A declaration that reached the staff in another way."""

    source = StringField(
        _l("Where does it come from?"),
        [InputRequired(_l("Say where it comes from.")), at_most(300), one_line],
        description=_l("Such as: signed form, by e-mail on 3 November."),
    )


class ReviewForm(Form):
    """What somebody who is not concerned thinks of a declaration."""

    seen = HiddenField()
    """The declaration that was looked at; another one may have followed."""
    decision = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Accept it or not?"))],
        choices=[("accept", _l("Accept")), ("refuse", _l("Do not accept"))],
    )
    mitigation = TextAreaField(
        _l("What was done, or why not"),
        [at_most(2000)],
        description=_l(
            "For example: slides reviewed by a colleague without relationships; the talk leaves "
            "out the products of the company. Needed where there are relationships."
        ),
    )
    exemption = RadioField(
        _l("Owner or employee: which exception applies?"),
        choices=words.exemptions,
        validate_choice=False,
        default="",
    )

    @property
    def verdict(self) -> Verdict:
        known = self.exemption.data in set(Exemption)
        return Verdict(
            is_accepted=self.decision.data == "accept",
            mitigation=self.mitigation.data or "",
            exemption=Exemption(self.exemption.data) if known else None,
        )

    def refuse(self, against: Sequence[Against]) -> bool:
        """Tell what stands against it at its field; whether anything did."""
        for one in against:
            self[one.field].errors = [*self[one.field].errors, str(one)]
        return bool(against)
