"""The shapes of a question, a reason, a reply, a poll and an answer to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from app.dialogue.models import LONGEST
from app.dialogue.polls import FEWEST, MOST, Poll
from app.forms import Form, ManyField, at_most, one_line


class AskForm(Form):
    text = TextAreaField(
        _l("Your question"), [InputRequired(_l("Please write your question.")), at_most(LONGEST)]
    )
    without_name = BooleanField(
        _l("Without my name"),
        description=_l("The others see no name. The organisers see who asked."),
    )


class HidingForm(Form):
    reason = StringField(
        _l("Why?"),
        [InputRequired(_l("Please say why it is hidden.")), at_most(300), one_line],
        description=_l("Whoever asked it reads this."),
    )


class ReplyForm(Form):
    text = TextAreaField(
        _l("Answer"),
        [at_most(1000)],
        description=_l("A few words for those who read it later. Empty: answered in the session."),
    )


class PollForm(Form):
    """A poll: its question, two to eight choices, and how it is answered."""

    text = TextAreaField(
        _l("Question"), [InputRequired(_l("Please write the question.")), at_most(300)]
    )
    takes_several = BooleanField(_l("Several choices may be ticked"))
    is_attention = BooleanField(
        _l("An attention poll"),
        description=_l(
            "Answering it proves presence, where the webinar counts polls as a proof. It can be "
            "opened only while the session runs."
        ),
    )

    @classmethod
    def of(cls, poll: Poll | None = None) -> PollForm:
        if poll is None:
            return cls()
        texts = {f"choice_{n}": text for n, text in enumerate(poll.choices, 1)}
        return cls(obj=poll, data=texts)

    @property
    def rows(self) -> list[Field]:
        return [self[f"choice_{n}"] for n in range(1, MOST + 1)]

    @property
    def choices(self) -> list[str]:
        return [row.data for row in self.rows if row.data]

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "text": self.text.data or "", "choices": self.choices,
            "takes_several": bool(self.takes_several.data),
            "is_attention": bool(self.is_attention.data),
        }  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        seen: set[str] = set()
        for row in self.rows:
            text = (row.data or "").casefold()
            if text and text in seen:
                row.errors = [*row.errors, str(_l("This choice stands here twice."))]
                valid = False
            seen.add(text)
        if len(self.choices) < FEWEST:
            empty = next(row for row in self.rows if not row.data)
            empty.errors = [*empty.errors, str(_l("Please give at least two choices."))]
            valid = False
        return valid


for _number in range(1, MOST + 1):
    _choice = StringField(_l("Choice %(number)d", number=_number), [at_most(120), one_line])
    setattr(PollForm, f"choice_{_number}", _choice)


def answer_form(poll: Poll, chosen: Sequence[int] = ()) -> Form:
    """The choices of a poll to tick: one of them, or several."""

    class AnswerForm(Form):
        @property
        def indexes(self) -> list[int]:
            ticked = self["chosen"].data
            return [int(one) for one in (ticked if isinstance(ticked, list) else [ticked])]

    numbered = [(str(index), text) for index, text in enumerate(poll.choices)]
    field = (
        ManyField(_l("Your answer"), [_some], choices=numbered)
        if poll.takes_several
        else RadioField(
            _l("Your answer"), [InputRequired(_l("Please choose an answer."))], choices=numbered
        )
    )
    setattr(AnswerForm, "chosen", field)  # noqa: B010
    ticked = [str(index) for index in chosen]
    kept: Any = ticked if poll.takes_several else next(iter(ticked), None)
    return AnswerForm(data={"chosen": kept})


def _some(form: Form, field: Field) -> None:
    if not field.data:
        raise ValidationError(str(_l("Please choose at least one answer.")))
