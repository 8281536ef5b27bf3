"""How pages speak of relationships: companies by name and what ties someone to them, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.disclosures.declaring import Declared, Exemption, Line, Nature
from app.disclosures.standing import Standing, State
from app.texts import gettext as _


def nature(value: Nature) -> str:
    return dict(natures())[str(value)]


def natures() -> list[tuple[str, str]]:
    return [
        (Nature.EMPLOYEE.value, _("employee")),
        (Nature.OWNER.value, _("owner or member of the board")),
        (Nature.CONSULTANT.value, _("consultant or adviser")),
        (Nature.FEES.value, _("speaker's fees")),
        (Nature.GRANT.value, _("research grant")),
        (Nature.SHARES.value, _("shares")),
        (Nature.ROYALTIES.value, _("royalties or patents")),
        (Nature.OTHER.value, _("other, in words")),
    ]


def exemptions() -> list[tuple[str, str]]:
    return [
        (Exemption.UNRELATED.value,
         _("The content has nothing to do with the business or the products of the company.")),
        (Exemption.EARLY_SCIENCE.value,
         _("The content is basic science or discovery, without recommendations for care.")),
        (Exemption.SAFE_USE.value,
         _("They show how a device is used safely, and recommend no device.")),
        (Exemption.NOT_INELIGIBLE.value,
         _("The company neither makes nor sells products used by or on patients.")),
    ]  # fmt: skip


def exemption(value: Exemption) -> str:
    return dict(exemptions())[str(value)]


def tie(line: Line) -> str:
    """consultant or adviser; research grant, until 2025"""
    said = line.words if line.nature is Nature.OTHER else nature(line.nature)
    if line.words and line.nature is not Nature.OTHER:
        said = f"{said}, {line.words}"
    if line.ended_on is not None:
        return _("%(what)s, until %(year)d", what=said, year=line.ended_on.year)
    return said


def by_company(declared: Declared) -> list[tuple[str, str]]:
    """Each company once, with everything that ties someone to it."""
    ties: dict[str, list[str]] = {}
    for line in declared.lines:
        ties.setdefault(line.company, []).append(tie(line))
    return [(company, "; ".join(dict.fromkeys(all))) for company, all in ties.items()]


def state(value: State) -> tuple[str, str]:
    """The kind and the word by which a page shows a state."""
    return {
        State.MISSING: ("bad", _("not declared")),
        State.UNREVIEWED: ("gold", _("to be reviewed")),
        State.REFUSED: ("bad", _("not accepted")),
        State.ACCEPTED: ("good", _("accepted")),
    }[value]


@dataclass(frozen=True)
class Shown:
    """What learners read of a programme before they take part."""

    declared: Sequence[Standing]
    awaited: Sequence[Standing]

    @property
    def has_relationships(self) -> bool:
        return any(s.disclosure and not s.disclosure.has_none for s in self.declared)

    @property
    def in_short(self) -> str:
        """The sentence beside the button to enrol."""
        if self.awaited:
            return _("Not everyone on the programme has disclosed their relationships yet.")
        if self.has_relationships:
            return _("People on the programme have relationships with companies, disclosed below.")
        return _("Nobody on the programme has a financial relationship to disclose.")


def shown(standings: Sequence[Standing], *, is_required: bool) -> Shown | None:
    """What there is to show; nothing where nothing was asked and nobody has declared."""
    declared = [s for s in standings if s.is_accepted]
    if not declared and not is_required:
        return None
    return Shown(declared, [s for s in standings if not s.is_accepted] if is_required else [])
