"""What is said when a finding is settled."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.forms import Form


class SettlementForm(Form):
    """What it was, and what was done about it."""

    reason = TextAreaField(
        _l("What it was, and what was done"),
        [
            InputRequired(_l("Please say what it was and what was done.")),
            Length(10, 1000, _l("Please say it in one or two sentences, 10 to 1,000 characters.")),
        ],
    )
