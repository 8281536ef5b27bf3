"""The shape of what officers type and choose."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from app.forms import Form, ManyField, at_most, one_line


class ListForm(Form):
    """A new list: its title, and whom it shall hold."""

    title = StringField(
        _l("Title of the list"),
        [InputRequired(_l("Give the list a title.")), at_most(120), one_line],
        description=_l("As the minutes of your boards will call it, such as “Autumn 2026”."),
    )
    candidacies = ManyField(
        _l("Candidates"), [InputRequired(_l("Choose at least one candidate."))], coerce=int
    )


class StrikeForm(Form):
    """Why a holder is taken off a list."""

    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Please give the reason.")), at_most(500)],
        description=_l("Kept with the list for the officers; the candidate may be told."),
    )
