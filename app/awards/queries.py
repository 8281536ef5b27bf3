"""The facts that a release weighs, and the lists of an officer's desk."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app import typefaces
from app.agreements.models import Scope, are_tied
from app.awards.content import canonical, digest
from app.awards.models import Award, AwardList
from app.awards.quorum import Case, Holder, Key, Party
from app.schemes.models import Candidacy, Edition
from app.schemes.queries import standings
from app.schemes.requirements import Standing
from app.societies.models import OFFICERS, Mandate
from app.texts import gettext as _


@dataclass(frozen=True)
class Ready:
    """A candidate on no list, and how they stand."""

    candidacy: Candidacy
    standings: tuple[Standing, ...]

    @property
    def lacks(self) -> list[Standing]:
        """What is not met."""
        return [standing for standing in self.standings if not standing.met]


@dataclass(frozen=True)
class Waiting:
    """Candidates of an edition on no list: those who may be awarded, and those who may not yet."""

    ready: list[Ready]
    not_yet: list[Ready]


def unlisted(edition_ids: Sequence[int] | Select[int]) -> Select[Candidacy]:
    """Candidates of these editions who stand on no list; corrections do not count as one."""
    listed = select(Award.candidacy_id).where(Award.struck_at.is_(None), Award.replaces.is_(None))
    return (
        select(Candidacy)
        .where(Candidacy.edition_id.in_(edition_ids), Candidacy.id.not_in(listed))
        .options(joinedload(Candidacy.person, innerjoin=True))
        .order_by(Candidacy.applied_at, Candidacy.id)
    )


def waiting(session: Session, edition: Edition, *, on: date) -> Waiting:
    """Who waits for an award under an edition."""
    candidacies = list(session.scalars(unlisted([edition.id])))
    standing = standings(session, edition, [c.person_id for c in candidacies], on=on)
    weighed = [Ready(c, standing[c.person_id]) for c in candidacies]
    return Waiting([one for one in weighed if not one.lacks], [one for one in weighed if one.lacks])


def evidence(standing: Sequence[Standing]) -> list[Any]:
    """What is kept of the evidence on an award."""
    return [
        {
            "requirement": str(s.required),
            "met_by": [d.proof if s.required.course_id else str(d) for d in s.evidence],
            "completions": [d.completion_id for d in s.evidence],
        }
        for s in standing
    ]


def holders(session: Session, award_list: AwardList, *, on: date) -> tuple[Holder, ...]:
    """Each holder on the list, weighed anew by the rules of the edition."""
    awards = award_list.standing_awards
    standing = standings(
        session, award_list.edition, [a.candidacy.person_id for a in awards], on=on
    )
    return tuple(
        Holder(
            a.candidacy.person_id,
            a.holder_name,
            (*_unprintable(a.holder_name), *_lacks(standing[a.candidacy.person_id])),
        )
        for a in awards
    )


def case(
    session: Session,
    award_list: AwardList,
    *,
    on: date,
    in_office: dict[tuple[int, int], Mandate] | None = None,
) -> Case:
    """Everything that a release weighs, as it stands in this transaction."""
    awarding = award_list.scheme.awarding
    if in_office is None:
        in_office = key_holders(session, [s.id for s in awarding], on=on)
    return Case(
        awarding=tuple(Party(s.id, s.short) for s in awarding),
        holders=holders(session, award_list, on=on),
        keys=keys_given(award_list, in_office.keys()),
        digest=award_list.digest,
        content_digest=digest(canonical(award_list)) if award_list.is_frozen else None,
        is_tied=are_tied(session, awarding, Scope.CERTIFICATION, on=on),
        is_released=award_list.is_released,
    )


def keys_given(award_list: AwardList, in_office: Set[tuple[int, int]]) -> tuple[Key, ...]:
    """Every approval, and whether its giver is among those who hold the office."""
    return tuple(
        Key(a.society_id, a.by_id, a.digest, (a.by_id, a.society_id) in in_office)
        for a in award_list.approvals
    )


def key_holders(
    session: Session, society_ids: Sequence[int], *, on: date
) -> dict[tuple[int, int], Mandate]:
    """Whoever may turn a key of these societies on a day, by (person, society)."""
    mandates = session.scalars(
        Mandate.in_force(on=on)
        .where(Mandate.society_id.in_(society_ids), Mandate.office.in_(OFFICERS))
        .order_by(Mandate.id.desc())
    )
    return {(m.person_id, m.society_id): m for m in mandates if m.society_id is not None}


def _unprintable(name: str) -> list[str]:
    return [
        _(
            "no typeface of the diploma holds the character “%(character)s” of this name",
            character=c,
        )
        for c in typefaces.lacking(name)
    ]


def _lacks(standing: Sequence[Standing]) -> list[str]:
    return [
        _("does not meet “%(requirement)s”", requirement=s.required) for s in standing if not s.met
    ]
