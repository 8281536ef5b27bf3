"""What a scheme is and is not, in the words of its nature (decision 3 of the founding societies).

A certificate programme attests that its own training was completed; a certification attests that a
person meets requirements now, expires and is renewed.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.schemes.models import Edition, Nature, Scheme
from app.texts import gettext as _
from app.texts import ngettext


@dataclass(frozen=True)
class Wording:
    """How pages speak of a scheme."""

    nature: str
    what: str
    holder: str
    decides: str


def wording(scheme: Scheme) -> Wording:
    if scheme.nature is Nature.CERTIFICATION:
        return Wording(
            nature=_("Certification"),
            what=_(
                "A certification: the societies attest that a person meets these requirements "
                "now. It is valid for a time and then renewed."
            ),
            holder=_("Who holds it is certified."),
            decides=_("The certification body decides; the diploma names all who award it."),
        )
    return Wording(
        nature=_("Certificate programme"),
        what=_(
            "A certificate programme: its own webinars and courses, and a test of what they "
            "teach. The diploma says that a person has completed them."
        ),
        holder=_("Who holds it has completed the programme; it certifies no person."),
        decides=_("The certification body answers for it; the diploma names all who award it."),
    )


def disclaimer() -> str:
    """What every joint diploma says (decision 9)."""
    return _("It does not replace a national qualification and is not a licence to practise.")


def validity(edition: Edition) -> str:
    if edition.validity_years is None:
        return _("It does not expire.")
    return ngettext(
        "It is valid for one year from the day of issue.",
        "It is valid for %(num)d years from the day of issue.",
        edition.validity_years,
    )


def renewal(edition: Edition) -> str | None:
    """What must be done to renew it, or nothing."""
    if edition.renewal_credits is None or edition.renewal_years is None:
        return None
    credits = ngettext("one credit", "%(num)d credits", edition.renewal_credits)
    return ngettext(
        "By %(credits)s a year.",
        "By %(credits)s in every %(num)d years.",
        edition.renewal_years,
        credits=credits,
    )
