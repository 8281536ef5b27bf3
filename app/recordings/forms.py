"""What is entered of a recording."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

from app.agenda.obstacles import MOST_WORK
from app.forms import Form, at_most, one_line
from app.recordings.publishing import Obstacle, Publication


class RecordingForm(Form):
    title = StringField(
        _l("Title of the course"),
        [InputRequired(_l("Please give it a title.")), at_most(200), one_line],
    )
    address = StringField(
        _l("Address of the recording"),
        [InputRequired(_l("Please say where the recording is kept.")), at_most(1000), one_line],
        description=_l("Learners get it as a link. It begins with https://."),
    )
    minutes = IntegerField(
        _l("Minutes of work"),
        [
            InputRequired(_l("Please say how long it takes.")),
            NumberRange(1, MOST_WORK, _l("Please give a number of minutes.")),
        ],
        description=_l("Watching it and taking the test."),
    )
    expires_on = DateField(
        _l("Last day to start"),
        [InputRequired(_l("Please give a day."))],
        description=_l("Who has started by then may finish."),
    )

    @property
    def publication(self) -> Publication:
        assert self.expires_on.data is not None
        assert self.minutes.data is not None
        return Publication(
            title=self.title.data or "", address=self.address.data or "",
            expires_on=self.expires_on.data, minutes=self.minutes.data,
        )  # fmt: skip

    def blame(self, found: Sequence[Obstacle]) -> bool:
        """Tell each obstacle at its field; whether there was none."""
        for one in found:
            field = self[one.field]
            field.errors = [*field.errors, str(one)]
        return not found
