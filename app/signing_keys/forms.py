"""What the desk asks for about signing keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cryptography.x509 import Certificate
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from app.clock import now
from app.errors import Refusal
from app.forms import Form, at_most, offered
from app.signing_keys import certificates
from app.signing_keys.models import Algorithm

FIRST_YEAR = 2000
LARGEST_FILE = 128 * 1024


class MakingForm(Form):
    """A seal that is made here, in our own keeping."""

    algorithm = RadioField(
        _l("Kind of key"),
        choices=[
            (str(Algorithm.ECDSA_P256), _l("ECDSA on P-256 (usual: short and fast)")),
            (str(Algorithm.RSA_3072), _l("RSA of 3072 bits (if your authority asks for it)")),
        ],
        default=str(Algorithm.ECDSA_P256),
    )
    starts = RadioField(
        _l("It signs"),
        choices=[
            ("now", _l("at once; the present seal is retired")),
            ("later", _l("once you put it in force, such as when its certificate has come")),
        ],
        default="now",
    )

    @property
    def chosen(self) -> Algorithm:
        return Algorithm(self.algorithm.data)

    @property
    def waits(self) -> bool:
        return "starts" in self and bool(self.starts.data == "later")


class TokenForm(MakingForm):
    """A seal that is made in a token."""

    token = SelectField(_l("Token"), [InputRequired(_l("Say which."))])

    def offer(self, labels: Sequence[str]) -> None:
        self.token.choices = offered([(label, label) for label in labels])


class ChainForm(Form):
    """A certificate with the chain above it."""

    file = FileField(
        _l("Certificate and chain"),
        [FileRequired(_l("Please choose the file that the authority sent you."))],
        description=_l(
            "PEM, DER or PKCS#7 (.p7b), in any order, with the certificates of the authorities "
            "above yours."
        ),
    )
    is_qualified = BooleanField(
        _l("It is a qualified certificate for electronic seals"),
        description=_l("Under eIDAS. Readers are told so; the certificate itself must say it too."),
    )

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            return
        content = field.data.stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValidationError(_l("This file is too large for certificates."))
        try:
            self._found = certificates.read(content)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None

    @property
    def found(self) -> list[Certificate]:
        return self._found


class RetirementForm(Form):
    """Why a key signs no longer."""

    reason = TextAreaField(
        _l("Reason"), [InputRequired(_l("Please give the reason.")), at_most(1000)]
    )


class CompromiseForm(Form):
    """Since when a key may be in other hands, and how one knows."""

    since = DateTimeLocalField(
        _l("Since when"),
        [InputRequired(_l("If you are not sure, take the earliest moment that is possible."))],
        description=_l("The earliest moment at which somebody else may have used it."),
    )
    reason = TextAreaField(
        _l("What happened"),
        [InputRequired(_l("Please say what happened.")), at_most(2000)],
        description=_l("Officers of your society and the platform's administrators read it."),
    )

    def __init__(self, zone: str) -> None:
        super().__init__()
        self._zone = ZoneInfo(zone)

    def validate_since(self, field: DateTimeLocalField) -> None:
        if field.data and field.data.year < FIRST_YEAR:
            raise ValidationError(_l("This moment is older than any key. Please give the year."))
        if field.data and self.moment > now():
            raise ValidationError(_l("This moment lies in the future."))

    @property
    def moment(self) -> datetime:
        assert self.since.data is not None
        return self.since.data.replace(tzinfo=self._zone)
