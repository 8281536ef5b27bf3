"""Who may review a declaration, and what a review has to say.

A conflict of interest is resolved by someone who has no part in it: nobody on the programme, and
never the person whose declaration it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import object_session

from app.accounts.models import Person, normal
from app.agenda.models import Activity
from app.agenda.profiles import note
from app.agenda.speakers import Speaker
from app.disclosures.declaring import Exemption
from app.disclosures.models import Disclosure, Review
from app.errors import Refusal
from app.texts import gettext as _


@dataclass(frozen=True)
class Concerned:
    """The reviewer stands on the programme themselves."""

    field = "mitigation"
    name: str

    def __str__(self) -> str:
        return _(
            "You are on this programme, as %(name)s. Somebody who is not concerned has to review "
            "what its people declare.",
            name=self.name,
        )


@dataclass(frozen=True)
class OwnRecord:
    """The reviewer recorded the declaration on somebody's behalf."""

    field = "mitigation"

    def __str__(self) -> str:
        return _("You recorded this declaration yourself. Somebody else has to review it.")


@dataclass(frozen=True)
class Superseded:
    """Somebody has declared anew in the meantime."""

    field = "mitigation"

    def __str__(self) -> str:
        return _("There is a newer declaration. Please look at that one.")


@dataclass(frozen=True)
class WithoutMitigation:
    """Relationships are accepted and nobody says what was done about them."""

    field = "mitigation"

    def __str__(self) -> str:
        return _("Note what was done so that these relationships cannot colour the content.")


@dataclass(frozen=True)
class WithoutReason:
    """It is not accepted and nobody says why."""

    field = "mitigation"

    def __str__(self) -> str:
        return _("Say why it is not accepted: they read it on their page.")


@dataclass(frozen=True)
class WithoutExemption:
    """An owner or employee is accepted without a reason."""

    field = "exemption"

    def __str__(self) -> str:
        return _(
            "An owner or employee of a company takes part only by an exception. Say which applies."
        )


Against = Concerned | OwnRecord | Superseded | WithoutMitigation | WithoutReason | WithoutExemption


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a reviewer says."""

    is_accepted: bool
    mitigation: str = ""
    exemption: Exemption | None = None


def concern(person: Person, programme: Iterable[Speaker]) -> Concerned | None:
    """As whom a person stands on a programme: by their account, an address, or their name."""
    addresses = {one.address for one in person.addresses if one.is_confirmed}
    for speaker in programme:
        profile = speaker.profile
        is_linked = profile is not None and profile.person_id == person.id
        is_reached = bool(speaker.address) and normal(speaker.address) in addresses
        if is_linked or is_reached or _bare(speaker.name) == _bare(person.name):
            return Concerned(speaker.name)
    return None


def _bare(name: str) -> str:
    """A name without its titles, as far as two of them are compared."""
    words = [word for word in name.casefold().split() if not word.endswith(".")]
    return " ".join(word for word in words if word not in {"dr", "prof", "professor", "pd"})


def against_reviewing(
    disclosure: Disclosure, verdict: Verdict, *, by: Person, programme: Iterable[Speaker],
    is_latest: bool,
) -> list[Against]:  # fmt: skip
    """Every reason against a review; none means that it counts."""
    found: list[Against] = []
    if concerned := concern(by, programme):
        found.append(concerned)
    if disclosure.is_on_behalf and disclosure.by == by:
        found.append(OwnRecord())
    if not is_latest:
        found.append(Superseded())
    if verdict.is_accepted and not disclosure.has_none and not verdict.mitigation:
        found.append(WithoutMitigation())
    if not verdict.is_accepted and not verdict.mitigation:
        found.append(WithoutReason())
    needs_exemption = verdict.is_accepted and disclosure.declared.needs_exemption
    if needs_exemption and verdict.exemption is None:
        found.append(WithoutExemption())
    return found


def review(
    disclosure: Disclosure, verdict: Verdict, *, activity: Activity, by: Person, at: datetime,
    is_latest: bool,
) -> Review:  # fmt: skip
    """Say, as someone not concerned, what is to be thought of a declaration."""
    session = object_session(disclosure)
    assert session is not None
    Refusal.unless_none(
        against_reviewing(
            disclosure, verdict, by=by, programme=activity.speakers, is_latest=is_latest
        )
    )
    last = disclosure.review
    said = (verdict.is_accepted, verdict.mitigation, verdict.exemption)
    if last and (last.is_accepted, last.mitigation, last.exemption) == said:
        return last
    given = Review(
        disclosure=disclosure, is_accepted=verdict.is_accepted, mitigation=verdict.mitigation,
        exemption=verdict.exemption if disclosure.declared.needs_exemption else None, by=by, at=at,
    )  # fmt: skip
    session.add(given)
    note(disclosure.speaker, "disclosure.reviewed", at, by=by, on=disclosure,
         version=disclosure.version, accepted=verdict.is_accepted, mitigation=verdict.mitigation,
         exemption=verdict.exemption)  # fmt: skip
    return given
