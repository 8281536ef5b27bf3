"""What officers hand in about the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, ValidationError

from app.forms import Form
from app.societies.models import Society

LARGEST = 4096


class CountersignForm(Form):
    """For which society somebody signs."""

    society = HiddenField(validators=[InputRequired()])


class SignatureForm(Form):
    """A signature that was made elsewhere."""

    society = RadioField(_l("For which society"), [InputRequired(_l("Please choose the society."))])
    file = FileField(
        _l("The signature"),
        [InputRequired(_l("Please choose the file with the signature."))],
        description=_l("The file that your program wrote, as it is or in base64."),
    )

    def __init__(self, societies: Sequence[Society], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.society.choices = [(str(one.id), one.name) for one in societies]
        if self.society.data in {None, "None"} and len(societies) == 1:
            self.society.data = str(societies[0].id)

    def validate_file(self, field: FileField) -> None:
        size = len(field.data.stream.read(LARGEST + 1))
        field.data.stream.seek(0)
        if not 0 < size <= LARGEST:
            raise ValidationError(_l("This is no signature: it is empty or far too large."))
