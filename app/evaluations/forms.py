"""The shapes of an evaluation as it is built, and as it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange

from app.agenda.models import Speaker
from app.dialogue.tallying import bits
from app.evaluations.kinds import FEWEST_CHOICES, MOST_CHOICES, STEPS, Kind, Wording
from app.evaluations.mixing import Said
from app.evaluations.models import EvaluationForm, EvaluationItem
from app.forms import Form, ManyField, at_most, one_line

NO_OPINION = "0"


def kinds() -> list[tuple[str, str]]:
    return [
        (str(Kind.SCALE), _("A scale from 1 to 5")),
        (str(Kind.SINGLE), _("One of several choices")),
        (str(Kind.SEVERAL), _("Any of several choices")),
        (str(Kind.TEXT), _("A text in their own words")),
    ]


class ItemForm(Form):
    """One thing to ask; a scale uses the two ends, a choice the rows of choices."""

    kind = RadioField(_l("How is it answered?"), choices=kinds, default=str(Kind.SCALE))
    text = StringField(
        _l("Question"), [InputRequired(_l("Please write the question.")), at_most(300), one_line]
    )
    low = StringField(_l("The lower end, 1"), [at_most(60), one_line])
    high = StringField(_l("The upper end, 5"), [at_most(60), one_line])
    per_speaker = BooleanField(
        _l("Ask it for each speaker"),
        description=_l("Each speaker sees only what is said of them."),
    )

    @classmethod
    def of(cls, item: EvaluationItem | None = None) -> ItemForm:
        if item is None:
            return cls()
        given: dict[str, Any] = {
            "kind": str(item.kind), "text": item.text, "per_speaker": item.per_speaker,
        }  # fmt: skip
        if item.kind is Kind.SCALE:
            given["low"], given["high"] = item.choices
        else:
            given |= {f"choice_{n}": text for n, text in enumerate(item.choices, 1)}
        return cls(data=given)

    @property
    def rows(self) -> list[Field]:
        return [self[f"choice_{n}"] for n in range(1, MOST_CHOICES + 1)]

    @property
    def wording(self) -> Wording:
        kind = Kind(self.kind.data)
        choices = {
            Kind.SCALE: (self.low.data or "", self.high.data or ""),
            Kind.TEXT: (),
        }.get(kind, tuple(row.data for row in self.rows if row.data))
        return Wording(kind, self.text.data or "", choices, bool(self.per_speaker.data))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.kind.data == Kind.SCALE:
            for end in (self.low, self.high):
                if not end.data:
                    valid = _say(end, _l("Please say what this end means."))
        if self.kind.data in {Kind.SINGLE, Kind.SEVERAL}:
            filled = [row for row in self.rows if row.data]
            seen: set[str] = set()
            for row in filled:
                if row.data.casefold() in seen:
                    valid = _say(row, _l("This choice stands here twice."))
                seen.add(row.data.casefold())
            if len(filled) < FEWEST_CHOICES:
                empty = next(row for row in self.rows if not row.data)
                valid = _say(empty, _l("Please give at least two choices."))
        return valid


for _number in range(1, MOST_CHOICES + 1):
    _choice = StringField(_l("Choice %(number)d", number=_number), [at_most(120), one_line])
    setattr(ItemForm, f"choice_{_number}", _choice)


class DaysForm(Form):
    days = IntegerField(
        _l("Days to answer"),
        [
            InputRequired(_l("Please say for how many days it can be answered.")),
            NumberRange(1, 90, _l("Please give a number of days from 1 to 90.")),
        ],
        description=_l("Counted from the end of the webinar."),
    )


class SourceForm(Form):
    """What to start from."""

    source = SelectField(_l("Start from"))

    def offer(
        self, templates: Sequence[EvaluationForm], others: Sequence[EvaluationForm]
    ) -> SourceForm:
        found = [("usual", _("The usual set, with what EACCME asks"))]
        found += [(str(one.id), _("Template: %(name)s", name=one.name)) for one in templates]
        found += [
            (str(one.id), _("Webinar: %(title)s", title=one.activity.title))
            for one in others
            if one.activity
        ]
        self.source.choices = found
        return self


class TemplateForm(Form):
    name = StringField(
        _l("Name of the template"), [InputRequired(_l("Please name it.")), at_most(80), one_line]
    )


@dataclass(frozen=True)
class Part:
    """An item as a field to answer, about a speaker or the whole."""

    item: EvaluationItem
    speaker: Speaker | None
    field: Field

    @property
    def said(self) -> Said | None:
        """The answer; none where somebody has no opinion or left a text empty."""
        item_id, speaker_id = self.item.id, self.speaker.id if self.speaker else None
        if self.item.kind is Kind.TEXT:
            return Said(item_id, speaker_id, text=self.field.data) if self.field.data else None
        if self.item.kind is Kind.SEVERAL:
            ticked = bits(int(one) for one in self.field.data or [])
            return Said(item_id, speaker_id, value=ticked) if ticked else None
        value = int(self.field.data)
        return Said(item_id, speaker_id, value=value) if value else None


class Answering(Form):
    """An evaluation to fill in."""

    parts: Sequence[Part] = ()

    @property
    def said(self) -> list[Said]:
        return [said for part in self.parts if (said := part.said)]


def answering(items: Sequence[EvaluationItem], speakers: Sequence[Speaker]) -> Answering:
    """One field for each item, and one for each speaker where it asks for each."""

    class Fields(Answering):
        pass

    named = list(_named(items, speakers))
    for name, item, _speaker in named:
        setattr(Fields, name, _field(item))
    form = Fields()
    form.parts = [Part(item, speaker, form[name]) for name, item, speaker in named]
    return form


def _named(
    items: Sequence[EvaluationItem], speakers: Sequence[Speaker]
) -> Iterator[tuple[str, EvaluationItem, Speaker | None]]:
    for item in items:
        if not item.per_speaker:
            yield f"item-{item.id}", item, None
        else:
            for speaker in speakers:
                yield f"item-{item.id}-{speaker.id}", item, speaker


def _field(item: EvaluationItem) -> Any:
    chosen = InputRequired(_l("Please choose, or say that you have no opinion."))
    nothing = (NO_OPINION, _("No opinion"))
    if item.kind is Kind.TEXT:
        return TextAreaField(item.text, [at_most(4000)])
    if item.kind is Kind.SEVERAL:
        listed = [(str(index), text) for index, text in enumerate(item.choices)]
        return ManyField(item.text, choices=listed)
    if item.kind is Kind.SCALE:
        steps = [(str(step), str(step)) for step in range(1, STEPS + 1)]
        return RadioField(item.text, [chosen], choices=[*steps, nothing])
    listed = [(str(number), text) for number, text in enumerate(item.choices, 1)]
    return RadioField(item.text, [chosen], choices=[*listed, nothing])


def _say(field: Field, text: object) -> bool:
    field.errors = [*field.errors, str(text)]
    return False
