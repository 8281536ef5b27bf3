"""Which reminders one wants."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.forms import Form, ManyField
from app.reminders.kinds import Kind


def kinds() -> list[Any]:
    return [
        (str(Kind.WEEK), _("A week before each session")),
        (str(Kind.DAY), _("A day before")),
        (str(Kind.HOUR), _("An hour before, with my link to join")),
        (str(Kind.AFTERWARDS), _("Afterwards, with material, recording and evaluation")),
    ]


class WishForm(Form):
    kinds = ManyField(_l("Write to me"), choices=kinds)

    @property
    def wanted(self) -> set[Kind]:
        return {Kind(one) for one in self.kinds.data or []}
