"""The shapes of a paper, of a question and of what a test asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from app.assessments.drawing import Asked, Item
from app.assessments.models import FEWEST_CHOICES, MOST_CHOICES, PASS_MARK, WAIT_HOURS
from app.forms import Form, at_most, one_line


def paper_form(asked: Sequence[Asked]) -> Form:
    """One set of radio buttons for each question of a paper; it has never seen the key."""

    class PaperForm(Form):
        @property
        def questions(self) -> list[Field]:
            return [self[f"question-{number}"] for number in range(1, len(asked) + 1)]

        @property
        def answers(self) -> list[int]:
            return [int(field.data) for field in self.questions]

        @property
        def unanswered(self) -> list[Field]:
            return [field for field in self.questions if field.errors]

    for number, question in enumerate(asked, 1):
        field = RadioField(
            _l("Question %(number)d", number=number),
            [InputRequired(_l("Please choose an answer."))],
            choices=[(str(index), text) for index, text in enumerate(question.choices)],
            description="",
        )
        setattr(PaperForm, f"question-{number}", field)
    return PaperForm()


class SettingsForm(Form):
    pass_mark = IntegerField(
        _l("Pass mark"),
        [
            InputRequired(_l("Please give the pass mark.")),
            NumberRange(1, 100, _l("Please give a number from 1 to 100.")),
        ],
        description=_l("Per cent of the questions. Most societies ask for 75."),
        default=PASS_MARK,
    )
    wait_hours = IntegerField(
        _l("Hours before another try"),
        [
            InputRequired(_l("Please say how many hours one waits.")),
            NumberRange(0, 24 * 30, _l("Please give a number of hours from 0 to 720.")),
        ],
        description=_l(
            "Counted from the moment a failed test was handed in. There is no limit of tries."
        ),
        default=WAIT_HOURS,
    )

    @property
    def asks_for(self) -> tuple[int, int]:
        """Pass mark and hours of waiting, once they are valid."""
        assert self.pass_mark.data is not None
        assert self.wait_hours.data is not None
        return self.pass_mark.data, self.wait_hours.data


class QuestionForm(Form):
    """A question, up to six answers, and which one is right; rows left empty do not count."""

    text = TextAreaField(
        _l("Question"), [InputRequired(_l("Please write the question.")), at_most(2000)]
    )
    choice_1 = StringField(_l("Answer 1"), [at_most(500), one_line])
    choice_2 = StringField(_l("Answer 2"), [at_most(500), one_line])
    choice_3 = StringField(_l("Answer 3"), [at_most(500), one_line])
    choice_4 = StringField(_l("Answer 4"), [at_most(500), one_line])
    choice_5 = StringField(_l("Answer 5"), [at_most(500), one_line])
    choice_6 = StringField(_l("Answer 6"), [at_most(500), one_line])
    right = RadioField(
        _l("The right answer"),
        [InputRequired(_l("Please mark the one answer that is right."))],
        choices=[(str(n), _l("Answer %(number)d", number=n)) for n in range(1, MOST_CHOICES + 1)],
    )

    @classmethod
    def of(cls, item: Item | None = None) -> QuestionForm:
        if item is None:
            return cls()
        texts = {f"choice_{n}": text for n, text in enumerate(item.choices, 1)}
        return cls(data={"text": item.text, "right": str(item.right + 1), **texts})

    @property
    def rows(self) -> list[Field]:
        return [self[f"choice_{n}"] for n in range(1, MOST_CHOICES + 1)]

    @property
    def item(self) -> Item:
        filled = [row for row in self.rows if row.data]
        marked = self.rows[int(self.right.data) - 1]
        return Item(self.text.data or "", tuple(row.data for row in filled), filled.index(marked))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return self._rows_are_fine() and valid

    def _rows_are_fine(self) -> bool:
        seen: set[str] = set()
        faults = 0
        for row in self.rows:
            if row.data and row.data.casefold() in seen:
                faults += _say(row, _l("This answer stands here twice."))
            seen.add((row.data or "").casefold())
        empty = [row for row in self.rows if not row.data]
        if MOST_CHOICES - len(empty) < FEWEST_CHOICES:
            faults += _say(empty[0], _l("Please give at least two answers to choose from."))
        marked = self.right.data
        if not self.right.errors and marked and not self.rows[int(marked) - 1].data:
            faults += _say(self.right, _l("The answer marked as right is empty."))
        return not faults


def _say(field: Field, text: object) -> int:
    field.errors = [*field.errors, str(text)]
    return 1
