"""The shape of a reason."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from app.forms import Form, at_most, one_line


class WaiverForm(Form):
    reason = StringField(
        _l("Why is it accepted without an evaluation?"),
        [InputRequired(_l("Please give the reason.")), at_most(300), one_line],
        description=_l("It stands in the journal."),
    )
