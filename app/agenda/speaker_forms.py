"""Speakers: who they are, and what they bring."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import Email, Optional, ValidationError

from app.agenda import words
from app.agenda.kinds import Part
from app.agenda.profiles import Release
from app.agenda.speakers import Named
from app.forms import Form, MarkdownField, at_most, one_line

LONGEST_BIOGRAPHY = 1000


class SpeakerForm(Form):
    """One row of the programme; an empty one is no speaker."""

    class Meta(Form.Meta):
        csrf = False

    name = StringField(_l("Name"), [at_most(120), one_line])
    affiliation = StringField(_l("Where from"), [at_most(160), one_line])
    part = SelectField(_l("Part"), choices=words.parts, default=str(Part.SPEAKER))
    address = EmailField(
        _l("E-mail address"),
        [
            Optional(),
            at_most(254),
            Email(_l("This does not look like an e-mail address."), allow_smtputf8=False),
        ],
    )

    def validate_name(self, field: StringField) -> None:
        if (self.affiliation.data or self.address.data) and not field.data:
            raise ValidationError(_l("Who is it? Name the speaker, or empty the row."))

    @property
    def named(self) -> Named:
        return Named(
            self.name.data or "", self.affiliation.data or "", Part(self.part.data),
            self.address.data or "",
        )  # fmt: skip


class IntroductionForm(Form):
    """What a speaker tells of themselves."""

    affiliation = StringField(
        _l("Where you are from"),
        [at_most(160), one_line],
        description=_l("Hospital, university or company, and the town."),
    )
    biography = MarkdownField(
        _l("Short biography"),
        [at_most(LONGEST_BIOGRAPHY)],
        description=_l("In the third person, up to 1,000 characters. Markdown is understood."),
    )
    photo = FileField(
        _l("Photograph"),
        description=_l(
            "PNG or JPEG, up to 8 MB. It is cut to a square and made small; where and when it was "
            "taken is not kept."
        ),
    )
    photo_alt = StringField(
        _l("What the photograph shows"),
        [at_most(200), one_line],
        description=_l("For those who cannot see it. Empty: “Portrait of” and your name."),
    )
    no_photo = BooleanField(_l("Show no photograph"))


class HandoutForm(Form):
    """A file for those who are enrolled."""

    file = FileField(
        _l("File"), description=_l("PDF, PPTX or ZIP, up to 20 MB. A presentation without macros.")
    )
    release = RadioField(
        _l("Who is enrolled may have it"),
        choices=[
            (str(Release.AFTERWARDS), _l("when the webinar is over")),
            (str(Release.AT_ONCE), _l("at once")),
        ],
        default=str(Release.AFTERWARDS),
    )

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_l("Please choose a file."))
