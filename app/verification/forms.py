"""What a stranger can ask."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from app.credentials import serial as serials
from app.forms import Form, at_most
from app.verification.reading.sort import form_of

NO_SERIAL = _l(
    "This cannot be a serial of ours: it has 28 letters and digits, and the last two must fit the "
    "others. Please compare it once more."
)


class SerialForm(Form):
    """A serial, typed or read out."""

    serial = StringField(_l("Serial"), [InputRequired(_l("Please type the serial.")), at_most(100)])

    def validate_serial(self, field: StringField) -> None:
        if serials.read(field.data or "") is None:
            raise ValidationError(NO_SERIAL)


class FileForm(Form):
    """A file to examine: a PDF, a badge, or a credential by itself."""

    file = FileField(_l("The file"), [InputRequired(_l("Please choose the file."))])

    def validate_file(self, field: FileField) -> None:
        head = field.data.stream.read(4096)
        field.data.stream.seek(0)
        if form_of(head) == "other":
            raise ValidationError(
                _l(
                    "This is not a PDF, a badge or a credential. Please choose the file as it was "
                    "downloaded."
                )
            )


class NameForm(Form):
    """A name to compare with the holder's."""

    name = StringField(_l("Name"), [InputRequired(_l("Please type the name.")), at_most(200)])


class TableForm(Form):
    """A table of serials, or of serials and names."""

    table = FileField(_l("The table"), [InputRequired(_l("Please choose the table."))])


class KeyForm(Form):
    """Whose program will ask, and what for."""

    organisation = StringField(
        _l("Organisation"), [InputRequired(_l("Whose program will ask?")), at_most(200)]
    )
    purpose = StringField(_l("What for"), [at_most(300)])
