"""Moving and cancelling a webinar, with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    TextAreaField,
)
from wtforms.validators import InputRequired

from app.agenda.forms import HoursForm
from app.agenda.obstacles import Obstacle, Twice
from app.forms import Form, at_most


def reason_field(help: str) -> TextAreaField:
    return TextAreaField(
        _l("Reason"), [InputRequired(_l("Say why; it is told.")), at_most(500)], description=help
    )


class RescheduleForm(HoursForm):
    """Other hours for what is announced, and why."""

    reason = reason_field(
        _l("It stands on the page of the webinar and in the mail to everyone enrolled.")
    )

    def refuse(self, obstacles: Sequence[Obstacle | str]) -> bool:
        """Tell each obstacle at its field; whether there was any."""
        sessions = [one for one in obstacles if not isinstance(one, str)]
        for one in [*self.refuse_sessions(sessions), *(o for o in obstacles if isinstance(o, str))]:
            name = getattr(one, "field", "on")
            field = self[name if name in self else "on"]
            field.errors = [*field.errors, str(one)]
            if isinstance(one, Twice):
                self.fold.choices = one.choices
        return bool(obstacles)


class CancelForm(Form):
    """Why something that is announced does not take place."""

    reason = reason_field(_l("It stands on its page and in the mail to everyone enrolled."))
