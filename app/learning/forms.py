"""The shape of a lesson."""

from __future__ import annotations

from typing import TypedDict

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from app.forms import Form, MarkdownField, at_most, one_line
from app.learning.models import Direction

LONGEST_TEXT = 100_000


class LessonText(TypedDict):
    title: str
    body: str
    minutes: int


class LessonForm(Form):
    title = StringField(
        _l("Title"),
        [InputRequired(_l("Please give the lesson a title.")), at_most(200), one_line],
    )
    minutes = IntegerField(
        _l("Minutes"),
        [
            InputRequired(_l("Please say how many minutes it takes.")),
            NumberRange(1, 600, _l("Please give a number of minutes from 1 to 600.")),
        ],
        description=_l("How long reading and trying it out takes most people."),
        default=15,
    )
    body = MarkdownField(
        _l("Text"),
        [InputRequired(_l("Please write the text of the lesson.")), at_most(LONGEST_TEXT)],
        description=_l(
            "Markdown: ## heading, **strong**, *emphasis*, - list, [text](https://…), > quotation, "
            "and tables."
        ),
    )

    @property
    def text(self) -> LessonText:
        assert self.minutes.data is not None
        return {
            "title": self.title.data or "",
            "body": self.body.data or "",
            "minutes": self.minutes.data,
        }


class MoveForm(Form):
    direction = HiddenField(validators=[AnyOf(["up", "down"])])

    @property
    def way(self) -> Direction:
        return "up" if self.direction.data == "up" else "down"
