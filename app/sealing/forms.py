"""The form in which signatures are handed in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from app.forms import Form


class SignaturesForm(Form):
    file = FileField(
        _l("Signatures"),
        [FileRequired(_l("Please choose the signature, or a ZIP of signatures."))],
        description=_l("One .sig file named after the diploma's serial, or a ZIP of many."),
    )
