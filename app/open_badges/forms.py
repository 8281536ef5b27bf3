"""What officers say when their society vouches for a scheme, or no longer does."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.forms import Form


class EndorsementForm(Form):
    """The society's own words."""

    comment = TextAreaField(
        _l("What your society says"),
        [
            InputRequired(_l("Please say in a sentence or two why your society vouches for it.")),
            Length(10, 600, _l("Please keep it between 10 and 600 characters.")),
        ],
        description=_l("Anyone can read it, and it cannot be changed later."),
    )


class WithdrawalForm(Form):
    """Why the society vouches no longer."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Please say why. The reason is kept for ever.")),
            Length(10, 600, _l("Please keep it between 10 and 600 characters.")),
        ],
    )
