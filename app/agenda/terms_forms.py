"""From when until when people may enrol, who, and what proves that they were there."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, RadioField, TextAreaField
from wtforms.validators import Optional, ValidationError

from app.agenda.entry import Terms
from app.agenda.models import Activity, Entry, Proof
from app.agenda.scheduling import moments
from app.forms import Form, ManyField, at_most

MOST_INVITED = 5000


class TermsForm(Form):
    """On which terms people come in."""

    zone = "UTC"
    registration_from = DateTimeLocalField(_l("Registration opens"), [Optional()])
    registration_until = DateTimeLocalField(_l("Registration closes"), [Optional()])
    entry = RadioField(
        _l("Who may enrol"),
        choices=[
            (str(Entry.EVERYONE), _l("Everyone")),
            (str(Entry.MEMBERS), _l("Members of these societies, by their own rosters")),
            (str(Entry.LISTED), _l("Those on a list of addresses")),
        ],
    )
    members_of = ManyField(_l("Members of"), coerce=int)
    invited = TextAreaField(
        _l("Addresses"),
        [at_most(300_000)],
        description=_l("One a line. Whoever has confirmed one of them in their account may enrol."),
    )

    def validate_registration_from(self, field: DateTimeLocalField) -> None:
        _exists(field.data, self.zone)

    validate_registration_until = validate_registration_from

    def validate_invited(self, field: TextAreaField) -> None:
        for number, line in enumerate((field.data or "").splitlines(), 1):
            if line.strip() and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", line.strip()):
                raise ValidationError(
                    _("Line %(number)d is no address: %(line)s", number=number, line=line[:80])
                )
        if len(self.addresses) > MOST_INVITED:
            raise ValidationError(_("At most %(most)d addresses.", most=MOST_INVITED))

    @property
    def addresses(self) -> frozenset[str]:
        lines = (self.invited.data or "").splitlines()
        return frozenset(line.strip().lower() for line in lines if line.strip())

    def terms(self, activity: Activity) -> Terms:
        entry = Entry(self.entry.data)
        return Terms(
            registration_from=_moment(self.registration_from.data, self.zone),
            registration_until=_moment(self.registration_until.data, self.zone),
            entry=entry,
            members_of=frozenset(self.members_of.data or ())
            if entry is Entry.MEMBERS
            else frozenset(),
            invited=self.addresses if entry is Entry.LISTED else frozenset(),
            has_credits=activity.has_credits,
            needs_evaluation=activity.needs_evaluation,
            proofs=activity.terms.proofs,
        )


class DraftTermsForm(TermsForm):
    """The same before the announcement, with what stands from then on."""

    has_credits = BooleanField(
        _l("It carries credits: everyone who speaks must have declared their interests first")
    )
    needs_evaluation = BooleanField(
        _l("The certificate waits until its holder has filled in the evaluation")
    )
    proofs = ManyField(
        _l("What proves presence"),
        choices=[
            (str(Proof.REPORT), _l("The report of the meeting platform")),
            (str(Proof.CODE), _l("Code words shown during the session")),
            (str(Proof.POLL), _l("Answers to polls of attention")),
        ],
        description=_l("Each that is ticked counts. It stands once this is announced."),
    )

    def validate_proofs(self, field: ManyField) -> None:
        if not field.data:
            raise ValidationError(_l("Tick at least one, or nobody could be shown to have come."))

    def terms(self, activity: Activity) -> Terms:
        terms = vars(super().terms(activity))
        return Terms(**{
            **terms,
            "has_credits": self.has_credits.data,
            "needs_evaluation": self.needs_evaluation.data,
            "proofs": tuple(Proof(one) for one in self.proofs.data or ()),
        })  # fmt: skip


def filled(activity: Activity) -> dict[str, Any]:
    terms = activity.terms
    return {
        "registration_from": _local(terms.registration_from, activity.zone),
        "registration_until": _local(terms.registration_until, activity.zone),
        "entry": str(terms.entry),
        "members_of": sorted(terms.members_of),
        "invited": "\n".join(sorted(terms.invited)),
        "has_credits": terms.has_credits,
        "needs_evaluation": terms.needs_evaluation,
        "proofs": [str(one) for one in terms.proofs],
    }


def _local(moment: datetime | None, zone: str) -> datetime | None:
    return moment and moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _moment(local: datetime | None, zone: str) -> datetime | None:
    """The moment of a wall-clock time; of two equal ones the first to open, as people expect."""
    return moments(local, zone)[0] if local else None


def _exists(local: datetime | None, zone: str) -> None:
    if local is not None and not moments(local, zone):
        raise ValidationError(_("The clocks skip this time on that day. Choose another."))
