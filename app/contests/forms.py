"""The shape of a contest and of a ruling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateTimeLocalField, Field, RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.attendance.local_times import moments
from app.attendance.presence import Interval
from app.contests import words
from app.contests.contesting import Evidence
from app.file_names import clean_name
from app.files import files
from app.forms import Form, at_most

MOST_BYTES = 5 * 1024 * 1024
KINDS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
"""What evidence may be, recognised by how the file begins."""
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
FARTHEST = timedelta(days=366)
"""Nothing so far from the beginning belongs to a webinar; years out of every calendar neither."""


class ContestForm(Form):
    cause = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Please choose what comes closest."))],
        choices=lambda: [(str(cause), text) for cause, text in words.causes().items()],
    )
    account = TextAreaField(
        _l("Tell us more"),
        [InputRequired(_l("Please say in a sentence or two what happened.")), at_most(2000)],
        description=_l(
            "When you were there, under which name or number, with whom. "
            "The organisers of this webinar read it."
        ),
    )
    evidence = FileField(
        _l("Something that shows it"),
        description=_l("If you have it: a picture or a PDF of at most 5 MB, such as a screenshot."),
    )

    def validate_evidence(self, field: FileField) -> None:
        if not field.data:
            return
        content = field.data.stream.read()
        field.data.stream.seek(0)
        if len(content) > MOST_BYTES:
            raise ValidationError(_l("This file is larger than 5 MB."))
        if kind_of(content) is None:
            raise ValidationError(_l("Please choose a PNG or JPEG picture, or a PDF."))

    @property
    def proof(self) -> Evidence | None:
        """The file, kept under its digest; nothing when none came."""
        if not self.evidence.data:
            return None
        content = self.evidence.data.stream.read()
        kind = kind_of(content) or ""
        name = clean_name(
            self.evidence.data.filename or "", otherwise="evidence", ending=ENDINGS.get(kind)
        )
        return Evidence(files.keep(content), name, kind)


class RulingForm(Form):
    decision = RadioField(
        _l("Decision"),
        [InputRequired(_l("Please decide."))],
        choices=lambda: [
            ("grant", _l("Count this time as present")),
            ("refuse", _l("Leave it as measured")),
        ],
    )
    joined = DateTimeLocalField(_l("Present from"), [Optional()])
    left = DateTimeLocalField(_l("Present until"), [Optional()])
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Please give the reason; the learner reads it.")), at_most(2000)],
        description=_l("The learner reads it, and it stays with the ruling."),
    )

    def __init__(self, zone: str, starts: datetime, ends: datetime, **kwargs: Any) -> None:
        local = ZoneInfo(zone)
        filled = {"joined": starts.astimezone(local), "left": ends.astimezone(local)}
        super().__init__(data=filled, **kwargs)
        self._zone, self._starts, self._ends = local, starts, ends

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        return self.decision.data != "grant" or self._is_within()

    @property
    def stretch(self) -> Interval:
        """From when until when they were there, as far as it lies within the webinar."""
        meant = self._meant
        return Interval(max(meant.joined, self._starts), min(meant.left, self._ends))

    def _is_within(self) -> bool:
        if self.joined.data is None or self.left.data is None:
            text = _l("Please say from when until when they were there.")
            return _tell(self.joined if self.joined.data is None else self.left, text)
        for field, local in ((self.joined, self.joined.data), (self.left, self.left.data)):
            day = self._starts.astimezone(self._zone).date()
            if abs(local.date() - day) > FARTHEST:
                return _tell(field, _l("This lies outside the webinar."))
            if not moments(local, self._zone):
                text = _l("The clocks go forward that day and never show this time.")
                return _tell(field, text)
        joined, left = self._bounds
        if joined >= left:
            return _tell(self.left, _l("This is not after the beginning. Choose a later time."))
        meant = self._meant
        if meant.joined >= self._ends or meant.left <= self._starts:
            return _tell(self.left, _l("This lies outside the webinar."))
        return True

    @property
    def _meant(self) -> Interval:
        return Interval(*self._bounds)

    @property
    def _bounds(self) -> tuple[datetime, datetime]:
        """Where the clocks show a time twice, those of the larger stretch; not yet put in order."""
        assert self.joined.data and self.left.data
        return moments(self.joined.data, self._zone)[0], moments(self.left.data, self._zone)[-1]


def _tell(field: Field, text: str) -> bool:
    field.errors = [*field.errors, text]
    return False


def kind_of(content: bytes) -> str | None:
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
