"""What the pages of the agenda ask for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.forms import Form, ZoneField


class ZoneForm(Form):
    """Where the reader is."""

    zone = ZoneField(
        _l("Your time zone"),
        description=_l("Every time on Confer is shown in this zone, and says so."),
    )
